import type { ReactElement } from 'react';
import { formatDuration } from '../../ui/format.ts';
import type { TimelineBar } from './timeline-row.ts';
import styles from './timeline-panel.module.css';

/** Describes the bar under the pointer or with the focus. */
export function BarDetails(props: {
  readonly bar: TimelineBar | undefined;
  readonly from: number;
  readonly now: number;
  /** The id for the bar's `aria-describedby`. */
  readonly id: string;
}): ReactElement {
  const { bar, from, now, id } = props;
  if (bar === undefined) {
    return (
      <div id={id} className={styles['details']}>
        <p className={styles['hint']}>Point at a bar, or use the arrow keys to move between bars.</p>
      </div>
    );
  }
  return (
    <div id={id} className={styles['details']} data-tone={bar.tone} data-kind={bar.kind}>
      <h3 className={styles['detailsTitle']}>{bar.title}</h3>
      <dl className={styles['facts']}>
        <dt>{bar.kind === 'mark' ? 'At' : 'Starts at'}</dt>
        <dd>{formatDuration(bar.from - from)}</dd>
        {bar.kind !== 'mark' && (
          <>
            <dt>{bar.to === undefined ? 'Duration so far' : 'Duration'}</dt>
            <dd>{formatDuration((bar.to ?? now) - bar.from)}</dd>
          </>
        )}
        {bar.details.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

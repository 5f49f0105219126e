import type { ReactElement } from 'react';
import { formatDuration } from '../../ui/format.ts';
import type { TimelineBar } from './timeline-of.ts';
import styles from './timeline-panel.module.css';

/** What the bar under the pointer, or with the focus, stands for. */
export function BarDetails(props: {
  readonly bar: TimelineBar | undefined;
  readonly from: number;
  readonly now: number;
  /** By which the bar names this as its description. */
  readonly id: string;
}): ReactElement {
  const { bar, from, now, id } = props;
  if (bar === undefined) {
    return (
      <div id={id} className={styles['details']}>
        <p className={styles['hint']}>Point at a bar, or walk through them with the arrow keys.</p>
      </div>
    );
  }
  return (
    <div id={id} className={styles['details']} data-tone={bar.tone} data-kind={bar.kind}>
      <h3 className={styles['detailsTitle']}>{bar.title}</h3>
      <dl className={styles['facts']}>
        <dt>{bar.kind === 'mark' ? 'At' : 'Begins at'}</dt>
        <dd>{formatDuration(bar.from - from)}</dd>
        {bar.kind !== 'mark' && (
          <>
            <dt>{bar.to === undefined ? 'So far' : 'Takes'}</dt>
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

import type { ReactElement } from 'react';
import { JsonView } from '../../ui/json-view.tsx';
import { formatDuration, shortId } from '../../ui/format.ts';
import type { TimelineBar } from './timeline-row.ts';
import styles from './timeline-panel.module.css';

/** Describes a bar, and shows the JSON of the call or the request. */
export function BarDetails(props: {
  readonly bar: TimelineBar | undefined;
  /** The label of the bar's row. */
  readonly row: string;
  /** The call, the request or the response of the bar. */
  readonly json: unknown;
  readonly from: number;
  readonly now: number;
  /** The id for the bar's `aria-describedby`. */
  readonly id: string;
}): ReactElement {
  const { bar, row, json, from, now, id } = props;
  if (bar === undefined) {
    return (
      <div id={id} className={styles['details']}>
        <p className={styles['hint']}>The bars appear when the first request is sent.</p>
      </div>
    );
  }
  return (
    <div id={id} className={styles['details']} data-tone={bar.tone} data-kind={bar.kind}>
      <h3 className={styles['detailsTitle']}>{bar.kind === 'band' ? `${row}: ${bar.title}` : bar.title}</h3>
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
            <dd title={value}>{name === 'Response' ? shortId(value) : value}</dd>
          </div>
        ))}
      </dl>
      {json !== undefined && <JsonView value={json} label={`${bar.title} as JSON`} />}
    </div>
  );
}

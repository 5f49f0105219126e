import type { ReactElement } from 'react';
import type { Tone } from '../../ui/run-status-text.ts';
import type { TimelineBar } from './timeline-row.ts';
import styles from './legend.module.css';
import bars from './timeline-panel.module.css';

const entries: readonly {
  readonly label: string;
  readonly kind: TimelineBar['kind'];
  readonly tone: Tone;
}[] = [
  { label: 'queued', kind: 'band', tone: 'queued' },
  { label: 'in progress', kind: 'band', tone: 'working' },
  { label: 'create', kind: 'request', tone: 'good' },
  { label: 'stream', kind: 'request', tone: 'working' },
  { label: 'poll', kind: 'poll', tone: 'still' },
  { label: 'wait', kind: 'wait', tone: 'still' },
  { label: 'tool', kind: 'tool', tone: 'tools' },
  { label: 'waiting for you', kind: 'person', tone: 'person' },
  { label: 'broken', kind: 'request', tone: 'bad' },
];

/** Explains the colours of the timeline. */
export function Legend(): ReactElement {
  return (
    <ul className={styles['legend']} aria-label="Colours">
      {entries.map(({ label, kind, tone }) => (
        <li key={label} className={styles['entry']}>
          <span className={`${bars['bar']} ${styles['sample']}`} data-kind={kind} data-tone={tone} />
          {label}
        </li>
      ))}
    </ul>
  );
}

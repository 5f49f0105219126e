import type { ReactElement } from 'react';
import type { Tone } from '../../ui/run-status-text.ts';
import type { TimelineBar } from './timeline-row.ts';
import styles from './legend.module.css';
import barStyles from './timeline-panel.module.css';

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
  { label: 'cancel', kind: 'request', tone: 'still' },
  { label: 'wait', kind: 'wait', tone: 'still' },
  { label: 'tool', kind: 'tool', tone: 'tools' },
  { label: 'waiting for you', kind: 'person', tone: 'person' },
  { label: 'failed tool', kind: 'tool', tone: 'bad' },
  { label: 'broken', kind: 'request', tone: 'bad' },
];

/** Whether an entry explains a bar. A broken bar keeps its colour, and has a red end. */
function explains(entry: (typeof entries)[number], bar: TimelineBar): boolean {
  const isFailed = bar.tone === 'bad' || bar.isBroken;
  if (entry.tone === 'bad') return isFailed && (entry.kind === 'tool') === (bar.kind === 'tool');
  return entry.kind === bar.kind && entry.tone === bar.tone;
}

/** Explains the colours of the bars on the screen. */
export function Legend({ bars }: { readonly bars: readonly TimelineBar[] }): ReactElement {
  const shown = entries.filter((entry) => bars.some((bar) => explains(entry, bar)));
  return (
    <ul className={styles['legend']} aria-label="Colours">
      {shown.map(({ label, kind, tone }) => (
        <li key={label} className={styles['entry']}>
          <span className={`${barStyles['bar']} ${styles['sample']}`} data-kind={kind} data-tone={tone} />
          {label}
        </li>
      ))}
    </ul>
  );
}

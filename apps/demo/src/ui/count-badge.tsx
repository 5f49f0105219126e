import type { ReactElement } from 'react';
import type { Tone } from './run-status-text.ts';
import styles from './count-badge.module.css';

/** Shows how many things need attention. Nothing is shown for 0. */
export function CountBadge(props: {
  readonly count: number;
  readonly tone: Tone;
  /** The words after the number, for screen readers and as a hint. */
  readonly what: string;
}): ReactElement | null {
  const { count, tone, what } = props;
  if (count === 0) return null;
  return (
    <span className={styles['badge']} data-tone={tone} title={`${count} ${what}`}>
      {count}
      <span className="visually-hidden"> {what}</span>
    </span>
  );
}

import { useCountdown } from '@longhaul/react';
import type { ReactElement } from 'react';
import styles from './countdown.module.css';
import { formatDuration } from './format.ts';

/** Shows a ring that closes until `to`, with the remaining time as text. */
export function Countdown({ from, to }: { readonly from: number; readonly to: number }): ReactElement {
  const left = useCountdown(to, { intervalMs: 100 }) ?? to - from;
  const fraction = to <= from ? 1 : Math.min(1, Math.max(0, 1 - left / (to - from)));
  return (
    <span className={styles['countdown']}>
      <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
        <circle cx="8" cy="8" r="6" className={styles['track']} />
        <circle
          cx="8"
          cy="8"
          r="6"
          className={styles['ring']}
          pathLength={1}
          strokeDasharray={`${fraction} 1`}
        />
      </svg>
      <span className={styles['time']}>
        {left === 0 ? 'now' : `in ${formatDuration(Math.ceil(left / 100) * 100)}`}
      </span>
    </span>
  );
}

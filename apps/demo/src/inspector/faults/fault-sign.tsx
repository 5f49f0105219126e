import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { useServerIsAway } from '../../runner/server-contact.ts';
import { faultStateOptions } from '../../faults/fault-state.ts';
import styles from './fault-panel.module.css';

/** Shows the number of active faults. Without it, a held queue would look like a stuck run. */
export function FaultSign(): ReactElement | null {
  const isAway = useServerIsAway();
  const { data } = useQuery({ ...faultStateOptions, enabled: !isAway, refetchInterval: 4_000 });
  const count = data?.on.length ?? 0;
  if (count === 0) return null;
  return (
    <span className={styles['sign']}>
      {count}
      <span className="visually-hidden"> active</span>
    </span>
  );
}

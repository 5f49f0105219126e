import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { useServerIsAway } from '../../runner/server-contact.ts';
import { faultStateOptions } from '../../faults/fault-state.ts';
import { CountBadge } from '../../ui/count-badge.tsx';

/** Shows the number of active faults. Without it, a held queue would look like a stuck run. */
export function FaultSign(): ReactElement | null {
  const isAway = useServerIsAway();
  const { data } = useQuery({ ...faultStateOptions, enabled: !isAway, refetchInterval: 4_000 });
  return <CountBadge count={data?.on.length ?? 0} tone="bad" what="active" />;
}

import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { StatusPill } from '../ui/status-pill.tsx';
import { drivingText } from './driving-text.ts';
import { workerListOptions } from './worker-list.ts';

/** Shows which worker drives a run. Screen readers announce the change to another worker. */
export function DriverPill({ runId }: { readonly runId: string }): ReactElement {
  const { data } = useQuery(workerListOptions);
  const driving = data && drivingText(data, runId);
  return (
    <span role="status" aria-label="Driver">
      {driving !== undefined && (
        <StatusPill tone={driving.tone} quiet>
          {driving.text}
        </StatusPill>
      )}
    </span>
  );
}

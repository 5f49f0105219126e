import type { ReactElement } from 'react';
import { StatusPill } from '../ui/status-pill.tsx';
import { drivingText } from './driving-text.ts';
import { useWorkerList } from './use-worker-list.ts';

/**
 * Shows which worker drives a run. Screen readers announce the change to another worker. Without contact with the server,
 * the worker is not known.
 */
export function DriverPill({ runId }: { readonly runId: string }): ReactElement {
  const { list, isStale } = useWorkerList();
  const driving = list === undefined || isStale ? undefined : drivingText(list, runId);
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

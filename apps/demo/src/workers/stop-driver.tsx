import { useQuery } from '@tanstack/react-query';
import { CircleStop } from 'lucide-react';
import type { ReactElement } from 'react';
import { useServerIsAway } from '../runner/server-contact.ts';
import { Button } from '../ui/button.tsx';
import { useWorkerOrder } from './use-worker-order.ts';
import { workerListOptions } from './worker-list.ts';

/**
 * A button that kills the worker of a run. It stays in its place while no worker drives the run, so that a second click
 * does not reach another button, and keeps the focus.
 */
export function StopDriver({ runId }: { readonly runId: string }): ReactElement {
  const { data } = useQuery(workerListOptions);
  const order = useWorkerOrder();
  const isAway = useServerIsAway();
  const run = data?.runs.find((one) => one.runId === runId);
  const worker = run?.state === 'driven' && !isAway && !order.isPending ? run.worker : undefined;
  return (
    <Button
      look="quiet"
      aria-disabled={worker === undefined}
      title={
        worker === undefined
          ? 'No worker drives the run now'
          : 'Kills its process. The other worker continues the run'
      }
      onClick={() => {
        if (worker !== undefined) order.mutate({ action: 'stop', worker });
      }}
    >
      <CircleStop size={14} aria-hidden="true" /> Stop {worker === undefined ? 'worker' : `Worker ${worker}`}
    </Button>
  );
}

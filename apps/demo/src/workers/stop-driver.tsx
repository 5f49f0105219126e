import { CircleStop } from 'lucide-react';
import type { ReactElement } from 'react';
import { Button } from '../ui/button.tsx';
import { useWorkerList } from './use-worker-list.ts';
import { useWorkerOrder } from './use-worker-order.ts';

/**
 * A button that kills the worker of a run. It stays in its place while no worker drives the run, so that a second click
 * does not reach another button, and keeps the focus.
 */
export function StopDriver({ runId }: { readonly runId: string }): ReactElement {
  const { list, isStale } = useWorkerList();
  const order = useWorkerOrder();
  const run = list?.runs.find((one) => one.runId === runId);
  const worker = run?.state === 'driven' && !isStale && !order.isPending ? run.worker : undefined;
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

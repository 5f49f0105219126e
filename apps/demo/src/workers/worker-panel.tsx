import { useAgentRuns } from '@longhaul/react';
import type { ReactElement } from 'react';
import { Link } from 'wouter';
import { threadPath } from '../runner/loop-place.ts';
import { Button } from '../ui/button.tsx';
import { StatusPill } from '../ui/status-pill.tsx';
import { waitingText } from './driving-text.ts';
import { useWorkerOrder } from './use-worker-order.ts';
import { useWorkerList } from './use-worker-list.ts';
import type { ShownWorker } from './worker-list.ts';
import styles from './worker-panel.module.css';

/** A run that a worker drives. */
interface DrivenRun {
  readonly runId: string;
  readonly threadId: string;
  readonly title: string;
}

/**
 * Lists the worker processes, and what each drives. A worker can be killed, and started again. While the server does not
 * respond, the list shows the last known states as such.
 */
export function WorkerPanel(): ReactElement {
  const { list, isStale } = useWorkerList();
  const summaries = useAgentRuns({ limit: 200 }).data ?? [];
  if (list === undefined)
    return (
      <p role="status" className={styles['note']}>
        {isStale ? 'The workers could not be loaded. The page tries again.' : 'Loading…'}
      </p>
    );
  const drivenBy = (worker: number): DrivenRun[] =>
    list.runs
      .filter((run) => run.state === 'driven' && run.worker === worker)
      .flatMap(({ runId }) => {
        const summary = summaries.find((one) => one.runId === runId);
        if (summary === undefined) return [];
        return { runId, threadId: summary.threadId, title: summary.title ?? 'A conversation' };
      });
  const waiting = waitingText(list);
  return (
    <div className={styles['panel']} data-stale={isStale ? '' : undefined}>
      <p role="status" className={styles['note']}>
        {isStale && 'No contact with the server. These are the last known states.'}
      </p>
      <ul className={styles['workers']}>
        {list.workers.map((worker) => (
          <Row key={worker.number} worker={worker} runs={drivenBy(worker.number)} isStale={isStale} />
        ))}
      </ul>
      {waiting !== undefined && <p className={styles['waiting']}>{waiting}</p>}
    </div>
  );
}

function Row(props: {
  readonly worker: ShownWorker;
  readonly runs: readonly DrivenRun[];
  /** Whether the states may be out of date. */
  readonly isStale: boolean;
}): ReactElement {
  const { worker, runs, isStale } = props;
  const { number, isRunning } = worker;
  const order = useWorkerOrder();
  const name = `Worker ${number}`;
  const action = isRunning ? 'stop' : 'start';
  return (
    <li className={styles['worker']} aria-label={name}>
      <div className={styles['head']}>
        <StatusPill
          tone={isStale ? 'still' : isRunning ? 'good' : 'bad'}
          live={runs.length > 0 && !isStale}
          quiet
        >
          {name}
        </StatusPill>
        <span className={styles['state']}>{isRunning ? runs.length === 0 && 'idle' : 'stopped'}</span>
        <Button
          aria-label={`${isRunning ? 'Stop' : 'Start'} ${name}`}
          title={isRunning ? 'Kills its process (SIGKILL)' : 'Starts another process'}
          disabled={order.isPending || isStale}
          onClick={() => order.mutate({ action, worker: number })}
        >
          {isRunning ? 'Stop' : 'Start'}
        </Button>
      </div>
      {runs.length > 0 && (
        <ul className={styles['runs']} aria-label={`Runs of ${name}`}>
          {runs.map(({ runId, threadId, title }) => (
            <li key={runId}>
              <Link href={threadPath('server', threadId)} title={title}>
                {title}
              </Link>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

import { useAgentRuns } from '@longhaul/react';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { Link } from 'wouter';
import { threadPath } from '../runner/loop-place.ts';
import { Button } from '../ui/button.tsx';
import { StatusPill } from '../ui/status-pill.tsx';
import { waitingText } from './driving-text.ts';
import { useWorkerOrder } from './use-worker-order.ts';
import { workerListOptions, type ShownWorker } from './worker-list.ts';
import styles from './worker-panel.module.css';

/** A run that a worker drives. */
interface DrivenRun {
  readonly runId: string;
  readonly threadId: string;
  readonly title: string;
}

/** Lists the worker processes, and what each drives. A worker can be killed, and started again. */
export function WorkerPanel(): ReactElement | null {
  const { data } = useQuery(workerListOptions);
  const summaries = useAgentRuns({ limit: 200 }).data ?? [];
  if (data === undefined) return null;
  const drivenBy = (worker: number): DrivenRun[] =>
    data.runs
      .filter((run) => run.state === 'driven' && run.worker === worker)
      .flatMap(({ runId }) => {
        const summary = summaries.find((one) => one.runId === runId);
        if (summary === undefined) return [];
        return { runId, threadId: summary.threadId, title: summary.title ?? 'A conversation' };
      });
  const waiting = waitingText(data);
  return (
    <div className={styles['panel']}>
      <ul className={styles['workers']}>
        {data.workers.map((worker) => (
          <Row key={worker.number} worker={worker} runs={drivenBy(worker.number)} />
        ))}
      </ul>
      {waiting !== undefined && <p className={styles['waiting']}>{waiting}</p>}
    </div>
  );
}

function Row(props: { readonly worker: ShownWorker; readonly runs: readonly DrivenRun[] }): ReactElement {
  const { worker, runs } = props;
  const { number, isRunning } = worker;
  const order = useWorkerOrder();
  const name = `Worker ${number}`;
  const action = isRunning ? 'stop' : 'start';
  return (
    <li className={styles['worker']} aria-label={name}>
      <div className={styles['head']}>
        <StatusPill tone={isRunning ? 'good' : 'bad'} live={runs.length > 0} quiet>
          {name}
        </StatusPill>
        <span className={styles['state']}>{isRunning ? runs.length === 0 && 'idle' : 'stopped'}</span>
        <Button
          aria-label={`${isRunning ? 'Stop' : 'Start'} ${name}`}
          title={isRunning ? 'Kills its process (SIGKILL)' : 'Starts another process'}
          disabled={order.isPending}
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

import type { Tone } from '../ui/run-status-text.ts';
import type { RunDriving, WorkerList } from './worker-list.ts';

export interface DrivingText {
  readonly tone: Tone;
  readonly text: string;
}

/**
 * The worker of a run, or the reason why it has none, in a few words. Undefined if the run is over, or not known yet, or if
 * it waits because no worker runs: the status of the run says that.
 */
export function drivingText({ runs, workers }: WorkerList, runId: string): DrivingText | undefined {
  const run = runs.find((one) => one.runId === runId);
  return (
    run &&
    textOf(
      run,
      workers.some(({ isRunning }) => isRunning),
    )
  );
}

function textOf(run: RunDriving, hasWorker: boolean): DrivingText | undefined {
  switch (run.state) {
    case 'driven':
      return { tone: 'good', text: `Worker ${run.worker}` };
    case 'lost':
      return {
        tone: 'bad',
        text: hasWorker
          ? `Worker ${run.worker} was stopped. Another one takes over`
          : `Worker ${run.worker} was stopped`,
      };
    case 'queued':
      return hasWorker ? { tone: 'queued', text: 'Waits for a worker' } : undefined;
    case 'parked':
      return { tone: 'still', text: 'Waits without a process' };
    case 'halted':
      return { tone: 'bad', text: 'Halted' };
  }
}

/** A sentence about the runs that no worker drives. Undefined if there are none. */
export function waitingText({ runs }: WorkerList): string | undefined {
  const parts = [
    counted(runs.filter(({ state }) => state === 'parked').length, 'without a process'),
    counted(runs.filter(({ state }) => state === 'queued' || state === 'lost').length, 'for a worker'),
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : `${parts.join(', ')}.`;
}

function counted(count: number, what: string): string | undefined {
  if (count === 0) return undefined;
  return `${count === 1 ? '1 run waits' : `${count} runs wait`} ${what}`;
}

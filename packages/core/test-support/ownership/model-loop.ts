import { step, type LoopEvent, type ModelRun } from './model-run.ts';

/** The data that a loop sends to the store in one save. */
export interface Commit {
  readonly run: ModelRun;
  /** The event whose effect it saves. */
  readonly event: LoopEvent;
  /** Messages whose effect the save records: the store deletes them. */
  readonly received: readonly number[];
  /** Whether the save imports a run that the store does not have. */
  readonly imports: boolean;
}

/** The model of a run loop. It handles one event at a time and saves the result before the next event. */
export interface ModelLoop {
  readonly run: ModelRun;
  readonly queue: readonly LoopEvent[];
  /** The pending save. */
  readonly commit: Commit | null;
  readonly stopped: boolean;
  /** Whether the next save imports the run. */
  readonly imports: boolean;
}

export function newLoop(run: ModelRun, imports = false): ModelLoop {
  return { run, queue: [], commit: null, stopped: false, imports };
}

export function feedLoop(loop: ModelLoop, event: LoopEvent): ModelLoop {
  if (loop.stopped || ('id' in event && event.stored && isInLoop(loop, event.id))) return loop;
  return work({ ...loop, queue: [...loop.queue, event] });
}

/** Handles queued events up to the first one whose effect must be saved. */
function work(loop: ModelLoop): ModelLoop {
  const [event, ...queue] = loop.queue;
  if (loop.commit !== null || event === undefined) return loop;
  const run = step(loop.run, event);
  if (run.revision === loop.run.revision) return work({ ...loop, run, queue });
  const received = 'id' in event && event.stored ? [event.id] : [];
  return { ...loop, queue, commit: { run, event, received, imports: loop.imports } };
}

/** The loop after its pending save has succeeded. */
export function loopSaved(loop: ModelLoop): ModelLoop {
  return loop.commit === null ? loop : { ...loop, run: loop.commit.run, commit: null, imports: false };
}

export function continueLoop(loop: ModelLoop): ModelLoop {
  return loop.stopped ? loop : work(loop);
}

/** Stops the loop. A pending save is not aborted. */
export function stopLoop(loop: ModelLoop): ModelLoop {
  return { ...loop, stopped: true, queue: [] };
}

export function isIdle({ commit, queue, stopped }: ModelLoop): boolean {
  return stopped || (commit === null && queue.length === 0);
}

/** Whether the loop has been fed this message of the inbox and has not saved its effect yet. */
export function isInLoop({ queue, commit }: ModelLoop, id: number): boolean {
  const isQueued = queue.some((event) => 'id' in event && event.stored && event.id === id);
  return isQueued || commit?.received.includes(id) === true;
}

import { LonghaulError } from '../errors/longhaul-error.ts';
import { SnapshotError } from '../errors/snapshot-error.ts';

/** The number of attempts of a job after which its run is halted. */
export const mostAttempts = 20;

/** The time after which a run that this worker cannot read is tried again, maybe by a newer worker (Q6). */
const unreadableWaitMs = 60_000;

/** After this number of attempts, pg-boss repeats a failed job only after a minute. */
const quickAttempts = 6;

/**
 * The action of a worker for a run whose agent it does not have. Another worker may have the agent, so the job fails, and
 * pg-boss repeats it: after a second, then after twice the time. Later, the run is tried once a minute.
 */
export function withoutAgent(attempts: number): AfterStop {
  return attempts < quickAttempts ? { type: 'retry' } : { type: 'hand_back', waitMs: unreadableWaitMs };
}

/**
 * The action of a worker after it has stopped driving a run that is not over.
 *
 * - `nothing`: the job was completed when the run was parked.
 * - `forget`: completes the job, because the run was deleted.
 * - `drive_again`: loads the run again if this worker still has the job: another worker has saved the run since.
 * - `retry`: fails the job, so that it is retried after a delay.
 * - `hand_back`: another worker drives it, after `waitMs`.
 * - `halt`: the run waits until it is resumed.
 */
export type AfterStop =
  | { readonly type: 'nothing' | 'forget' | 'drive_again' | 'retry' }
  | { readonly type: 'hand_back'; readonly waitMs: number }
  | { readonly type: 'halt'; readonly reason: string };

/** Errors that do not depend on the run, and are transient. */
const transient: ReadonlySet<string> = new Set(['unavailable', 'context_failed', 'not_loaded']);

/**
 * Decides what a worker does after driving has stopped with an error.
 *
 * @param attempts The number of earlier attempts of the job.
 */
export function afterStop(error: unknown, attempts: number): AfterStop {
  const code = LonghaulError.isInstance(error) ? error.code : 'internal';
  const isNewer = [error, causeOf(error)].some(
    (one) => SnapshotError.isInstance(one) && one.code === 'newer_snapshot',
  );
  if (isNewer) return { type: 'hand_back', waitMs: unreadableWaitMs };
  switch (code) {
    case 'parked':
      return { type: 'nothing' };
    case 'not_found':
      return { type: 'forget' };
    case 'detached':
      return { type: 'hand_back', waitMs: 0 };
    case 'conflict':
    case 'driven_elsewhere':
      return { type: 'drive_again' };
  }
  if (transient.has(code))
    return attempts < mostAttempts ? { type: 'retry' } : { type: 'halt', reason: code };
  return { type: 'halt', reason: code };
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}

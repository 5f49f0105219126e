import type { RunState } from '../../engine/run-state.ts';

/**
 * The same for every send of one create, so that a server or proxy that looks at it can tell a repetition from a new
 * job. What a header cannot hold of a run's id is written as in a URL.
 */
export function idempotencyKey({ runId, iteration, attempts }: RunState): string {
  const id = runId.toWellFormed().replace(/[^\x21-\x7e]+/g, encodeURIComponent);
  return `${id}/${iteration}/${Math.max(0, attempts.length - 1)}`;
}

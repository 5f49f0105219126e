import type { RunState } from '../engine/run-state.ts';

/** The same for every send of one create, so that a server or proxy that looks at it can tell a repetition from a new job. */
export function idempotencyKey({ runId, iteration, attempts }: RunState): string {
  return `${runId}/${iteration}/${Math.max(0, attempts.length - 1)}`;
}

import type { RunState } from '../../engine/run-state.ts';

/**
 * The key of a create. It is the same each time the create is sent, so that a server or proxy can recognise a
 * repetition. Characters that a header cannot hold are percent-encoded.
 */
export function idempotencyKey({ runId, iteration, attempts }: RunState): string {
  const id = runId.toWellFormed().replace(/[^\x21-\x7e]+/g, encodeURIComponent);
  return `${id}/${iteration}/${Math.max(0, attempts.length - 1)}`;
}

import type { Run } from '@longhaul/core';

/**
 * Calls `ended` when the run is no longer driven or followed by its handle. The returned function stops waiting. A
 * pending `result()` cannot be abandoned, and in a page of a server it keeps the connection open.
 */
export function onceEnded(run: Run, ended: () => void): () => void {
  const events = run.events({ after: run.seq })[Symbol.asyncIterator]();
  let hasLeft = false;
  const read = async (): Promise<void> => {
    let isOver = false;
    while (!isOver) isOver = (await events.next()).done === true;
    if (!hasLeft) ended();
  };
  // Reading fails only if the runner is closed before it has loaded its code.
  read().catch(() => undefined);
  return () => {
    hasLeft = true;
    events.return?.().catch(() => undefined);
  };
}

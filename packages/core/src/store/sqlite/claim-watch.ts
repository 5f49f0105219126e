import type { Connection } from './connection.ts';
import { runIdOfKey } from './run-key.ts';

/** The interval at which the store looks for expired claims, in milliseconds. */
const lookEveryMs = 1_000;

/**
 * Looks regularly for claims of processes that have died, with one query for all. No process sends a notice of that.
 * Does not keep the process alive.
 *
 * @param expired Called with each run whose claim has expired.
 * @returns a function that ends this
 */
export function watchClaims(
  ask: Connection['ask'],
  nowMs: () => number,
  expired: (runId: string) => void,
): () => void {
  let isLooking = false;
  async function look(): Promise<void> {
    if (isLooking) return;
    isLooking = true;
    try {
      const runIds = await ask('look for expired claims', { type: 'expired', nowMs: nowMs() });
      for (const runId of runIds) expired(runIdOfKey(runId));
    } catch {
      // The next look tries again.
    } finally {
      isLooking = false;
    }
  }
  const timer = setInterval(() => void look(), lookEveryMs).unref();
  return () => clearInterval(timer);
}

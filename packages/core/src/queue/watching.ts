import { repeat } from '../clock/repeat.ts';
import type { Clock } from '../clock/clock.ts';
import type { WakeStore } from '../store/wake-store.ts';

/** The time for which a run counts as watched after a front has recorded it, in milliseconds. */
export const watchedForMs = 30_000;
/** How often a front records all its watched runs, in milliseconds. */
const renewEveryMs = 10_000;
/** How often a front looks for runs that are newly watched, in milliseconds. */
const lookEveryMs = 1_000;

/**
 * Records which runs of a front are watched, so that the workers stream their responses: with one statement for all, and
 * only while there are any.
 *
 * @param watched The runs that listeners or readers watch now.
 * @returns a function that ends this
 */
export function recordWatched(
  wakes: WakeStore,
  clock: Clock & { monotonic(): number },
  watched: () => readonly { readonly id: string }[],
): () => void {
  let known: ReadonlySet<string> = new Set();
  let renewedAt = Number.NEGATIVE_INFINITY;
  return repeat(
    clock,
    lookEveryMs,
    async () => {
      const runIds = watched().map(({ id }) => id);
      const now = clock.monotonic();
      const isNew = runIds.some((runId) => !known.has(runId));
      if (runIds.length === 0 || (!isNew && now - renewedAt < renewEveryMs)) return;
      try {
        await wakes.watchRuns(runIds, watchedForMs);
        known = new Set(runIds);
        renewedAt = now;
      } catch {
        // The next look tries again. Until then, the responses are polled.
      }
    },
    { unref: true },
  );
}

import type { WatchedRuns, WatchSetup } from './watch/watched-runs.ts';
import { LonghaulError } from '../errors/longhaul-error.ts';

/** The pauses between two attempts to load the code, in milliseconds. The last one repeats. */
const pausesMs = [500, 1_000, 2_000, 5_000, 10_000];

/**
 * Loads the code that sends requests and watches runs. It is a separate file, as the loop of `createRunner` is. Loading
 * is repeated until it succeeds, so that a page that is offline starts its runs later.
 *
 * @throws LonghaulError `detached` if the runner is closed before that
 */
export async function loadWatch(setup: WatchSetup, closed: AbortSignal): Promise<WatchedRuns> {
  for (let tries = 0; ; tries += 1) {
    const code = await import('./watch/watched-runs.ts').catch((error: unknown) => {
      if (tries === 2)
        console.error('The code of remoteRunner could not be loaded. It is tried again.', error);
    });
    if (code !== undefined && !closed.aborted) return new code.WatchedRuns(setup);
    if (closed.aborted) throw new LonghaulError('detached', 'The runner is closed.');
    const pauseMs = pausesMs[Math.min(tries, pausesMs.length - 1)];
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

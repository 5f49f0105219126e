import type { Clock } from './clock.ts';
import { abortReason } from './abort-reason.ts';

/**
 * Calls `what` every `everyMs` milliseconds, counted from the end of the last call.
 *
 * @returns a function that ends the repetition
 */
export function repeat(
  clock: Clock,
  everyMs: number,
  what: () => void | Promise<void>,
  options?: { readonly unref?: boolean },
): () => void {
  const ended = new AbortController();
  const loop = async (): Promise<void> => {
    for (;;) {
      await clock.sleep(everyMs, ended.signal, options);
      if (ended.signal.aborted) return;
      await what();
    }
  };
  void loop();
  return () => ended.abort(abortReason);
}

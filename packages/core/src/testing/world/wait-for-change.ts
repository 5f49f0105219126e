import type { Clock } from '../../clock/clock.ts';
import type { World } from './world.ts';

/**
 * Waits until a time (unless undefined), until `watch` reports a change of the response, or until the signal aborts.
 */
export async function waitForChange(
  world: World,
  clock: Clock,
  responseId: string,
  until: number | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (signal.aborted) return;
  const woken = new AbortController();
  const wake = (): void => woken.abort();
  const unwatch = world.watch(responseId, wake);
  signal.addEventListener('abort', wake);
  try {
    // Without a time no timer is set, so that a program without other work can exit.
    if (until !== undefined) await clock.sleep(until - clock.now(), woken.signal);
    else await new Promise<void>((resolve) => woken.signal.addEventListener('abort', () => resolve()));
  } finally {
    signal.removeEventListener('abort', wake);
    unwatch();
  }
}

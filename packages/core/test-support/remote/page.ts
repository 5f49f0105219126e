import { onTestFinished } from 'vitest';
import type { Clock } from '../../src/clock/clock.ts';
import { RemoteRunner } from '../../src/remote/remote-runner.ts';
import type { RemoteRunnerOptions } from '../../src/remote/remote-runner-options.ts';
import type { PageState } from '../../src/remote/watch/page-state.ts';
import type { ManualClock } from '../../src/testing/manual-clock.ts';

/** A page whose visibility and network a test changes. */
export class HandPage implements PageState {
  isVisible = true;
  readonly #watchers = new Set<{ readonly changed: () => void; readonly online: () => void }>();

  watch(changed: () => void, online: () => void): () => void {
    const watcher = { changed, online };
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  show(isVisible: boolean): void {
    this.isVisible = isVisible;
    for (const { changed } of this.#watchers) changed();
  }

  online(): void {
    for (const { online } of this.#watchers) online();
  }

  get watchers(): number {
    return this.#watchers.size;
  }
}

/** A runner that is closed at the end of the test. */
export function openPage(
  baseURL: string,
  options: Partial<RemoteRunnerOptions> = {},
  page: PageState = new HandPage(),
): RemoteRunner {
  const runner = new RemoteRunner({ baseURL, ...options }, page);
  onTestFinished(() => runner.close({ graceMs: 0 }));
  return runner;
}

/** Waits for a condition, while time passes about fifty times as fast as usual. */
export async function fastUntil(clock: ManualClock, isTrue: () => boolean): Promise<void> {
  while (!isTrue()) {
    await clock.advance(250);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/**
 * A clock of the machine whose pauses are at most `longestMs` long, so that tests do not wait for back-off. Time limits,
 * which are at least 30 s, are as long as usual.
 */
export function hastyClock(longestMs: number): Clock {
  return {
    now: () => Date.now(),
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, ms < 30_000 ? Math.min(ms, longestMs) : ms);
        signal?.addEventListener('abort', () => {
          clearTimeout(timer);
          resolve();
        });
      }),
  };
}

import type { Run } from '@longhaul/core';
import { focusManager } from '@tanstack/react-query';

interface ObservedView {
  readonly status: string;
  readonly text: string;
}

interface Observable<View extends ObservedView> {
  readonly view: View;
  subscribe(listener: () => void): () => void;
}

/** Milliseconds between two published views of a run whose text streams in. */
const defaultThrottleMs = 50;

/**
 * Watches a run and publishes its view at a rate that a screen can follow. A model writes hundreds of deltas a second;
 * rendering each of them would block input, and within one task React gives up with "Maximum update depth exceeded".
 *
 * The first delta of an iteration and every change of status are published at once, everything else at most once in
 * `throttleMs`. The last view is always published. Nothing here knows React: `subscribe` and `getSnapshot` have the
 * shape that `useSyncExternalStore` wants, and both are bound.
 */
export class RunObserver<View extends ObservedView = Run['view']> {
  readonly #run: Observable<View>;
  readonly #throttleMs: number;
  readonly #listeners = new Set<() => void>();
  #published: View;
  #publishedAt = Number.NEGATIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stop: (() => void) | undefined;

  constructor(run: Observable<View>, throttleMs: number = defaultThrottleMs) {
    this.#run = run;
    this.#throttleMs = throttleMs;
    this.#published = run.view;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    this.#stop ??= this.#start();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#stop?.();
      this.#stop = undefined;
    };
  };

  /** The view that was published last: the same object until the next is. */
  readonly getSnapshot = (): View => {
    // Without a listener nothing is published, and a snapshot from before would be shown as if it were new.
    if (this.#stop === undefined) this.#published = this.#run.view;
    return this.#published;
  };

  /** Publishes what there is, without waiting for the throttle. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { view } = this.#run;
    if (view === this.#published) return;
    this.#published = view;
    this.#publishedAt = performance.now();
    for (const listener of this.#listeners) listener();
  }

  #start(): () => void {
    this.#published = this.#run.view;
    const unsubscribe = this.#run.subscribe(() => this.#changed());
    // Browsers hold back the timers of a hidden tab, by up to a minute: one that is shown again catches up at once.
    const unsubscribeFocus = focusManager.subscribe((focused) => {
      if (focused) this.flush();
    });
    return () => {
      unsubscribe();
      unsubscribeFocus();
      clearTimeout(this.#timer);
      this.#timer = undefined;
    };
  }

  #changed(): void {
    const { view } = this.#run;
    const shown = this.#published;
    if (view.status !== shown.status || (shown.text === '' && view.text !== '')) {
      this.flush();
      return;
    }
    const waitMs = this.#publishedAt + this.#throttleMs - performance.now();
    // Not left to the timer alone: it comes late in a hidden tab, and while a stream keeps the thread busy.
    if (waitMs <= 0) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), waitMs);
  }
}

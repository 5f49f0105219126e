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

/** Minimum milliseconds between two published views while text is streaming. */
const defaultThrottleMs = 50;

/**
 * Observes a run and publishes its view at a limited rate. A model writes hundreds of deltas per second. Rendering each
 * of them would block input. For many updates within one task, React throws "Maximum update depth exceeded".
 *
 * The first text of an iteration and every change of status are published immediately, other changes at most once per
 * `throttleMs`. The last view is published unless all listeners have unsubscribed. The class uses no API of React.
 * `subscribe` and `getSnapshot` are bound and match `useSyncExternalStore`.
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

  /** The last published view. The same object until the next one is published. */
  readonly getSnapshot = (): View => {
    // Without a listener no view is published, so the last published view may be old.
    if (this.#stop === undefined) this.#published = this.#run.view;
    return this.#published;
  };

  /** Publishes the current view without waiting for the throttle. */
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
    // Browsers throttle the timers of a hidden tab to as little as one per minute, so publish when it becomes visible.
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
    // The timer alone is not enough: it fires late in a hidden tab, and while a stream keeps the thread busy.
    if (waitMs <= 0) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), waitMs);
  }
}

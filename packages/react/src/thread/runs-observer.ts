import type { Run, RunView } from '@longhaul/core';
import { RunObserver } from '../run-observer.ts';

/** Observes several runs. Publishes all their views when one of them publishes its view. */
export class RunsObserver {
  readonly #observers: readonly (RunObserver | undefined)[];
  #views: readonly (RunView | undefined)[] = [];

  constructor(runs: readonly (Run | undefined)[], throttleMs: number | undefined) {
    this.#observers = runs.map((run) => run && new RunObserver(run, throttleMs));
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    const ends = this.#observers.map((observer) => observer?.subscribe(listener));
    return () => {
      for (const end of ends) end?.();
    };
  };

  /** The last published view of each run. The same array until one of them changes. */
  readonly getSnapshot = (): readonly (RunView | undefined)[] => {
    const views = this.#observers.map((observer) => observer?.getSnapshot());
    const isSame =
      views.length === this.#views.length && views.every((view, index) => view === this.#views[index]);
    if (!isSame) this.#views = views;
    return this.#views;
  };
}

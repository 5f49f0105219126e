import type { CompleteJobs, Settled, Settlement, WakeStore } from '../store/wake-store.ts';
import { Gathered } from './gathered.ts';

/** Settles runs. Settlements that wait while a transaction is in progress share the next one. */
export class Settler {
  readonly #calls: Gathered<Settlement, Settled>;

  constructor(wakes: WakeStore, complete: CompleteJobs) {
    this.#calls = new Gathered((settlements) => wakes.settle(settlements, complete));
  }

  /** @throws StoreError */
  settle(settlement: Settlement): Promise<Settled> {
    return this.#calls.ask(settlement);
  }
}

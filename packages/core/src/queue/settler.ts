import type { CompleteJobs, Settled, Settlement, WakeStore } from '../store/wake-store.ts';

/** The number of settlements in one transaction. */
const mostTogether = 50;

interface Pending {
  readonly settlement: Settlement;
  readonly resolve: (settled: Settled) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Settles runs. Settlements that wait while a transaction is in progress share the next one, so that a busy worker needs
 * few transactions, and an idle one does not wait.
 */
export class Settler {
  readonly #wakes: WakeStore;
  readonly #complete: CompleteJobs;
  #pending: Pending[] = [];
  #isWorking = false;

  constructor(wakes: WakeStore, complete: CompleteJobs) {
    this.#wakes = wakes;
    this.#complete = complete;
  }

  /** @throws StoreError */
  settle(settlement: Settlement): Promise<Settled> {
    const { promise, resolve, reject } = Promise.withResolvers<Settled>();
    this.#pending.push({ settlement, resolve, reject });
    if (!this.#isWorking) void this.#work();
    return promise;
  }

  async #work(): Promise<void> {
    this.#isWorking = true;
    while (this.#pending.length > 0) {
      const batch = this.#pending.splice(0, mostTogether);
      await this.#settle(batch);
    }
    this.#isWorking = false;
  }

  async #settle(batch: readonly Pending[]): Promise<void> {
    try {
      const settlements = batch.map(({ settlement }) => settlement);
      const results = await this.#wakes.settle(settlements, this.#complete);
      for (const [index, { resolve }] of batch.entries()) resolve(results[index] ?? 'lost');
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}

import type { Clock } from '../../clock/clock.ts';
import { repeat } from '../../clock/repeat.ts';
import { errorMessage } from '../../errors/error-message.ts';
import type { StoreHint } from '../../ownership/ownership-event.ts';
import type { RunLook, RunNotice, RunStore } from '../../store/run-store.ts';
import type { JsonValue } from '../../wire/json.ts';

/** The delay between two queries of a store without notices, in milliseconds. */
const askEveryMs = 1_000;
/** The delay for a store with notices, in milliseconds. Some stores do not report that a claim has expired. */
const checkEveryMs = 15_000;

/** Receives notices, and the results of queries. */
export interface StoreListener {
  happened(runId: string, what: StoreHint): void;
  /** A process has saved a run that is not added, has posted a message for it, or has released its claim. */
  unknown(runId: string, what: 'saved' | 'posted' | 'released'): void;
  looked(look: RunLook): void;
  receiveLive(runId: string, message: JsonValue): void;
}

/**
 * Reports changes of runs by other processes: from the notices of the store if it has `watch`, and from regular
 * queries. If the store has `look`, one query covers all runs. A store without claims is not shared, so it is not
 * queried.
 */
export class StoreWatch {
  readonly #store: RunStore;
  readonly #clock: Clock;
  readonly #listener: StoreListener;
  readonly #runs = new Set<string>();
  /** The delay between two queries, in milliseconds. Undefined if no other process can reach the runs. */
  #everyMs: number | undefined;
  /** The result of `watch`. A custom store may return a promise. */
  readonly #watching: Promise<unknown>;
  #endLooking: (() => void) | undefined;

  constructor(store: RunStore, clock: Clock, listener: StoreListener) {
    this.#store = store;
    this.#clock = clock;
    this.#listener = listener;
    this.#everyMs = store.claim ? (store.watch ? checkEveryMs : askEveryMs) : undefined;
    this.#watching = this.#begin();
  }

  /** If `watch` fails, the store counts as one without notices. */
  async #begin(): Promise<unknown> {
    try {
      const watching: unknown = this.#store.watch?.((notice) => this.#receive(notice));
      return await watching;
    } catch (error) {
      console.warn(
        `\`watch\` of the store failed. The runner looks at the store regularly instead: ${errorMessage(error)}`,
      );
      this.#everyMs &&= askEveryMs;
      if (this.#endLooking) this.#startLooking();
      return undefined;
    }
  }

  #receive(notice: RunNotice): void {
    // A custom store may send any value. An error that is thrown here would end the store's listener, or the process.
    if (!this.#runs.has(notice?.runId)) {
      if (notice?.type === 'posted' || notice?.type === 'released' || notice?.type === 'saved')
        this.#listener.unknown(notice.runId, notice.type);
      return;
    }
    if (notice.type === 'live') this.#listener.receiveLive(notice.runId, notice.message);
    else if (notice.type !== 'woken') this.#listener.happened(notice.runId, notice.type);
  }

  add(runId: string): void {
    this.#runs.add(runId);
    if (!this.#endLooking) this.#startLooking();
  }

  remove(runId: string): void {
    this.#runs.delete(runId);
    if (this.#runs.size === 0) this.#stopLooking();
  }

  end(): void {
    void this.#watching.then((unwatch) => typeof unwatch === 'function' && unwatch()).catch(() => undefined);
    this.#runs.clear();
    this.#stopLooking();
  }

  async #look(): Promise<void> {
    const unseen = new Set(this.#runs);
    try {
      const looks = await this.#store.look?.([...unseen]);
      // A custom store may return any value.
      for (const look of Array.isArray(looks) ? looks : [])
        if (unseen.delete(look?.runId) && this.#runs.has(look.runId)) this.#listener.looked(look);
    } catch {
      // The next query tries again.
      return;
    }
    for (const runId of unseen) if (this.#runs.has(runId)) this.#listener.happened(runId, 'asked');
  }

  #startLooking(): void {
    this.#stopLooking();
    if (this.#everyMs !== undefined)
      this.#endLooking = repeat(this.#clock, this.#everyMs, () => this.#look());
  }

  #stopLooking(): void {
    this.#endLooking?.();
    this.#endLooking = undefined;
  }
}

import type { Clock } from '../../clock/clock.ts';
import { repeat } from '../../clock/repeat.ts';
import { errorMessage } from '../../errors/error-message.ts';
import type { StoreHint } from '../../ownership/ownership-event.ts';
import type { RunLook, RunNotice, RunStore } from '../../store/run-store.ts';
import type { JsonValue } from '../../wire/json.ts';

/** How often a store that cannot tell is asked whether something happened to the runs that live here. */
const askEveryMs = 1_000;
/** The same for one that can: it tells of no claim that runs out because its process is gone. */
const checkEveryMs = 15_000;

/** Who hears of it. */
export interface StoreListener {
  happened(runId: string, what: StoreHint): void;
  looked(look: RunLook): void;
  heard(runId: string, message: JsonValue): void;
}

/**
 * Tells what happens to runs elsewhere: from the store's own notices where it has them, else by looking from time to
 * time, as long as there are runs to look for and others could reach them. One look is for all of them, where the
 * store can.
 */
export class StoreWatch {
  readonly #store: RunStore;
  readonly #clock: Clock;
  readonly #listener: StoreListener;
  readonly #runs = new Set<string>();
  /** Undefined where no others could reach the runs. */
  #everyMs: number | undefined;
  /** What `watch` answered: a user's own may be async. */
  readonly #watching: Promise<unknown>;
  #endLooking: (() => void) | undefined;

  constructor(store: RunStore, clock: Clock, listener: StoreListener) {
    this.#store = store;
    this.#clock = clock;
    this.#listener = listener;
    this.#everyMs = store.claim ? (store.watch ? checkEveryMs : askEveryMs) : undefined;
    this.#watching = this.#begin();
  }

  /** Without notices a store is one that cannot tell. */
  async #begin(): Promise<unknown> {
    try {
      const watching: unknown = this.#store.watch?.((notice) => this.#heard(notice));
      return await watching;
    } catch (error) {
      console.warn(`The store gives no notices, and is asked instead: ${errorMessage(error)}`);
      this.#everyMs &&= askEveryMs;
      if (this.#endLooking) this.#startLooking();
      return undefined;
    }
  }

  #heard(notice: RunNotice): void {
    // Thrown in here, an error would end the store's own listener, or the process.
    if (!this.#runs.has(notice?.runId)) return;
    if (notice.type === 'live') this.#listener.heard(notice.runId, notice.message);
    else this.#listener.happened(notice.runId, notice.type);
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
      // A user's own store may answer anything.
      for (const look of Array.isArray(looks) ? looks : [])
        if (unseen.delete(look?.runId) && this.#runs.has(look.runId)) this.#listener.looked(look);
    } catch {
      // A store that cannot be read now is asked again.
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

import type { Clock } from '../clock/clock.ts';
import { repeat } from '../clock/repeat.ts';
import { within } from '../clock/within.ts';
import type { RunLook, RunStore } from '../store/run-store.ts';
import type { JsonValue } from '../wire/json.ts';

/** How often a store that cannot tell is asked whether something happened to the runs that live here. */
const askEveryMs = 1_000;
/** The same for one that can: it tells of no claim that runs out because its process is gone. */
const checkEveryMs = 15_000;
/** How long the answer is waited for before the question is asked again. */
const answerWithinMs = 30_000;

/** What may have happened to a run in the store; `asked`: anything. */
export type StoreHint = 'saved' | 'posted' | 'released' | 'asked';

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
  readonly #everyMs: number | undefined;
  #unwatch: (() => void) | undefined;
  #endAsking: (() => void) | undefined;

  constructor(store: RunStore, clock: Clock, listener: StoreListener) {
    this.#store = store;
    this.#clock = clock;
    this.#listener = listener;
    this.#everyMs =
      store.claim === undefined ? undefined : store.watch === undefined ? askEveryMs : checkEveryMs;
    this.#unwatch = store.watch?.((notice) => {
      if (!this.#runs.has(notice.runId)) return;
      if (notice.type === 'live') listener.heard(notice.runId, notice.message);
      else listener.happened(notice.runId, notice.type);
    });
  }

  add(runId: string): void {
    this.#runs.add(runId);
    if (this.#everyMs !== undefined)
      this.#endAsking ??= repeat(this.#clock, this.#everyMs, () => this.#ask());
  }

  remove(runId: string): void {
    this.#runs.delete(runId);
    if (this.#runs.size === 0) this.#stopAsking();
  }

  end(): void {
    this.#unwatch?.();
    this.#unwatch = undefined;
    this.#runs.clear();
    this.#stopAsking();
  }

  async #ask(): Promise<void> {
    if (this.#store.look === undefined) {
      for (const runId of this.#runs) this.#listener.happened(runId, 'asked');
      return;
    }
    await within(answerWithinMs, this.#clock, this.#look(), () => undefined);
  }

  async #look(): Promise<void> {
    try {
      const looks = (await this.#store.look?.([...this.#runs])) ?? [];
      for (const look of looks) if (this.#runs.has(look.runId)) this.#listener.looked(look);
    } catch {
      // A store that cannot be read now is asked again.
    }
  }

  #stopAsking(): void {
    this.#endAsking?.();
    this.#endAsking = undefined;
  }
}

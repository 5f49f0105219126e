import type { Clock } from '../clock/clock.ts';
import { repeat } from '../clock/repeat.ts';
import type { RunStore } from '../store/run-store.ts';
import type { JsonValue } from '../wire/json.ts';

/** How often a store that cannot tell is asked whether something happened to the runs that live here. */
const askEveryMs = 1_000;
/** The same for one that can: it tells of no claim that runs out because its process is gone. */
const checkEveryMs = 15_000;

/** What may have happened to a run in the store; `asked`: anything. */
export type StoreHint = 'saved' | 'posted' | 'released' | 'asked';

/**
 * Tells what happens to runs elsewhere: from the store's own notices where it has them, else by looking from time to
 * time, as long as there are runs to look for and others could reach them.
 */
export class StoreWatch {
  readonly #clock: Clock;
  readonly #happened: (runId: string, what: StoreHint) => void;
  readonly #runs = new Set<string>();
  /** Undefined where no others could reach the runs. */
  readonly #everyMs: number | undefined;
  #unwatch: (() => void) | undefined;
  #endAsking: (() => void) | undefined;

  constructor(
    store: RunStore,
    clock: Clock,
    happened: (runId: string, what: StoreHint) => void,
    heard: (runId: string, message: JsonValue) => void,
  ) {
    this.#clock = clock;
    this.#happened = happened;
    this.#everyMs =
      store.claim === undefined ? undefined : store.watch === undefined ? askEveryMs : checkEveryMs;
    this.#unwatch = store.watch?.((notice) => {
      if (!this.#runs.has(notice.runId)) return;
      if (notice.type === 'live') heard(notice.runId, notice.message);
      else happened(notice.runId, notice.type);
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

  #ask(): void {
    for (const runId of this.#runs) this.#happened(runId, 'asked');
  }

  #stopAsking(): void {
    this.#endAsking?.();
    this.#endAsking = undefined;
  }
}

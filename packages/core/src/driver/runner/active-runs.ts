import type { Clock } from '../../clock/clock.ts';
import type { RunStore } from '../../store/run-store.ts';
import type { LoopCode } from '../load-loop.ts';
import type { StoreListener, StoreWatch } from '../ownership/store-watch.ts';
import type { LocalRun } from './local-run.ts';

/**
 * The runs that this runner drives or follows, or that rest in it. They receive the store's notices. Several runs may
 * have one id, because `start` accepts the id of a run that this runner has.
 */
export class ActiveRuns {
  readonly #runs = new Map<string, Set<LocalRun>>();
  /** Its code loads with that of the loop, without which no run is driven or followed. */
  #watch: StoreWatch | undefined;
  readonly #store: RunStore;
  readonly #clock: Clock;
  readonly #listener: StoreListener;
  #isEnded = false;

  /**
   * @param notDriven Called when a run that is not driven here has a message, or its claim was released
   * @param noticed Called when a run of another process was saved, or its claim was released
   */
  constructor(
    store: RunStore,
    clock: Clock,
    notDriven: (runId: string, hasMessage: boolean) => void,
    noticed: (runId: string, what: 'saved' | 'released') => void,
  ) {
    this.#store = store;
    this.#clock = clock;
    this.#listener = {
      happened: (runId, hint) => {
        const runs = this.#of(runId);
        runs.forEach((run) => run.hint(hint));
        if (hint !== 'saved' && hint !== 'asked' && runs.every(({ mayDrive }) => !mayDrive))
          notDriven(runId, hint === 'posted');
      },
      unknown: (runId, what) => {
        if (what !== 'posted') noticed(runId, what);
        if (what !== 'saved') notDriven(runId, what === 'posted');
      },
      looked: (look) => this.#of(look.runId).forEach((run) => run.looked(look)),
      receiveLive: (runId, message) => this.#of(runId).forEach((run) => run.receiveLive(message)),
    };
  }

  /** Begins to watch the store. Called when the code of the loop is loaded. */
  watch({ StoreWatch: Watch }: Pick<LoopCode, 'StoreWatch'>): void {
    if (this.#isEnded) return;
    this.#watch = new Watch(this.#store, this.#clock, this.#listener);
    for (const runId of this.#runs.keys()) this.#watch.add(runId);
  }

  get all(): readonly LocalRun[] {
    return [...this.#runs.values()].flatMap((runs) => [...runs]);
  }

  #of(runId: string): readonly LocalRun[] {
    return [...(this.#runs.get(runId) ?? [])];
  }

  add(run: LocalRun): void {
    const runs = this.#runs.get(run.id);
    if (runs === undefined) this.#runs.set(run.id, new Set([run]));
    else runs.add(run);
    this.#watch?.add(run.id);
  }

  remove(run: LocalRun): void {
    const runs = this.#runs.get(run.id);
    if (runs?.delete(run) !== true || runs.size > 0) return;
    this.#runs.delete(run.id);
    this.#watch?.remove(run.id);
  }

  end(): void {
    this.#isEnded = true;
    this.#watch?.end();
  }
}

import type { Clock } from '../../../clock/clock.ts';
import { repeat } from '../../../clock/repeat.ts';
import { isTerminalRun } from '../../../engine/view/run-view.ts';
import type { DrivenRun } from '../../../run/driving-runner.ts';
import type { ServedRunner } from '../options/runs-options.ts';
import { ListedStatuses } from './listed-statuses.ts';

/** The interval at which the list of a connected visitor is read, for changes by other processes, in milliseconds. */
const pollMs = 15_000;
/** The number of newest runs whose changes by other processes are noticed. */
const noticedRuns = 100;

interface WatchedList {
  readonly statuses: ListedStatuses;
  readonly listeners: Set<() => void>;
  readonly endPolls: () => void;
}

/** Notices changes of the lists of connected visitors. */
export class OwnerLists {
  readonly #runner: ServedRunner;
  readonly #clock: Clock;
  readonly #lists = new Map<string, WatchedList>();
  /** The runs of this process that belong to a watched list. */
  readonly #runs = new Map<DrivenRun, () => void>();
  #unsubscribe: (() => void) | undefined;
  #willCheck = false;

  constructor(runner: ServedRunner, clock: Clock) {
    this.#runner = runner;
    this.#clock = clock;
  }

  /**
   * Calls `listener` after changes of the owner's list.
   *
   * @returns a function that ends the calls
   */
  watch(owner: string, listener: () => void): () => void {
    const list = this.#lists.get(owner) ?? this.#open(owner);
    list.listeners.add(listener);
    return () => {
      list.listeners.delete(listener);
      if (list.listeners.size === 0) this.#close(owner, list);
    };
  }

  /** The list has changed by a request to this process. */
  changed(owner: string): void {
    const { listeners } = this.#lists.get(owner) ?? {};
    for (const listener of listeners ?? []) listener();
  }

  #open(owner: string): WatchedList {
    const statuses = new ListedStatuses();
    const poll = async (): Promise<void> => {
      try {
        const listed = await this.#runner.list({ owner, limit: noticedRuns });
        if (statuses.replace(listed)) this.changed(owner);
      } catch {
        // The store is not available. The next poll notices the changes.
      }
    };
    const endPolls = repeat(this.#clock, pollMs, poll, { unref: true });
    void poll();
    const list = { statuses, listeners: new Set<() => void>(), endPolls };
    this.#lists.set(owner, list);
    this.#unsubscribe ??= this.#runner.subscribe(() => this.#checkSoon());
    this.#check();
    return list;
  }

  #close(owner: string, list: WatchedList): void {
    if (this.#lists.get(owner) !== list) return;
    this.#lists.delete(owner);
    list.endPolls();
    if (this.#lists.size === 0) {
      this.#unsubscribe?.();
      this.#unsubscribe = undefined;
    }
    this.#check();
  }

  /** Each request adds a run to the runner and removes it, so several changes are checked together. */
  #checkSoon(): void {
    if (this.#willCheck) return;
    this.#willCheck = true;
    queueMicrotask(() => {
      this.#willCheck = false;
      this.#check();
    });
  }

  #check(): void {
    const here = new Set(this.#lists.size === 0 ? [] : this.#runner.runs);
    for (const [run, unsubscribe] of this.#runs) {
      if (here.has(run) && this.#listOf(run) !== undefined) continue;
      unsubscribe();
      this.#runs.delete(run);
    }
    for (const run of here) {
      if (this.#runs.has(run) || this.#listOf(run) === undefined) continue;
      this.#runs.set(
        run,
        run.subscribe(() => this.#compare(run)),
      );
      this.#compare(run);
    }
  }

  #listOf({ owner }: DrivenRun): WatchedList | undefined {
    return owner === undefined ? undefined : this.#lists.get(owner);
  }

  #compare(run: DrivenRun): void {
    const statuses = this.#listOf(run)?.statuses;
    const { status } = run.view;
    // A page that reads old turns loads finished runs. That changes no list. A run that another process has just
    // finished is noticed by the next poll.
    if (statuses === undefined || (isTerminalRun(status) && !statuses.has(run.id))) return;
    if (statuses.record(run.id, status) && run.owner !== undefined) this.changed(run.owner);
  }
}

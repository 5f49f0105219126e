import { abortReason } from '../clock/abort-reason.ts';
import type { Clock } from '../clock/clock.ts';
import { ConfigurationError } from '../errors/configuration-error.ts';
import { isTerminalRun } from '../engine/view/run-view.ts';
import type { Settlement, TakenRun, WakeStore } from '../store/wake-store.ts';
import { mostAttempts, withoutAgent } from './after-stop.ts';
import type { HeldJobs, HeldRun } from './held-jobs.ts';
import { libraryVersion } from './library-version.ts';
import type { FetchedWake, WakeQueue } from './wake-queue.ts';

interface FetcherParts {
  readonly queue: WakeQueue;
  readonly wakes: WakeStore;
  readonly held: HeldJobs;
  readonly clock: Clock;
  /** The names of the agents whose runs this worker can drive. */
  readonly agents: ReadonlySet<string>;
  readonly slots: number;
  drive(run: HeldRun): void;
  /** Called after jobs were fetched. */
  fetched(): void;
  settle(settlement: Settlement): Promise<unknown>;
  report(error: unknown): void;
}

/** How often an idle worker looks for jobs, in milliseconds. Notices make it look earlier. */
const lookEveryMs = 500;
/** The number of jobs that one statement fetches. */
const mostFetched = 50;

/** Fetches jobs while the worker has free slots, and reads their runs. */
export class Fetcher {
  readonly #parts: FetcherParts;
  #soon = new AbortController();
  #looping: Promise<void> = Promise.resolve();
  readonly #unknownAgents = new Set<string>();

  constructor(parts: FetcherParts) {
    this.#parts = parts;
  }

  /** Fetches until the returned function is called. */
  start(): () => void {
    const ended = new AbortController();
    this.#looping = this.#loop(ended.signal);
    return () => {
      ended.abort(abortReason);
      this.fetchSoon();
    };
  }

  /** Resolves when no more jobs arrive, after the end. */
  ended(): Promise<void> {
    return this.#looping;
  }

  /** A job may wait. */
  fetchSoon(): void {
    this.#soon.abort(abortReason);
  }

  async #loop(ended: AbortSignal): Promise<void> {
    while (!ended.aborted) {
      // A hint that arrives during the fetch counts.
      this.#soon = new AbortController();
      const { signal } = this.#soon;
      const fetched = await this.fetchOnce().catch((error: unknown) => {
        this.#parts.report(error);
        return 0;
      });
      if (fetched === 0 || this.#free() === 0) await this.#parts.clock.sleep(lookEveryMs, signal);
    }
  }

  #free(): number {
    return Math.max(0, this.#parts.slots - this.#parts.held.size);
  }

  /** Fetches at most as many jobs as the worker has free slots. @returns the number of jobs */
  async fetchOnce(): Promise<number> {
    const { queue, wakes } = this.#parts;
    const most = Math.min(this.#free(), mostFetched);
    if (most === 0) return 0;
    const fetched = await queue.fetch(most);
    if (fetched.length === 0) return 0;
    const runs = await wakes.take(fetched.map(({ key }) => wakes.runIdOf(key)));
    const byId = new Map(runs.map((run) => [run.runId, run]));
    for (const wake of fetched) this.#take(wake, byId.get(wakes.runIdOf(wake.key)));
    this.#parts.fetched();
    return fetched.length;
  }

  #take(wake: FetchedWake, run: TakenRun | undefined): void {
    const { held, drive, clock, agents } = this.#parts;
    const job = { id: wake.id, retryCount: wake.retryCount };
    const runId = this.#parts.wakes.runIdOf(wake.key);
    const version = libraryVersion();
    // The run was deleted, is over, or waits until it is resumed.
    if (run === undefined || isTerminalRun(run.status) || run.isHalted)
      return this.#settle({ type: 'over', runId, job });
    // Another worker may have the agent.
    if (!agents.has(run.agent)) {
      this.#reportAgent(run.agent);
      const next = withoutAgent(wake.retryCount);
      if (next.type === 'hand_back')
        return this.#settle({ type: 'hand_back', runId, job, waitMs: next.waitMs });
      return void this.#parts.queue.fail(job).catch((error: unknown) => this.#parts.report(error));
    }
    if (wake.retryCount >= mostAttempts)
      return this.#settle({ type: 'halt', runId, job, reason: 'attempts', version });
    drive(held.add(run, job, clock.monotonic?.() ?? clock.now()));
  }

  #reportAgent(agent: string): void {
    if (this.#unknownAgents.has(agent)) return;
    this.#unknownAgents.add(agent);
    const message = `This worker has no agent ${JSON.stringify(agent)}, so it leaves its runs to other workers. Add the agent to \`agents\`.`;
    this.#parts.report(new ConfigurationError(message, { option: 'agents' }));
  }

  #settle(settlement: Settlement): void {
    this.#parts.settle(settlement).catch((error: unknown) => this.#parts.report(error));
  }
}

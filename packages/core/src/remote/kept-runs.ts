import { isTerminalRun } from '../engine/view/run-view.ts';
import { callListeners } from '../run/call-listeners.ts';
import type { RemoteRun } from './remote-run.ts';
import type { StartRequest } from './start-request.ts';

/** How many finished runs the runner keeps in memory. */
const keptRuns = 200;

/** The runs that a runner has started, resumed or followed and still keeps, in this order. */
export class KeptRuns {
  readonly #runs = new Map<string, RemoteRun>();
  readonly #listeners = new Set<() => void>();
  #list: readonly RemoteRun[] | undefined;

  /** The run of this id. A run that the server has refused to start is not the run of its id. */
  find(runId: string): RemoteRun | undefined {
    const run = this.#runs.get(runId);
    return run?.watched?.isRefused === true ? undefined : run;
  }

  get(runId: string): RemoteRun | undefined {
    return this.#runs.get(runId);
  }

  /** The request of a run that the server has refused to start. */
  refusedRequest(runId: string): StartRequest | undefined {
    const run = this.#runs.get(runId);
    return run?.watched?.isRefused === true ? run.request : undefined;
  }

  get all(): readonly RemoteRun[] {
    this.#list ??= [...this.#runs.values()];
    return this.#list;
  }

  get hasListeners(): boolean {
    return this.#listeners.size > 0;
  }

  subscribe(listener: () => void): () => void {
    // A function that is registered twice is called twice.
    const one = (): void => listener();
    this.#listeners.add(one);
    return () => this.#listeners.delete(one);
  }

  keep(run: RemoteRun): void {
    this.#runs.delete(run.id);
    this.#runs.set(run.id, run);
    const over = [...this.#runs.values()].filter(({ view }) => isTerminalRun(view.status));
    for (const one of over.slice(0, -keptRuns)) this.#runs.delete(one.id);
    this.notify();
  }

  forget(run: RemoteRun | undefined): void {
    if (run === undefined || this.#runs.get(run.id) !== run) return;
    this.#runs.delete(run.id);
    this.notify();
  }

  /** Calls the listeners: the runs here, or the visitor's runs at the server, have changed. */
  notify(): void {
    this.#list = undefined;
    callListeners(this.#listeners, 'runner');
  }
}

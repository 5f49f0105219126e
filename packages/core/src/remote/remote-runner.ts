import type { AgentRef } from '../agent/agent-ref.ts';
import { abortReason } from '../clock/abort-reason.ts';
import { emptyView } from '../engine/view/empty-view.ts';
import type { RunView } from '../engine/view/run-view.ts';
import { ConfigurationError } from '../errors/configuration-error.ts';
import { mustBe } from '../errors/must-be.ts';
import type { Run } from '../run/run.ts';
import type { RunInput } from '../run/run-input.ts';
import type { DeleteOptions, ResumeOptions, Runner, RunSummary, StartOptions } from '../run/runner.ts';
import { watchSignal } from '../run/watch-signal.ts';
import type { RunFilter, ThreadFilter, ThreadRun, ThreadSummary } from '../store/run-store.ts';
import { defined } from '../wire/defined.ts';
import { KeptRuns } from './kept-runs.ts';
import { loadWatch } from './load-watch.ts';
import { RemoteRun } from './remote-run.ts';
import { checkRemoteOptions, type RemoteRunnerOptions } from './remote-runner-options.ts';
import { continueRefused, refuseServerOptions, startRequest, type StartRequest } from './start-request.ts';
import type { PageState } from './watch/page-state.ts';
import type { WatchedRuns } from './watch/watched-runs.ts';

/**
 * Creates a runner for a page, whose runs are driven by a server with `createRunsHandler`. The page starts, watches and
 * decides about runs, and one connection serves all of them. The connection is open while runs, or the list of runs,
 * are observed: by listeners, readers of events, and pending `done()` or `result()`. A page that is hidden for 30 s
 * closes it and reads summaries until the page is visible again.
 *
 * @throws ConfigurationError for invalid options, and for a relative `baseURL` outside a page
 * @example
 * const runner = remoteRunner({ baseURL: '/api/longhaul' });
 * const { text } = await runner.start(supportAgent, 'Where is my order?').result();
 * @example
 * const runner = remoteRunner({
 *   baseURL: 'https://api.example.com/longhaul',
 *   headers: async () => ({ authorization: `Bearer ${await session.token()}` }),
 *   tools: [getLocation],
 * });
 */
export function remoteRunner(options: RemoteRunnerOptions): Runner {
  checkRemoteOptions(options);
  return new RemoteRunner(options);
}

/** A runner whose runs are driven by a server. */
export class RemoteRunner implements Runner {
  readonly #options: RemoteRunnerOptions;
  readonly #runs = new KeptRuns();
  readonly #loading: Promise<WatchedRuns>;
  #loaded: WatchedRuns | undefined;
  readonly #closing = new AbortController();

  /** `page`: the state of the page. @default the page that this code runs in */
  constructor(options: RemoteRunnerOptions, page?: PageState) {
    this.#options = options;
    this.#loading = loadWatch({ options, page, kept: this.#runs }, this.#closing.signal);
    this.#loading.then(
      (watched) => (this.#loaded = watched),
      () => undefined,
    );
  }

  start<A extends AgentRef>(agent: A, input: RunInput, options?: StartOptions<A>): Run<A>;
  start(agent: string, input: RunInput, options?: StartOptions): Run;
  start(which: AgentRef | string, input: RunInput, options: StartOptions = {}): Run {
    this.#mustBeOpen();
    const asked = startRequest(nameOf(which), input, options);
    const refused = this.#runs.refusedRequest(asked.continueFrom ?? '');
    const request = refused === undefined ? asked : continueRefused(asked, refused);
    const { runId, agent } = request;
    const known = this.#runs.find(runId);
    if (known !== undefined && JSON.stringify(known.request) === JSON.stringify(request)) return known;
    const at = (this.#options.clock ?? Date).now();
    const view: RunView = {
      ...emptyView,
      ...{ runId, agent, input: request.input, driver: 'elsewhere', createdAt: at, updatedAt: at },
      ...threadOf(request, this.#runs.get(request.continueFrom ?? '')),
    };
    const watching = this.#loading.then((watched) => watched.start(run, view, request));
    const run: RemoteRun = new RemoteRun(view, watching, request);
    // The server decides whether the run of a known id has started with this request.
    if (known === undefined) this.#runs.keep(run);
    watchSignal(run, options.signal);
    return run;
  }

  resume<A extends AgentRef>(agent: A, runId: string, options?: ResumeOptions<A>): Promise<Run<A>>;
  resume(agent: string, runId: string, options?: ResumeOptions): Promise<Run>;
  async resume(which: AgentRef | string, runId: string, options: ResumeOptions = {}): Promise<Run> {
    const { manual = true, signal } = options;
    const agent = nameOf(which);
    refuseServerOptions('resume', options);
    const run = await (await this.#open(runId)).resume(agent, runId, manual);
    watchSignal(run, signal);
    return run;
  }

  async follow(runId: string): Promise<Run> {
    return (await this.#open(runId)).follow(runId);
  }

  async resumeAll(): Promise<Run[]> {
    return (await this.#open()).resumeAll();
  }

  async read(runId: string): Promise<RunView | undefined> {
    return (await this.#open(runId)).read(runId);
  }

  get(runId: string): Run | undefined {
    return this.#runs.get(runId);
  }

  get runs(): readonly Run[] {
    return this.#runs.all;
  }

  subscribe(listener: () => void): () => void {
    const unsubscribe = this.#runs.subscribe(listener);
    this.#loaded?.observersChanged();
    return () => {
      unsubscribe();
      this.#loaded?.observersChanged();
    };
  }

  async list(filter?: RunFilter): Promise<RunSummary[]> {
    return (await this.#open()).list(filter);
  }

  async listThreadRuns(threadId: string): Promise<ThreadRun[]> {
    return (await this.#open()).listThreadRuns(threadId);
  }

  async listThreads(filter?: ThreadFilter): Promise<ThreadSummary[]> {
    return (await this.#open()).listThreads(filter);
  }

  async delete(runId: string, options?: DeleteOptions): Promise<void> {
    await (await this.#open(runId)).delete(runId, options);
  }

  wake(): void {
    this.#loaded?.wake();
  }

  async close(options?: { readonly graceMs?: number }): Promise<void> {
    this.#closing.abort(abortReason);
    await this.#loaded?.close(options);
  }

  #mustBeOpen(): void {
    if (this.#closing.signal.aborted)
      throw new ConfigurationError('The runner is closed. Create another one.');
  }

  async #open(runId: unknown = 'none'): Promise<WatchedRuns> {
    this.#mustBeOpen();
    mustBe(typeof runId === 'string' && runId !== '', 'runner', 'runId', 'a string that is not empty');
    return this.#loading;
  }
}

/** The thread of a run before the server has answered. The page may not know it. */
function threadOf(
  { runId, continueFrom: continues, threadId, title, metadata = {} }: StartRequest,
  continued: Run | undefined,
): Pick<RunView, 'threadId' | 'continues' | 'title' | 'metadata'> {
  const known = threadId ?? continued?.view.threadId ?? runId;
  return { threadId: known, metadata, ...defined({ continues, title }) };
}

function nameOf(which: AgentRef | string): string {
  const name: unknown = typeof which === 'string' ? which : which?.name;
  mustBe(typeof name === 'string' && name !== '', 'runner', 'agent', 'an agent, or the name of one');
  return name;
}

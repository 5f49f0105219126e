import { abortReason } from '../../clock/abort-reason.ts';
import type { Clock } from '../../clock/clock.ts';
import { forEachAtMost } from '../../clock/for-each-at-most.ts';
import { systemClock } from '../../clock/system-clock.ts';
import { emptyView } from '../../engine/view/empty-view.ts';
import { isTerminalRun, type RunView } from '../../engine/view/run-view.ts';
import { ConfigurationError } from '../../errors/configuration-error.ts';
import { errorMessage } from '../../errors/error-message.ts';
import { LonghaulError } from '../../errors/longhaul-error.ts';
import type { DeleteOptions, RunSummary } from '../../run/runner.ts';
import type { RunFilter, ThreadFilter, ThreadRun, ThreadSummary } from '../../store/run-store.ts';
import type { KeptRuns } from '../kept-runs.ts';
import { RemoteRun } from '../remote-run.ts';
import type { RemoteRunnerOptions } from '../remote-runner-options.ts';
import type { StartRequest } from '../start-request.ts';
import { runPath, viewOfAnswer } from './answered-view.ts';
import { ConnectionKeeper, type KeeperHost } from './connection-keeper.ts';
import { deletedRuns, deleteError, deletePath, type DeletedRuns } from './delete-request.ts';
import { activeStatuses, listRuns } from './list-runs.ts';
import { listThreadRuns, listThreads } from './list-threads.ts';
import { thisPage, type PageState } from './page-state.ts';
import { PageTools } from './page-tools.ts';
import { asElsewhere } from './run-feed.ts';
import { errorOf, isGone, isOk, ServerAccess, type Answer } from './server-access.ts';
import type { RunHost } from './run-host.ts';
import { WatchedRun } from './watched-run.ts';

/** The maximum number of requests at the same time that check whether runs were deleted. */
const checksAtOnce = 4;

export interface WatchSetup {
  readonly options: RemoteRunnerOptions;
  readonly page: PageState | undefined;
  /** The handles of the runner. */
  readonly kept: KeptRuns;
}

/** The runs that a page watches, and the requests about them. */
export class WatchedRuns implements RunHost<WatchedRun>, KeeperHost {
  readonly clock: Clock;
  readonly server: ServerAccess;
  readonly #kept: KeptRuns;
  readonly #observed = new Set<WatchedRun>();
  readonly #keeper: ConnectionKeeper;
  readonly #tools: PageTools;
  readonly #closing = new AbortController();

  constructor({ options, page = thisPage, kept }: WatchSetup) {
    const { clock = systemClock, random = Math.random, tools = [] } = options;
    this.clock = clock;
    this.#kept = kept;
    this.server = new ServerAccess(options, clock, random);
    this.#tools = new PageTools(tools, this.server, clock);
    this.#keeper = new ConnectionKeeper(this, page);
  }

  get observedRuns(): readonly WatchedRun[] {
    return [...this.#observed];
  }

  get isListObserved(): boolean {
    return this.#kept.hasListeners;
  }

  listChanged(): void {
    this.#kept.notify();
  }

  /** The list of runs has its first observer, or has lost its last one. */
  observersChanged(): void {
    this.#keeper.changed();
  }

  observed(run: WatchedRun): void {
    if (run.isObserved) this.#observed.add(run);
    else this.#observed.delete(run);
    this.#keeper.changed();
    this.changed(run);
  }

  changed(run: WatchedRun): void {
    this.#tools.changed(run);
  }

  abortTools(run: WatchedRun, graceMs: number): Promise<void> {
    return this.#tools.abort(run, graceMs);
  }

  /** Sends the request that starts a run, until it is answered. */
  start(handle: RemoteRun, view: RunView, request: StartRequest): WatchedRun {
    const run = new WatchedRun(this, view);
    handle.attach(run);
    const answered = this.server.insist('POST', '/runs', request, this.#closing.signal);
    void run.start(answered).then(() => {
      // Another run has this id. It can be followed.
      if (run.isRefused && run.view.error?.code === 'conflict') this.#kept.forget(handle);
      else if (!run.isRefused && this.#kept.find(run.id) === undefined) this.#kept.keep(handle);
    });
    return run;
  }

  resume(agent: string, runId: string, manual: boolean): Promise<RemoteRun> {
    return this.#show(runId, agent, async (known) => {
      if (known?.over === true) return undefined;
      const path = runPath(runId);
      // Code that shows a run asks the server to drive it only if no process drives it.
      const shown = manual ? undefined : await this.server.ask('GET', path);
      const view = shown && viewOfAnswer(shown)?.view;
      if (view !== undefined && (view.driver !== 'none' || isTerminalRun(view.status))) return shown;
      if (shown !== undefined && !isOk(shown)) return shown;
      const answer = await this.server.ask('POST', `${path}/resume`, {});
      if (isOk(answer)) return answer;
      // A visitor who may only read the run can watch it. A run that has ended is not driven again.
      return shown ?? (answer.status === 409 ? this.server.ask('GET', path) : answer);
    });
  }

  follow(runId: string): Promise<RemoteRun> {
    return this.#show(runId, undefined, async (known) =>
      // Another page, or the server, may have deleted a finished run.
      known === undefined || !known.isWatched
        ? this.server.ask('GET', runPath(runId))
        : known.isCurrent
          ? undefined
          : known.refresh(),
    );
  }

  /** The handle of a run. `ask` returns the server's view, or undefined if the view of the handle is current. */
  async #show(
    runId: string,
    agent: string | undefined,
    ask: (known: WatchedRun | undefined) => Promise<Answer | undefined>,
  ): Promise<RemoteRun> {
    const before = this.#kept.find(runId)?.watched;
    await before?.known;
    const answer = await ask(before);
    if (answer !== undefined && isGone(answer)) this.#forget(runId);
    if (answer !== undefined && !isOk(answer)) throw errorOf(answer, runId);
    if (this.#closing.signal.aborted) throw new LonghaulError('detached', 'The runner is closed.');
    const read = viewOfAnswer(answer)?.view;
    // The finished run was deleted, and another run has its id now.
    if (before?.over === true && read !== undefined && read.createdAt !== before.view.createdAt)
      this.#forget(runId);
    // Two simultaneous calls get the same run.
    const kept = this.#kept.find(runId);
    const belongsTo = read?.agent ?? kept?.view.agent;
    if (agent !== undefined && belongsTo !== agent) {
      const message = `Run ${runId} belongs to the agent "${belongsTo}", not to "${agent}".`;
      throw new ConfigurationError(message, { option: 'agent' });
    }
    const watched = kept?.watched ?? new WatchedRun(this, { ...emptyView, runId });
    watched.reopen();
    watched.showAnswer(answer);
    if (kept !== undefined) return kept;
    const handle = new RemoteRun(watched.view, watched);
    this.#kept.keep(handle);
    return handle;
  }

  async resumeAll(): Promise<RemoteRun[]> {
    const active = await this.list({ status: activeStatuses });
    const resumed = await Promise.allSettled(
      active.map(({ agent, runId }) => this.resume(agent, runId, false)),
    );
    const failures: unknown[] = resumed.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    if (failures.length > 0) {
      const why = failures.map((error) => errorMessage(error)).join(' ');
      const message = `${failures.length} of ${resumed.length} runs could not be resumed: ${why}`;
      throw new LonghaulError('resume_failed', message, { cause: new AggregateError(failures, message) });
    }
    return resumed.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  }

  async read(runId: string): Promise<RunView | undefined> {
    const known = this.#kept.find(runId)?.watched;
    if (known?.isCurrent === true) return known.view;
    const answer = await this.server.ask('GET', runPath(runId));
    if (isGone(answer)) this.#forget(runId);
    if (answer.status === 404) return undefined;
    if (!isOk(answer)) throw errorOf(answer, runId);
    known?.showAnswer(answer);
    const read = viewOfAnswer(answer);
    return known?.view ?? (read && asElsewhere(read.view));
  }

  /** The server no longer has the run. As in a runner that drives, its handle stops, and is no longer found. */
  #forget(runId: string): void {
    const handle = this.#kept.find(runId);
    handle?.watched?.gone();
    this.#kept.forget(handle);
  }

  list(filter?: RunFilter): Promise<RunSummary[]> {
    return listRuns(this.server, filter);
  }

  listThreadRuns(threadId: string): Promise<ThreadRun[]> {
    return listThreadRuns(this.server, threadId);
  }

  listThreads(filter?: ThreadFilter): Promise<ThreadSummary[]> {
    return listThreads(this.server, filter);
  }

  async delete(runId: string, options: DeleteOptions = {}): Promise<void> {
    const answer = await this.server.ask('DELETE', deletePath(runId, options));
    const error = deleteError(answer, runId);
    if (error !== undefined) throw error;
    if (options.branch === true) await this.#forgetBranch(runId);
    this.#kept.forget(this.#kept.get(runId));
  }

  async #forgetBranch(runId: string): Promise<void> {
    const forget = (known: DeletedRuns): void => {
      for (const one of known.deleted) this.#kept.forget(this.#kept.get(one));
    };
    const viewsHere = (): RunView[] => this.#kept.all.map(({ view }) => view);
    const here = deletedRuns(runId, viewsHere());
    forget(here);
    // A run that the server no longer has is forgotten by `follow`, so the runs after it are, too.
    await forEachAtMost(checksAtOnce, here.unknown, async (one) => {
      await this.follow(one).catch(() => undefined);
      if (this.#kept.get(one) === undefined) forget(deletedRuns(one, viewsHere()));
    });
  }

  wake(): void {
    this.#keeper.wake();
  }

  async close(options?: { readonly graceMs?: number }): Promise<void> {
    this.#closing.abort(abortReason);
    this.#keeper.close();
    const kept = this.#kept.all.flatMap(({ watched }) => watched ?? []);
    await Promise.all([...new Set([...kept, ...this.#observed])].map((run) => run.detach(options)));
  }
}

import type { Agent } from '../../agent/define-agent.ts';
import { abortReason } from '../../clock/abort-reason.ts';
import { SteadyTime } from '../../clock/steady-time.ts';
import { systemClock } from '../../clock/system-clock.ts';
import type { Continuation } from '../../engine/engine-event.ts';
import { initialState } from '../../engine/initial-state.ts';
import { policyOf, type RunLimits } from '../../engine/run-policy.ts';
import { isTerminalRun, type RunView } from '../../engine/view/run-view.ts';
import { viewOf } from '../../engine/view/view-of.ts';
import { ConfigurationError } from '../../errors/configuration-error.ts';
import { LonghaulError } from '../../errors/longhaul-error.ts';
import { mustBeJson } from '../../errors/must-be.ts';
import type { RunOrigin } from '../../ownership/ownership.ts';
import type { Run } from '../../run/run.ts';
import type { ResumeOptions, RunInput, Runner, RunSummary, StartOptions } from '../../run/runner.ts';
import { checkedFilter } from '../../store/list-filter.ts';
import { memoryStore } from '../../store/memory-store.ts';
import type { RunFilter, RunSnapshot, RunStore } from '../../store/run-store.ts';
import { defined } from '../../wire/defined.ts';
import type { InputItem } from '../../wire/items.ts';
import { jsonCopy } from '../../wire/json.ts';
import { callListeners } from '../publication/call-listeners.ts';
import { Claims } from '../ownership/claims.ts';
import type { DriveOptions } from '../ownership/drive-options.ts';
import type { OwnerSetup } from '../ownership/owner-setup.ts';
import { ActiveRuns } from './active-runs.ts';
import { LocalRun } from './local-run.ts';
import { importLoop, loadLoop } from '../loop/load-loop.ts';
import type { LoopPorts } from '../loop-setup.ts';
import { retryStore } from '../saved/retry-store.ts';
import { randomId } from '../random-id.ts';
import { agentOf, checkAgent } from './which-agent.ts';
import { runPolicy, type RunnerOptions } from './runner-options.ts';
import { resumeAll } from './resume-all.ts';
import { boundedStore } from '../saved/bounded-store.ts';
import { loadSnapshot, readHeads, readSnapshot, savedStatus, summaryOf } from '../saved/snapshot.ts';
import { checkRunId, checkStart } from './start-options.ts';
import { watchSignal } from './watch-signal.ts';

/** How many finished runs the runner keeps in memory, for pages that show them. */
const keptRuns = 200;

/** A runner whose loops run in this process. */
export class LocalRunner implements Runner {
  readonly #options: RunnerOptions;
  readonly #ports: LoopPorts;
  readonly #store: RunStore;
  readonly #claims: Claims;
  readonly #active: ActiveRuns;
  readonly #agents: ReadonlyMap<string, Agent>;
  readonly #runs = new Map<string, LocalRun>();
  /** Finished runs that the runner keeps in memory, in the order in which they ended. */
  readonly #over = new Set<string>();
  readonly #listeners = new Set<() => void>();
  #list: readonly Run[] | undefined;
  readonly #closing = new AbortController();

  constructor(options: RunnerOptions) {
    const { client, clock = systemClock, random = Math.random, polling, limits, tools } = options;
    this.#options = options;
    this.#store = boundedStore(options.store ?? memoryStore({ clock }), clock);
    this.#agents = new Map(options.agents?.map((agent) => [agent.name, agent]));
    const time = new SteadyTime(clock);
    this.#ports = {
      client,
      store: this.#store,
      clock,
      time,
      random,
      pollingFunction: typeof polling === 'function' ? polling : undefined,
      streamIdleMs: limits?.streamIdleMs ?? 60_000,
      toolTimeoutMs: tools?.timeoutMs,
    };
    this.#claims = new Claims(this.#store, clock);
    this.#active = new ActiveRuns(this.#store, clock);
    // The loop is usually loaded before the first run starts. Otherwise the run loads it, and reports errors.
    importLoop().catch(() => undefined);
  }

  start<A extends Agent>(agent: A, input: RunInput, options?: StartOptions<A>): Run<A>;
  start(agent: string, input: RunInput, options?: StartOptions): Run;
  start(which: Agent | string, input: RunInput, options: StartOptions = {}): Run {
    this.#mustBeOpen();
    const agent = agentOf(which, this.#agents);
    checkStart(agent, input, options);
    const { runId = randomId(), owner, metadata, limits, continueFrom, context, signal } = options;
    const policy = runPolicy(this.#options, limits);
    const at = this.#ports.clock.now();
    const given = typeof input === 'string' ? input : mustBeJson<InputItem[]>(input, 'start', 'input');
    const optional = defined({ owner, metadata, limits });
    const state = initialState(agent, given, { runId, at, policy, ...optional });
    const saved = { head: { ...state, commitId: randomId() }, items: [] };
    const run = this.#newRun({ agent, context, policy: state.policy }, saved, 'start');
    this.#active.add(run);
    if (this.#runs.has(runId)) this.#keepOnceSaved(run);
    else this.#keep(run);
    run.begin(continueFrom === undefined ? undefined : this.#continuation(continueFrom, agent));
    watchSignal(run, signal);
    return run;
  }

  resume<A extends Agent>(agent: A, from: string | RunSnapshot, options?: ResumeOptions<A>): Promise<Run<A>>;
  resume(agent: string, from: string | RunSnapshot, options?: ResumeOptions): Promise<Run>;
  async resume(which: Agent | string, from: string | RunSnapshot, options: ResumeOptions = {}): Promise<Run> {
    this.#mustBeOpen();
    const agent = agentOf(which, this.#agents);
    const given = typeof from === 'string' ? undefined : jsonCopy(readSnapshot(from));
    const runId = given?.head.runId ?? String(from);
    const known = this.#runs.get(runId);
    try {
      return await this.#resume(agent, runId, given, options);
    } catch (error) {
      if (known === undefined || !LonghaulError.isInstance(error) || error.code !== 'not_found') throw error;
      // The run of `known` was deleted. Another run may have its id now, or the snapshot can be imported.
      if (this.#runs.get(runId) === known) this.#forget(runId);
      return this.#resume(agent, runId, given, options);
    }
  }

  async #resume(
    agent: Agent,
    runId: string,
    given: RunSnapshot | undefined,
    options: ResumeOptions,
  ): Promise<Run> {
    let run = this.#runs.get(runId);
    if (run === undefined) {
      const stored = await this.#load(runId);
      const snapshot = stored ?? given;
      if (snapshot === undefined) {
        throw new ConfigurationError(`resume: there is no run ${JSON.stringify(runId)} in the store.`, {
          option: 'runId',
        });
      }
      checkAgent(agent, snapshot.head.agent, runId);
      // Two simultaneous calls get the same run.
      run = this.#runs.get(runId);
      if (run === undefined) {
        // The runner may have been closed while the run was loaded.
        this.#mustBeOpen();
        const drive = this.#driveOptions(agent, options.context, snapshot.head.limits);
        run = this.#newRun(drive, snapshot, stored ? 'store' : 'snapshot');
        this.#keep(run);
      }
    }
    const { driveOptions, limits } = run;
    checkAgent(agent, driveOptions.agent.name, runId);
    const newer = this.#driveOptions(agent, options.context ?? driveOptions.context, limits);
    await run.resume(newer, options.manual ?? true);
    watchSignal(run, options.signal);
    return run;
  }

  async resumeAll(): Promise<Run[]> {
    const listed = await retryStore(this.#ports, () => this.#store.list(), this.#closing.signal);
    const isKnown = (agent: string): boolean => this.#agents.has(agent);
    return resumeAll(listed, isKnown, ({ agent, runId }) => this.resume(agent, runId, { manual: false }));
  }

  async read(runId: string): Promise<RunView | undefined> {
    checkRunId('read', runId);
    const live = this.#runs.get(runId);
    if (live !== undefined) return live.view;
    const saved = await loadSnapshot(this.#store, runId);
    return saved && viewOf(saved.head, saved.items, 'none');
  }

  get(runId: string): Run | undefined {
    return this.#runs.get(runId);
  }

  get runs(): readonly Run[] {
    this.#list ??= [...this.#runs.values()];
    return this.#list;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async list(filter?: RunFilter): Promise<RunSummary[]> {
    const listed = await this.#store.list(checkedFilter(filter));
    return readHeads(listed).heads.map(summaryOf);
  }

  async delete(runId: string): Promise<void> {
    checkRunId('delete', runId);
    const run = this.#runs.get(runId);
    // Another process may have ended a run that this process detached.
    const status = run?.isCurrent ? run.view.status : await savedStatus(this.#store, runId);
    if (status !== undefined && !isTerminalRun(status)) {
      throw new LonghaulError('run_active', `Run ${runId} is ${status}. Cancel it before you delete it.`);
    }
    await this.#store.delete(runId);
    // The notice makes a resting handle load the run. The handle does not find the run, and stops.
    run?.hint('saved');
    this.#forget(runId);
  }

  wake(): void {
    for (const run of this.#active.all) run.wake();
  }

  async close(options: { readonly graceMs?: number } = {}): Promise<void> {
    this.#closing.abort(abortReason);
    const runs = new Set([...this.#runs.values(), ...this.#active.all]);
    await Promise.all([...runs].map((run) => run.detach(options)));
    this.#active.end();
  }

  #mustBeOpen(): void {
    if (this.#closing.signal.aborted)
      throw new ConfigurationError('The runner is closed. Create another one.');
  }

  #driveOptions(agent: Agent, context: unknown, limits: RunLimits | undefined): DriveOptions {
    return { agent, context, policy: policyOf(agent.spec, runPolicy(this.#options, limits)) };
  }

  #newRun(options: DriveOptions, saved: RunSnapshot, origin: RunOrigin): LocalRun {
    const { runId, limits } = saved.head;
    const streamIdleMs = limits.streamIdleMs ?? this.#ports.streamIdleMs;
    // For a finished run, the constructor of `LocalRun` calls `ended` before `run` is set.
    let run: LocalRun | undefined;
    const setup: OwnerSetup = {
      ports: { ...this.#ports, streamIdleMs },
      claims: this.#claims,
      ended: () => {
        if (run !== undefined) this.#active.remove(run);
        // A run that was started with a taken id is not in `#runs`, and is not kept.
        if (this.#runs.get(runId) === run && run?.over === true) this.#over.add(runId);
        // A new run that stopped before its first save cannot be resumed, so the runner forgets it.
        if (this.#runs.get(runId) === run && run?.isNeverSaved === true) this.#forget(runId);
        this.#trim();
      },
      reopening: () => this.#mustBeOpen(),
      reopened: () => run && this.#active.add(run),
    };
    run = new LocalRun(setup, options, saved, origin);
    return run;
  }

  #load(runId: string): Promise<RunSnapshot | undefined> {
    return retryStore(this.#ports, () => loadSnapshot(this.#store, runId), this.#closing.signal);
  }

  async #continuation(runId: string, agent: Agent): Promise<Continuation> {
    const stored = await this.#load(runId);
    if (stored === undefined)
      throw new ConfigurationError(`continueFrom: there is no run ${JSON.stringify(runId)} in the store.`);
    const { head, items } = stored;
    if (!isTerminalRun(head.status)) {
      throw new ConfigurationError(
        `continueFrom: run ${runId} is ${head.status}. Only a run that has ended can be continued.`,
      );
    }
    const { continuationOf } = await loadLoop(this.#ports);
    return continuationOf(head, items, agent.spec.tools);
  }

  #keep(run: LocalRun): void {
    this.#runs.set(run.id, run);
    if (run.over) this.#over.add(run.id);
    else this.#over.delete(run.id);
    this.#changed();
  }

  /**
   * Keeps a run, after its first save, that was started with the id of an earlier run. If the store has the earlier
   * run, the first save fails with a conflict. Otherwise the earlier run was deleted, or was never saved, and the new
   * run replaces it.
   */
  #keepOnceSaved(run: LocalRun): void {
    const unsubscribe = run.subscribe(() => {
      if (run.revision === 0) return;
      unsubscribe();
      this.#keep(run);
    });
  }

  #forget(runId: string): void {
    this.#over.delete(runId);
    if (this.#runs.delete(runId)) this.#changed();
  }

  /** Removes the oldest finished runs from memory, because a service may start thousands. */
  #trim(): void {
    for (const runId of this.#over) {
      if (this.#over.size <= keptRuns) return;
      this.#forget(runId);
    }
  }

  #changed(): void {
    this.#list = undefined;
    callListeners(this.#listeners, 'runner');
  }
}

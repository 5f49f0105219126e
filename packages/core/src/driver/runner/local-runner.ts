import type { AgentRef } from '../../agent/agent-ref.ts';
import type { Agent } from '../../agent/define-agent.ts';
import { abortReason } from '../../clock/abort-reason.ts';
import { SteadyTime } from '../../clock/steady-time.ts';
import { systemClock } from '../../clock/system-clock.ts';
import { initialState } from '../../engine/initial-state.ts';
import { policyOf, type RunLimits } from '../../engine/run-policy.ts';
import { isTerminalRun, type RunView } from '../../engine/view/run-view.ts';
import { viewOf } from '../../engine/view/view-of.ts';
import { ConfigurationError } from '../../errors/configuration-error.ts';
import { LonghaulError } from '../../errors/longhaul-error.ts';
import { mustBeJson } from '../../errors/must-be.ts';
import type { RunOrigin } from '../../ownership/ownership.ts';
import type { DrivenRun, DrivingRunner, DrivingStartOptions } from '../../run/driving-runner.ts';
import type { ResumeOptions, RunInput, RunSummary } from '../../run/runner.ts';
import { checkedFilter } from '../../store/list-filter.ts';
import { memoryStore } from '../../store/memory-store.ts';
import type { RunFilter, RunSnapshot, RunStore } from '../../store/run-store.ts';
import { defined } from '../../wire/defined.ts';
import type { InputItem } from '../../wire/items.ts';
import { jsonCopy } from '../../wire/json.ts';
import { Claims } from '../ownership/claims.ts';
import type { DriveOptions } from '../ownership/drive-options.ts';
import type { OwnerSetup } from '../ownership/owner-setup.ts';
import { ActiveRuns } from './active-runs.ts';
import { Adoption } from './adoption.ts';
import { checkContext } from './check-context.ts';
import { assignOwnerOfUndriven } from './assign-owner.ts';
import { FollowedRuns } from './followed-runs.ts';
import { RunLoader } from './run-loader.ts';
import { KeptRuns } from './kept-runs.ts';
import { LocalRun } from './local-run.ts';
import { importLoop } from '../loop/load-loop.ts';
import type { LoopPorts } from '../loop-setup.ts';
import { retryStore } from '../saved/retry-store.ts';
import { randomId } from '../random-id.ts';
import { agentOf, agentToShow, checkAgent } from './which-agent.ts';
import { runPolicy, type RunnerOptions } from './runner-options.ts';
import { resumeAll } from './resume-all.ts';
import { boundedStore } from '../saved/bounded-store.ts';
import { loadSnapshot, readHeads, readSnapshot, savedStatus, summaryOf } from '../saved/snapshot.ts';
import { checkOwner, checkRunId, checkStart } from './start-options.ts';
import { watchSignal } from './watch-signal.ts';

/** A runner whose loops run in this process. */
export class LocalRunner implements DrivingRunner<unknown> {
  readonly #options: RunnerOptions;
  readonly #ports: LoopPorts;
  readonly #store: RunStore;
  readonly #claims: Claims;
  readonly #active: ActiveRuns;
  readonly #agents: ReadonlyMap<string, Agent>;
  readonly #runs = new KeptRuns();
  readonly #loader: RunLoader;
  readonly #followed: FollowedRuns;
  readonly #adoption: Adoption;
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
    this.#active = new ActiveRuns(this.#store, clock, (runId) => this.#adoption.check(runId));
    this.#loader = new RunLoader(this.#ports, this.#closing.signal);
    this.#followed = new FollowedRuns(this.#runs, this.#loader, (stored) => this.#runToShow(stored));
    this.#adoption = new Adoption(this.#store, this.#ports, {
      agents: [...this.#agents.keys()],
      isTaken: (runId) => this.#runs.get(runId)?.mayBeAdopted === false,
      resume: (runId, agent) => this.resume(agent, runId, { manual: false }),
    });
    // The loop is usually loaded before the first run starts. Otherwise the run loads it, and reports errors.
    importLoop().catch(() => undefined);
  }

  start<A extends AgentRef>(agent: A, input: RunInput, options?: DrivingStartOptions<A>): DrivenRun<A>;
  start(agent: string, input: RunInput, options?: DrivingStartOptions): DrivenRun;
  start(which: AgentRef | string, input: RunInput, options: DrivingStartOptions = {}): DrivenRun {
    this.#mustBeOpen();
    const agent = agentOf(which, this.#agents);
    checkStart(agent, input, options);
    const { runId = randomId(), metadata, limits, continueFrom, context, signal } = options;
    const { owner, untrusted, requestHash } = options;
    const policy = runPolicy(this.#options, limits);
    const at = this.#ports.clock.now();
    const given = typeof input === 'string' ? input : mustBeJson<InputItem[]>(input, 'start', 'input');
    const optional = defined({ metadata, limits, owner, untrusted, requestHash });
    const state = initialState(agent, given, { runId, at, policy, ...optional });
    const saved = { head: { ...state, commitId: randomId() }, items: [] };
    const run = this.#newRun({ agent, context, policy: state.policy }, saved, 'start');
    this.#active.add(run);
    if (this.#runs.get(runId)) this.#runs.keepOnceSaved(run);
    else this.#runs.keep(run);
    run.begin(continueFrom === undefined ? undefined : this.#loader.continuation(continueFrom, agent));
    watchSignal(run, signal);
    return run;
  }

  resume<A extends AgentRef>(
    agent: A,
    from: string | RunSnapshot,
    options?: ResumeOptions<A>,
  ): Promise<DrivenRun<A>>;
  resume(agent: string, from: string | RunSnapshot, options?: ResumeOptions): Promise<DrivenRun>;
  async resume(
    which: AgentRef | string,
    from: string | RunSnapshot,
    options: ResumeOptions = {},
  ): Promise<DrivenRun> {
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
      if (this.#runs.get(runId) === known) this.#runs.forget(runId);
      return this.#resume(agent, runId, given, options);
    }
  }

  async #resume(
    agent: Agent,
    runId: string,
    given: RunSnapshot | undefined,
    options: ResumeOptions,
  ): Promise<DrivenRun> {
    let run = this.#runs.get(runId);
    if (run === undefined) {
      const stored = await this.#loader.load(runId);
      const snapshot = stored ?? given;
      if (snapshot === undefined) {
        throw new ConfigurationError(`resume: there is no run ${JSON.stringify(runId)} in the store.`, {
          option: 'runId',
        });
      }
      checkAgent(agent, snapshot.head.agent, runId);
      checkContext(snapshot.head, options.context, this.#options.context);
      // Two simultaneous calls get the same run.
      run = this.#runs.get(runId);
      if (run === undefined) {
        // The runner may have been closed while the run was loaded.
        this.#mustBeOpen();
        const drive = this.#driveOptions(agent, options.context, snapshot.head.limits);
        run = this.#newRun(drive, snapshot, stored ? 'store' : 'snapshot');
        this.#runs.keep(run);
      }
    }
    const { driveOptions, limits } = run;
    checkAgent(agent, driveOptions.agent.name, runId);
    const own = options.context ?? driveOptions.context;
    if (!run.mayDrive) checkContext(run.snapshot().head, own, this.#options.context);
    const newer = this.#driveOptions(agent, own, limits);
    await run.resume(newer, options.manual ?? true);
    watchSignal(run, options.signal);
    return run;
  }

  follow(runId: string): Promise<DrivenRun> {
    this.#mustBeOpen();
    checkRunId('follow', runId);
    return this.#followed.follow(runId);
  }

  unfollow(runId: string): void {
    this.#followed.unfollow(runId);
  }

  async assignOwner(runId: string, owner: string): Promise<void> {
    this.#mustBeOpen();
    checkRunId('assignOwner', runId);
    checkOwner('assignOwner', owner);
    const here = this.#runs.get(runId);
    const isHere = here?.mayDrive === true && here.isActive;
    if (!isHere && (await assignOwnerOfUndriven(this.#ports, this.#claims, runId, owner))) return;
    const run = await this.#followed.follow(runId);
    try {
      await run.assignOwner(owner);
    } finally {
      this.unfollow(runId);
    }
  }

  async resumeAll(): Promise<DrivenRun[]> {
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

  get agents(): readonly Agent[] {
    return [...this.#agents.values()];
  }

  get(runId: string): DrivenRun | undefined {
    return this.#runs.get(runId);
  }

  get runs(): readonly DrivenRun[] {
    return this.#runs.all;
  }

  subscribe(listener: () => void): () => void {
    return this.#runs.subscribe(listener);
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
    this.#runs.forget(runId);
  }

  wake(): void {
    for (const run of this.#active.all) run.wake();
  }

  async close(options: { readonly graceMs?: number } = {}): Promise<void> {
    this.#closing.abort(abortReason);
    this.#adoption.end();
    const runs = new Set([...this.#runs.all, ...this.#active.all]);
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
      context: this.#options.context,
      ended: () => {
        if (run === undefined) return;
        this.#active.remove(run);
        this.#runs.ended(run);
      },
      posted: () => void this.#adoption.check(runId),
      reopening: () => this.#mustBeOpen(),
      reopened: () => run && this.#active.add(run),
    };
    run = new LocalRun(setup, options, saved, origin);
    return run;
  }

  /** A handle of a saved run that only shows the run. This runner may not have the agent. */
  #runToShow(stored: RunSnapshot): LocalRun {
    this.#mustBeOpen();
    const { agent: name, limits } = stored.head;
    const agent = this.#agents.get(name) ?? agentToShow(name);
    return this.#newRun(this.#driveOptions(agent, undefined, limits), stored, 'store');
  }
}

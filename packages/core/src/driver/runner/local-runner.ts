import type { AgentRef } from '../../agent/agent-ref.ts';
import type { Agent } from '../../agent/define-agent.ts';
import { abortReason } from '../../clock/abort-reason.ts';
import type { RunView } from '../../engine/view/run-view.ts';
import { showView } from '../show-view.ts';
import { ConfigurationError } from '../../errors/configuration-error.ts';
import { LonghaulError } from '../../errors/longhaul-error.ts';
import type {
  DrivenRun,
  DrivingDeleteOptions,
  DrivingRunner,
  DrivingStartOptions,
} from '../../run/driving-runner.ts';
import type { RunInput } from '../../run/run-input.ts';
import type { ResumeOptions, RunSummary } from '../../run/runner.ts';
import type { RunFilter, RunSnapshot, RunStore } from '../../store/run-store.ts';
import type { ThreadFilter, ThreadRun, ThreadSummary } from '../../store/run-store.ts';
import { jsonCopy } from '../../wire/json.ts';
import { Claims } from '../ownership/claims.ts';
import type { QueueSide } from '../ownership/queue-side.ts';
import { RunRecord } from '../ownership/run-record.ts';
import { ActiveRuns } from './active-runs.ts';
import { LateParts } from './late-parts.ts';
import { RunLoader } from './run-loader.ts';
import { KeptRuns } from './kept-runs.ts';
import type { LocalRun } from './local-run.ts';
import type { LoopPorts } from '../loop-setup.ts';
import { retryStore } from '../saved/retry-store.ts';
import { agentOf, checkAgent } from './which-agent.ts';
import { portsOf } from './runner-ports.ts';
import { RunFactory } from './run-factory.ts';
import type { RunnerOptions } from './runner-options.ts';
import { listRuns } from '../saved/heads.ts';
import { loadSnapshot } from '../saved/snapshot.ts';
import { checkOwner, checkRunId, checkStart, withThread } from './start-options.ts';
import { watchSignal } from '../../run/watch-signal.ts';

/** A runner whose loops run in this process. */
export class LocalRunner implements DrivingRunner<unknown> {
  readonly #options: RunnerOptions;
  readonly #ports: LoopPorts;
  readonly #store: RunStore;
  readonly #claims: Claims;
  readonly #factory: RunFactory;
  readonly #active: ActiveRuns;
  readonly #agents: ReadonlyMap<string, Agent>;
  readonly #runs = new KeptRuns((run) => this.#loader.isCurrent(run));
  readonly #loader: RunLoader;
  readonly #late: LateParts<LocalRun>;
  readonly #closing = new AbortController();
  /** A message may wait for a run that is not driven here, or its claim was released. */
  readonly #adoptSoon = (runId: string, hasMessage: boolean): void =>
    this.#late.whenLoaded(({ adoption }) => adoption.lookSoon(runId, hasMessage));

  /** `queue`: the part of this process for the runs of a queue. */
  constructor(options: RunnerOptions, queue?: QueueSide) {
    this.#options = options;
    this.#ports = portsOf(options);
    const { store, clock } = this.#ports;
    this.#store = store;
    this.#agents = new Map(options.agents?.map((agent) => [agent.name, agent]));
    this.#claims = new Claims(store, clock);
    this.#active = new ActiveRuns(store, clock, this.#adoptSoon, this.#runs.noticed.bind(this.#runs));
    this.#factory = new RunFactory({
      options,
      ports: this.#ports,
      claims: this.#claims,
      queue,
      agents: this.#agents,
      ended: (run) => {
        this.#active.remove(run);
        this.#runs.ended(run);
      },
      reopened: (run) => this.#active.add(run),
      posted: (runId) => this.#adoptSoon(runId, true),
      mustBeOpen: () => this.#mustBeOpen(),
    });
    this.#loader = new RunLoader(this.#ports, this.#closing.signal);
    const late = {
      loaded: this.#active.watch.bind(this.#active),
      agents: [...this.#agents.keys()],
      isTaken: (runId: string) => this.#runs.get(runId)?.mayBeAdopted === false,
      adopt: (runId: string, agent: string) => this.#adopt(runId, agent),
      get: (runId: string) => this.#runs.get(runId),
      keep: (run: LocalRun) => this.#runs.keep(run),
      forget: (runId: string) => this.#runs.forget(runId),
      load: (runId: string) => this.#loader.load(runId),
      isStored: (run: LocalRun) => this.#loader.isCurrent(run),
      open: (stored: RunSnapshot) => this.#factory.runToShow(stored),
    };
    this.#late = new LateParts(this.#ports, late, this.#closing.signal);
    // The loop is usually loaded before the first run starts. Otherwise the run loads it, and reports errors.
    this.#late.whenLoaded(() => undefined);
  }

  start<A extends AgentRef>(agent: A, input: RunInput, options?: DrivingStartOptions<A>): DrivenRun<A>;
  start(agent: string, input: RunInput, options?: DrivingStartOptions): DrivenRun;
  start(which: AgentRef | string, input: RunInput, options: DrivingStartOptions = {}): DrivenRun {
    this.#mustBeOpen();
    const agent = agentOf(which, this.#agents);
    checkStart(agent, input, options);
    const { context, continueFrom = '', signal, threadId } = options;
    const asked = withThread(options, this.#runs.get(continueFrom)?.threadId);
    const saved = this.#factory.newState(agent, input, asked);
    const { runId, policy } = saved.head;
    const run = this.#factory.newRun({ agent, context, policy }, saved, 'start');
    this.#active.add(run);
    if (this.#runs.get(runId)) this.#runs.keepOnceSaved(run);
    else this.#runs.keep(run);
    run.begin(continueFrom === '' ? undefined : this.#loader.continuation(continueFrom, agent, threadId));
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
    const given =
      typeof from === 'string' ? undefined : jsonCopy((await this.#late.load()).code.readSnapshot(from));
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
    adopts = false,
  ): Promise<LocalRun> {
    const { code } = await this.#late.load();
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
      if (!adopts) code.checkContext(snapshot.head, options.context, this.#options.context);
      // Two simultaneous calls get the same run.
      run = this.#runs.get(runId);
      if (run === undefined) {
        // The runner may have been closed while the run was loaded.
        this.#mustBeOpen();
        const drive = this.#factory.driveOptions(agent, options.context, snapshot.head.limits);
        run = this.#factory.newRun(drive, snapshot, stored ? 'store' : 'snapshot');
        this.#runs.keep(run);
      }
    }
    const { driveOptions, limits } = run;
    checkAgent(agent, driveOptions.agent.name, runId);
    const own = options.context ?? driveOptions.context;
    if (!run.mayDrive && !adopts) code.checkContext(run.snapshot().head, own, this.#options.context);
    const newer = this.#factory.driveOptions(agent, own, limits);
    await run.resume(newer, { manual: options.manual ?? true, adopts });
    watchSignal(run, options.signal);
    return run;
  }

  async follow(runId: string): Promise<DrivenRun> {
    this.#mustBeOpen();
    checkRunId('follow', runId);
    return (await this.#late.load()).followed.follow(runId);
  }

  unfollow(runId: string): void {
    // A run can only be followed after this code was loaded.
    this.#late.whenLoaded(({ followed }) => followed.unfollow(runId));
  }

  async assignOwner(runId: string, owner: string): Promise<void> {
    this.#mustBeOpen();
    checkRunId('assignOwner', runId);
    checkOwner('assignOwner', owner);
    const { code, followed } = await this.#late.load();
    const record = new RunRecord(this.#ports, this.#claims, runId, { claimLost: () => undefined });
    const drives = this.#runs.get(runId)?.isDrivenHere === true;
    await code.assignOwner({ store: this.#store, record, drives, followed }, runId, owner);
  }

  /** Drives a run that no process drives. A run without its context is only driven to be cancelled. */
  async #adopt(runId: string, name: string): Promise<void> {
    const { followed } = await this.#late.load();
    const agent = agentOf(name, this.#agents);
    await followed.adopt(runId, () => this.#resume(agent, runId, undefined, { manual: false }, true));
  }

  /** Drives a run whose job this worker has. It is kept until `forget`. `manual`: see `ResumeOptions`. */
  drive(runId: string, name: string, manual: boolean): Promise<LocalRun> {
    return this.#resume(agentOf(name, this.#agents), runId, undefined, { manual }, true);
  }

  /** Forgets a run that is no longer driven here. */
  forget(runId: string): void {
    this.#runs.forget(runId);
  }

  async resumeAll(): Promise<DrivenRun[]> {
    const listed = await retryStore(this.#ports, () => this.#store.list(), this.#closing.signal);
    const isKnown = (agent: string): boolean => this.#agents.has(agent);
    const { code } = await this.#late.load();
    return code.resumeAll(listed, isKnown, ({ agent, runId }) =>
      this.resume(agent, runId, { manual: false }),
    );
  }

  async read(runId: string): Promise<RunView | undefined> {
    checkRunId('read', runId);
    const live = this.#runs.get(runId);
    if (live !== undefined) return live.view;
    const saved = await loadSnapshot(this.#store, runId);
    return saved && showView(saved.head, saved.items, 'none');
  }

  get agents(): readonly Agent[] {
    return [...this.#agents.values()];
  }

  get(runId: string): LocalRun | undefined {
    return this.#runs.get(runId);
  }

  get runs(): readonly LocalRun[] {
    return this.#runs.all;
  }

  subscribe(listener: () => void): () => void {
    return this.#runs.subscribe(listener);
  }

  async list(filter?: RunFilter): Promise<RunSummary[]> {
    return listRuns(this.#store, filter);
  }

  async listThreadRuns(threadId: string): Promise<ThreadRun[]> {
    return (await this.#late.load()).code.listThreadRuns(this.#store, threadId);
  }

  async listThreads(filter?: ThreadFilter): Promise<ThreadSummary[]> {
    return (await this.#late.load()).code.listThreads(this.#store, filter);
  }

  async delete(runId: string, options?: DrivingDeleteOptions): Promise<void> {
    const { code } = await this.#late.load();
    await code.deleteRuns(this.#ports, this.#runs, this.#closing.signal, runId, options);
  }

  wake(): void {
    for (const run of this.#active.all) run.wake();
  }

  async wakeResponse(responseId: string): Promise<boolean> {
    this.#mustBeOpen();
    const { code, adoption } = await this.#late.load();
    return code.wakeResponse(this.#store, this.#active.all, adoption, responseId);
  }

  async close(options: { readonly graceMs?: number } = {}): Promise<void> {
    this.#closing.abort(abortReason);
    const runs = new Set([...this.#runs.all, ...this.#active.all]);
    await Promise.all([...runs].map((run) => run.detach(options)));
    this.#active.end();
  }

  #mustBeOpen(): void {
    if (this.#closing.signal.aborted)
      throw new ConfigurationError('The runner is closed. Create another one.');
  }
}

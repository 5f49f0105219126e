import {
  type AgentRef,
  ConfigurationError,
  type Decision,
  isTerminalRun,
  LonghaulError,
  type Run,
  RunCancelledError,
  type RunEvent,
  RunFailedError,
  type Runner,
  type RunResult,
  type RunSummary,
  type RunView,
  type StartOptions,
  type SteerOptions,
  summaryOfView,
  type ThreadRun,
  type ThreadSummary,
} from '@longhaul/core';

/** A run without a loop. The test updates its view. */
export class HandDrivenRun implements Run {
  readonly id: string;
  readonly startOptions: StartOptions;
  /** The actions that were called on the run, in order. */
  readonly asked: unknown[] = [];
  #view: RunView;
  seq = 0;
  readonly #listeners = new Set<() => void>();
  readonly #end = Promise.withResolvers<RunResult>();

  constructor(view: RunView, startOptions: StartOptions = {}) {
    this.id = view.runId;
    this.startOptions = startOptions;
    this.#view = view;
    this.#end.promise.catch(() => undefined);
    this.#settle();
  }

  get view(): RunView {
    return this.#view;
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Changes the view as the events of a loop would. */
  update(change: Partial<RunView>): void {
    this.#view = { ...this.#view, ...change, updatedAt: this.#view.updatedAt + 1 };
    this.seq += 1;
    this.#settle();
    for (const listener of this.#listeners) listener();
  }

  /** Appends a delta to the text of the current iteration. */
  stream(delta: string): void {
    this.update({ text: this.#view.text + delta });
  }

  /** Rejects the result with `error`, and marks the run as driven by no process. */
  stop(error: LonghaulError): void {
    this.#end.reject(error);
    this.update({ driver: 'none' });
  }

  result(): Promise<RunResult> {
    return this.#end.promise;
  }

  async done(): Promise<RunView> {
    await this.#end.promise.catch(() => undefined);
    return this.#view;
  }

  async *events(): AsyncIterable<RunEvent> {}

  cancel(reason?: string): Promise<RunView> {
    this.asked.push({ type: 'cancel', reason });
    if (!isTerminalRun(this.#view.status)) this.update({ status: 'cancelled', driver: 'none' });
    return Promise.resolve(this.#view);
  }

  detach(): Promise<void> {
    this.asked.push({ type: 'detach' });
    this.stop(new LonghaulError('detached', `run "${this.id}" was detached.`));
    return Promise.resolve();
  }

  approve(callId: string): Promise<void> {
    return this.respond([{ type: 'approve', callId }]);
  }

  deny(callId: string, reason?: string): Promise<void> {
    return this.respond([{ type: 'deny', callId, ...(reason === undefined ? {} : { reason }) }]);
  }

  submitToolOutput(callId: string, output: string): Promise<void> {
    return this.respond([{ type: 'output', callId, output }]);
  }

  respond(decisions: readonly Decision[]): Promise<void> {
    this.asked.push(...decisions);
    return Promise.resolve();
  }

  steer(input: RunView['input'], { steerId = 'steer' }: SteerOptions = {}): Promise<void> {
    this.asked.push({ type: 'steer', input, steerId });
    this.update({ steered: [...this.#view.steered, { steerId, input, at: 0 }] });
    return Promise.resolve();
  }

  saved(): Promise<void> {
    return Promise.resolve();
  }

  #settle(): void {
    const view = this.#view;
    const { runId, text, output, usage, error } = view;
    const unsent = view.steered.filter(({ sentIn }) => sentIn === undefined);
    if (view.status === 'completed') this.#end.resolve({ runId, text, output, usage, unsent, view });
    else if (view.status === 'cancelled')
      this.#end.reject(new RunCancelledError('cancelled', 'Cancelled.', view));
    else if (isTerminalRun(view.status)) {
      this.#end.reject(new RunFailedError(error?.code ?? view.status, error?.message ?? view.status, view));
    }
  }
}

/** A runner whose runs the test updates. `resume` loads the views in `saved`. */
export class HandDrivenRunner implements Runner {
  readonly started: HandDrivenRun[] = [];
  readonly resumed: string[] = [];
  readonly saved: Map<string, RunView> = new Map();
  /** While set, `resume` waits until it resolves. */
  gate: Promise<void> | undefined;
  #runs: readonly HandDrivenRun[] = [];
  readonly #listeners = new Set<() => void>();

  /** The number of `wake` calls. */
  wakings = 0;

  wake(): void {
    this.wakings += 1;
  }

  get runs(): readonly HandDrivenRun[] {
    return this.#runs;
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  get last(): HandDrivenRun {
    const run = this.started.at(-1);
    if (run === undefined) throw new Error('No run was started.');
    return run;
  }

  start(agent: AgentRef | string, input: RunView['input'], options: StartOptions = {}): HandDrivenRun {
    const runId = options.runId ?? `run-${this.started.length + 1}`;
    const run = new HandDrivenRun(
      runView({
        ...{ runId, agent: typeof agent === 'string' ? agent : agent.name, input },
        threadId: options.threadId ?? runId,
        ...(options.continueFrom === undefined ? {} : { continues: options.continueFrom }),
      }),
      options,
    );
    this.started.push(run);
    this.live(run);
    return run;
  }

  async resume(agent: AgentRef | string, runId: string): Promise<HandDrivenRun> {
    this.resumed.push(runId);
    await this.gate;
    const name = typeof agent === 'string' ? agent : agent.name;
    const view = this.get(runId)?.view ?? this.saved.get(runId);
    if (view === undefined) throw new ConfigurationError(`run "${runId}" is not in the store.`);
    if (view.agent !== name) throw new ConfigurationError(`run "${runId}" belongs to agent "${view.agent}".`);
    return this.get(runId) ?? this.live(new HandDrivenRun(view));
  }

  async follow(runId: string): Promise<HandDrivenRun> {
    const view = this.get(runId)?.view ?? this.saved.get(runId);
    if (view === undefined) throw new LonghaulError('not_found', `There is no run "${runId}".`);
    return this.get(runId) ?? this.live(new HandDrivenRun(view));
  }

  resumeAll(): Promise<Run[]> {
    return Promise.all([...this.saved.values()].map((view) => this.resume(view.agent, view.runId)));
  }

  async read(runId: string): Promise<RunView | undefined> {
    return this.get(runId)?.view ?? this.saved.get(runId);
  }

  get(runId: string): HandDrivenRun | undefined {
    return this.#runs.find((run) => run.id === runId);
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  list(): Promise<RunSummary[]> {
    return Promise.resolve([...this.saved.values()].map(summary));
  }

  listThreadRuns(threadId: string): Promise<ThreadRun[]> {
    const runs = [...this.saved.values()].filter((view) => view.threadId === threadId);
    return Promise.resolve(
      runs.map(({ runId, agent, status, createdAt, continues }) => ({
        ...{ runId, agent, status, createdAt },
        ...(continues === undefined ? {} : { continues }),
      })),
    );
  }

  listThreads(): Promise<ThreadSummary[]> {
    return Promise.resolve(
      [...this.saved.values()].map(({ threadId, status, updatedAt }) => ({
        ...{ threadId, status, updatedAt },
        ...{ title: threadId, runs: 1 },
      })),
    );
  }

  delete(runId: string): Promise<void> {
    this.saved.delete(runId);
    this.gone(runId);
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Adds a run to the loaded runs. `forgotten`: the run that the runner no longer keeps. */
  live(run: HandDrivenRun, forgotten?: HandDrivenRun): HandDrivenRun {
    this.#runs = [...this.#runs.filter((one) => one !== forgotten), run];
    this.#notify();
    return run;
  }

  /** Removes a run from the loaded runs. */
  gone(runId: string): void {
    this.#runs = this.#runs.filter((run) => run.id !== runId);
    this.#notify();
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}

function summary(view: RunView): RunSummary {
  return { ...summaryOfView(view), revision: 1 };
}

/** The view of a run that has just started, with the changes of the test. */
export function runView(change: Partial<RunView> = {}): RunView {
  return {
    runId: 'run-1',
    agent: 'weather',
    threadId: 'run-1',
    metadata: {},
    status: 'queued',
    input: 'Umbrella?',
    steered: [],
    text: '',
    commentary: '',
    agentTexts: {},
    iteration: 0,
    items: [],
    iterations: [],
    toolCalls: [],
    waiting: null,
    driver: 'here',
    usage: { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0, reasoningTokens: 0, totalTokens: 0 },
    warnings: [],
    createdAt: 1_000,
    updatedAt: 1_000,
    ...change,
  };
}

import type { ContextOf } from '../agent/agent-types.ts';
import type { AgentRef } from '../agent/agent-ref.ts';
import type { RunLimits } from '../engine/run-policy.ts';
import type { RunHalt, RunStatus, RunView } from '../engine/view/run-view.ts';
import type { RunFilter, ThreadFilter, ThreadRun, ThreadSummary } from '../store/run-store.ts';
import type { Usage } from '../wire/usage.ts';
import type { Run } from './run.ts';
import type { RunInput } from './run-input.ts';

export interface StartOptions<A extends AgentRef = AgentRef> {
  /** @default a random id */
  readonly runId?: string | undefined;
  /**
   * The person or tenant that the run belongs to: a string of 1 to 512 characters, saved with the run. `list` filters by
   * it. Never sent to the API.
   *
   * @default none
   */
  readonly owner?: string | undefined;
  /**
   * Merged into the metadata of every create, with `longhaul_run_id` and `longhaul_iteration`. With the agent's own
   * metadata, it has at most 14 pairs.
   */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** Passed to tools and to `prepareRequest`: a user, a database. Never stored, never sent. */
  readonly context?: ContextOf<A> | undefined;
  /** Overrides the runner's limits. */
  readonly limits?: RunLimits | undefined;
  /** Cancels the run when it aborts. */
  readonly signal?: AbortSignal | undefined;
  /** The id of a terminal run whose conversation this run continues. */
  readonly continueFrom?: string | undefined;
  /**
   * The conversation that the run is a part of: a string of 1 to 512 characters. Two runs of one thread that continue
   * the same run are alternatives, such as an edited question.
   *
   * @default the thread of the continued run; without one, the run's own id
   */
  readonly threadId?: string | undefined;
  /** A title for lists of conversations: a string of 1 to 200 characters. Never sent to the API. */
  readonly title?: string | undefined;
}

export interface ResumeOptions<A extends AgentRef = AgentRef> {
  readonly context?: ContextOf<A> | undefined;
  readonly signal?: AbortSignal | undefined;
  /**
   * Whether a person or a program requested to resume this run. Only then is a create whose answer was lost twice sent
   * again, because each create may have started a job. Pass false if code resumes runs automatically, such as a page
   * that shows a run.
   *
   * @default true
   */
  readonly manual?: boolean | undefined;
}

export interface RunSummary {
  readonly runId: string;
  readonly agent: string;
  /** Absent for a run without an owner. */
  readonly owner?: string;
  readonly threadId: string;
  /** The run whose conversation this run continues. Absent for a first run. */
  readonly continues?: string;
  readonly title?: string;
  /** The metadata that `start` was given. On a page: the metadata that the page has sent. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Metadata of a visitor. Absent on a page, where it is `metadata`. */
  readonly untrusted?: Readonly<Record<string, string>>;
  /** The first 200 characters of the input's text. Empty for a run without input. */
  readonly input: string;
  readonly status: RunStatus;
  readonly revision: number;
  /** Why no worker drives the run until it is resumed. Absent for a run that is driven, or that waits. */
  readonly halted?: RunHalt;
  /** The usage of the run until its last save. */
  readonly usage: Usage;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Absent while the run is active. */
  readonly endedAt?: number;
}

export interface DeleteOptions {
  /**
   * Whether to delete the runs that continue this run too, and the runs that continue those.
   *
   * @default false: a run that other runs continue is not deleted
   */
  readonly branch?: boolean | undefined;
  /**
   * Whether to delete the responses of the runs at the API too, of all attempts. The client needs `responses.delete`, which
   * `openai` and `fetchClient` have.
   *
   * @default false
   */
  readonly responses?: boolean | undefined;
}

/** Starts, resumes and shows runs: here (`createRunner`), or on a server (`remoteRunner`). */
export interface Runner {
  /**
   * Starts a run. Returns the handle immediately, before any request is sent. An agent without code, such as
   * `agentRef(…)`, is found by its name.
   */
  start<A extends AgentRef>(agent: A, input: RunInput, options?: StartOptions<A>): Run<A>;
  start(agent: string, input: RunInput, options?: StartOptions): Run;
  /**
   * Resumes a saved run from its last save. Returns the same `Run` for the same id. A run that this runner already
   * drives does not change; any other run continues with this agent and this `context`.
   */
  resume<A extends AgentRef>(agent: A, runId: string, options?: ResumeOptions<A>): Promise<Run<A>>;
  resume(agent: string, runId: string, options?: ResumeOptions): Promise<Run>;
  /**
   * Shows a saved run, and never drives it. Returns the same `Run` for the same id, and the run that is driven here if
   * there is one. A decision is sent to the process that drives the run.
   *
   * @throws LonghaulError `not_found` if there is no such run
   */
  follow(runId: string): Promise<Run>;
  /**
   * Resumes every active run of the store whose agent is in `agents`. Call it at boot. A run that stopped with
   * `unknown_create` stays stopped, and its `result()` rejects with that code; `resume` sends one more create.
   *
   * @throws LonghaulError `resume_failed` if some runs could not be resumed, after the others were resumed; see its
   * `cause`.
   */
  resumeAll(): Promise<Run[]>;
  /**
   * The view of a run: of the run in this runner, otherwise of the saved run. Undefined if there is no such run. Does
   * not resume the run.
   */
  read(runId: string): Promise<RunView | undefined>;
  /** Returns a run that this runner has started or resumed, and still keeps. */
  get(runId: string): Run | undefined;
  /**
   * The runs that this runner has started or resumed, oldest first. The runner keeps at most 200 runs that have ended.
   */
  readonly runs: readonly Run[];
  /**
   * Calls `listener` after a run was added to or removed from `runs`, after a delete, and after other processes changed a
   * list.
   */
  subscribe(listener: () => void): () => void;
  /** Returns runs of the store, newest first. */
  list(filter?: RunFilter): Promise<RunSummary[]>;
  /** Returns the runs of a conversation, oldest first. They are a tree: each run names the run that it continues. */
  listThreadRuns(threadId: string): Promise<ThreadRun[]>;
  /** Returns conversations, those with the newest run first. */
  listThreads(filter?: ThreadFilter): Promise<ThreadSummary[]>;
  /**
   * Deletes a terminal run, here and in the store. Accepts a run that is not stored. The responses are deleted first,
   * then the runs, each before the run that it continues, so an interrupted call can be repeated. A run that starts
   * during the call stays, even if it continues a deleted run. If it needs the conversation of that run, it fails with
   * `history_missing`.
   *
   * @throws LonghaulError `run_active` if the run is active. `has_successors` if other runs continue the run and `branch`
   * is not set. With `branch`, `active` if the run or a run after it is active. `delete_failed` if the API did not delete
   * a response. No run is deleted then.
   * @throws ConfigurationError for invalid options, and for `responses` with a client without `responses.delete`
   */
  delete(runId: string, options?: DeleteOptions): Promise<void>;
  /**
   * Performs scheduled polls and retries immediately, except after an error answer: the server may have asked for that
   * delay. Call it when the network returns or a hidden page becomes visible.
   */
  wake(): void;
  /** Detaches every run permanently. Cancels nothing at the server. Another runner may resume the runs immediately. */
  close(options?: { readonly graceMs?: number }): Promise<void>;
}

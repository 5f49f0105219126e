import type { ContextOf } from '../agent/agent-types.ts';
import type { Agent } from '../agent/define-agent.ts';
import type { RunLimits } from '../engine/run-policy.ts';
import type { RunStatus, RunView } from '../engine/view/run-view.ts';
import type { RunFilter, RunSnapshot } from '../store/run-store.ts';
import type { InputItem } from '../wire/items.ts';
import type { Run } from './run.ts';

/** What a run is started with: text, or input items of the Responses API, also as the `openai` package types them. */
export type RunInput = string | readonly (InputItem | object)[];

export interface StartOptions<A extends Agent = Agent> {
  /** @default a random id */
  readonly runId?: string | undefined;
  /** Merged into the metadata of every create, beside `longhaul_run_id` and `longhaul_iteration`: 14 pairs at most. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** For tools: a user, a database. Never stored, never sent. */
  readonly context?: ContextOf<A> | undefined;
  /** Over the runner's own limits. */
  readonly limits?: RunLimits | undefined;
  /** Aborting it means `cancel()`. */
  readonly signal?: AbortSignal | undefined;
  /** The id of a terminal run whose conversation this one carries on. */
  readonly continueFrom?: string | undefined;
}

export interface ResumeOptions<A extends Agent = Agent> {
  readonly context?: ContextOf<A> | undefined;
  readonly signal?: AbortSignal | undefined;
  /**
   * Whether a person or a program asks for this one run. Only then is a create whose answer was lost twice sent again,
   * because each create may have started a job. Pass false where code resumes runs by itself, such as a page that shows one.
   *
   * @default true
   */
  readonly byHand?: boolean | undefined;
}

export interface RunSummary {
  readonly runId: string;
  readonly agent: string;
  readonly status: RunStatus;
  readonly revision: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** Starts runs and keeps them going. Made by `createRunner`; nothing here says where the loop runs. */
export interface Runner {
  /** Starts a run at once; the handle is there before anything is sent. */
  start<A extends Agent>(agent: A, input: RunInput, options?: StartOptions<A>): Run<A>;
  start(agent: string, input: RunInput, options?: StartOptions): Run;
  /**
   * Takes up a saved run where it stands. Gives the same `Run` for the same id: one that is driven here goes on as it is,
   * any other goes on with this agent and this `context`.
   */
  resume<A extends Agent>(agent: A, from: string | RunSnapshot, options?: ResumeOptions<A>): Promise<Run<A>>;
  resume(agent: string, from: string | RunSnapshot, options?: ResumeOptions): Promise<Run>;
  /**
   * At boot: takes up every run of the store that is not terminal and whose agent is known by `agents`. One that
   * stopped with `unknown_create` stays stopped, and its `result()` says so: `resume` sends one more create.
   *
   * @throws LonghaulError `resume_failed`, after the others were taken up, where some could not be; `cause` has why.
   */
  resumeAll(): Promise<Run[]>;
  /** A run as it looks now: the one that lives here, else as it was saved, without taking it up. */
  read(runId: string): Promise<RunView | undefined>;
  /** A run that lives here. */
  get(runId: string): Run | undefined;
  /** The runs that live here, oldest first. */
  readonly runs: readonly Run[];
  /** Calls `listener` when runs came or went. */
  subscribe(listener: () => void): () => void;
  /** Runs of the store, newest first. */
  list(filter?: RunFilter): Promise<RunSummary[]>;
  /** Forgets a terminal run, here and in the store. */
  delete(runId: string): Promise<void>;
  /** Does at once what waits for its time: for when the network is back, or a sleeping page is shown again. */
  wake(): void;
  /** Detaches every run, for good; nothing is cancelled at the server. Another runner may take them up at once. */
  close(options?: { readonly graceMs?: number }): Promise<void>;
}

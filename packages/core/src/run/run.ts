import type { OutputOf, RunViewOf } from '../agent/agent-types.ts';
import type { AgentRef } from '../agent/agent-ref.ts';
import type { SteeredInput } from '../engine/view/run-view.ts';
import type { RunEvent } from '../engine/view/run-event.ts';
import type { Usage } from '../wire/usage.ts';
import type { Decision } from '../engine/decision.ts';
import type { RunInput } from './run-input.ts';

/** The result of a completed run. */
export interface RunResult<A extends AgentRef = AgentRef> {
  readonly runId: string;
  /** The text of the last iteration. */
  readonly text: string;
  /** The structured output, if the agent has an `output` schema. */
  readonly output: OutputOf<A>;
  readonly usage: Usage;
  /** Steered input that no create contains, because the model answered before. Send it as the next run's input. */
  readonly unsent: readonly SteeredInput[];
  readonly view: RunViewOf<A>;
}

export interface SteerOptions {
  /** Identifies the input. The same id again changes nothing, so that a request may be repeated. @default a random id */
  readonly steerId?: string | undefined;
}

export interface RespondOptions {
  /** The person or system that decides. It is saved, and `decision.made` names it. */
  readonly by?: string | undefined;
  /**
   * The iteration of the calls. If the run is in another iteration, the decisions are rejected. Some servers repeat the
   * ids of calls in later iterations. @default the run's iteration at the time of the call
   */
  readonly iteration?: number | undefined;
}

/** One run of an agent. The interface is the same whether this process or another drives the run. */
export interface Run<A extends AgentRef = AgentRef> {
  readonly id: string;
  /** The current view of the run: immutable, and a new object only after a change. */
  readonly view: RunViewOf<A>;
  /** The number of the last event that `view` contains. It is higher in a newer view, including views of other processes. */
  readonly seq: number;
  /** Calls `listener` after each change, without arguments; read `view` then. */
  subscribe(listener: () => void): () => void;
  /**
   * The run's events in this process, from the first one or after a given `seq`. They end when the run is terminal, or
   * when this handle stops driving or following it. The last 10,000 events are kept. If an event that is due is no
   * longer kept, `{ type: 'view', view }` replaces all events so far.
   */
  events(options?: { readonly after?: number }): AsyncIterable<RunEvent>;
  /** Resolves when the store, or the server, has the run. Rejects if the run cannot be saved, or was refused. */
  saved(): Promise<void>;
  /**
   * Resolves only for `completed`. Rejects with a `RunError` for any other end, and with a `LonghaulError` if driving
   * stops.
   */
  result(): Promise<RunResult<A>>;
  /** Resolves when the run is terminal, or when this handle stops driving or following it. Never rejects. */
  done(): Promise<RunViewOf<A>>;
  /**
   * Cancels the run, and its pending response at the server. No later answer revives the run (I8). Resolves when the
   * run has ended, and rejects if driving stops before that.
   */
  cancel(reason?: string): Promise<RunViewOf<A>>;
  /**
   * Stops driving or following the run; its job continues at the server. Running tools are aborted after `graceMs`
   * milliseconds, 10,000 by default.
   */
  detach(options?: { readonly graceMs?: number }): Promise<void>;
  /**
   * Approves a call that waits for approval. This and the other decisions resolve when their effect is saved, even if
   * another process drives the run. They reject with a `DecisionError` if the call does not wait for the decision, and
   * with code `detached` if this handle is detached before that. A decision that was already posted still takes effect.
   */
  approve(callId: string): Promise<void>;
  /** Denies a call that waits for approval. The model receives the reason. */
  deny(callId: string, reason?: string): Promise<void>;
  /** Answers a call whose tool has no `execute`. The output is sent to the model like a result of `execute`. */
  submitToolOutput(callId: string, output: unknown): Promise<void>;
  /**
   * Adds input to the active run. The next create contains it, once, after the outputs of the tools. Resolves when the
   * input is saved, even if another process drives the run. If the model answers without another create, the input is
   * in `result().unsent`.
   *
   * @throws LonghaulError `run_over` if the run has ended or is being cancelled; `steer_limit` if the run already has
   * 100 inputs; ConfigurationError for an invalid input
   */
  steer(input: RunInput, options?: SteerOptions): Promise<void>;
  /** Sends several decisions. All take effect, or none does and a `DecisionError` names the call that does not fit. */
  respond(decisions: readonly Decision[], options?: RespondOptions): Promise<void>;
}

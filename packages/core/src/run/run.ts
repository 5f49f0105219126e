import type { OutputOf, RunViewOf } from '../agent/agent-types.ts';
import type { Agent } from '../agent/define-agent.ts';
import type { RunEvent } from '../engine/view/run-event.ts';
import type { Usage } from '../wire/usage.ts';
import type { RunSnapshot } from '../store/run-store.ts';
import type { Decision } from '../engine/decision.ts';

/** How a run ended that completed. */
export interface RunResult<A extends Agent = Agent> {
  readonly runId: string;
  /** The text of the last iteration. */
  readonly text: string;
  /** The structured output, where the agent has an `output` schema. */
  readonly output: OutputOf<A>;
  readonly usage: Usage;
  readonly view: RunViewOf<A>;
}

/**
 * One run of an agent. Nothing here says where its loop runs: in this process, in another tab, or at a server.
 */
export interface Run<A extends Agent = Agent> {
  readonly id: string;
  /** The run as it looks now: immutable, a new object only when something changed. */
  readonly view: RunViewOf<A>;
  /** Calls `listener` after each change, without arguments; read `view` then. */
  subscribe(listener: () => void): () => void;
  /**
   * The run's events, from the oldest that is still held, or after a given `seq`. They end by themselves when the run
   * is terminal or no longer driven here. Where `after` is no longer held, the first event is `{ type: 'view', view }`.
   */
  events(options?: { readonly after?: number }): AsyncIterable<RunEvent>;
  /**
   * Resolves for `completed` only; rejects with a `RunError` for any other end, or a `LonghaulError` where driving
   * stopped.
   */
  result(): Promise<RunResult<A>>;
  /** Resolves when the run is terminal, or no longer driven here; never rejects. */
  done(): Promise<RunViewOf<A>>;
  /** Cancels the pending response at the server; the run ends `cancelled` and no later answer revives it (I8). */
  cancel(reason?: string): Promise<RunViewOf<A>>;
  /**
   * Stops driving here; the job goes on at the server. Running tools may settle for `graceMs` (10 s), then they abort.
   */
  detach(options?: { readonly graceMs?: number }): Promise<void>;
  /** Lets a call run that awaits approval. */
  approve(callId: string): Promise<void>;
  /** Refuses a call that awaits approval; the model is told the reason. */
  deny(callId: string, reason?: string): Promise<void>;
  /** Answers a call whose tool has no `execute`: a string or content parts as they are, anything else as JSON. */
  submitToolOutput(callId: string, output: unknown): Promise<void>;
  /** Several decisions at once: all are taken, or none and a `DecisionError` says which call does not wait for one. */
  respond(decisions: readonly Decision[]): Promise<void>;
  /** Plain JSON, enough to resume the run elsewhere. */
  snapshot(): RunSnapshot;
}

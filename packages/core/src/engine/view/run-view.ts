import type { InputItem, OutputItem } from '../../wire/items.ts';
import type { JsonObject, JsonValue } from '../../wire/json.ts';
import type { Usage } from '../../wire/usage.ts';

export type TerminalRunStatus = 'completed' | 'incomplete' | 'failed' | 'cancelled';

/**
 * `queued` and `in_progress` follow the pending response; `running_tools`: tools run here; `requires_action`: only a
 * person's decision or an output from outside is awaited, nothing runs; `cancelling`: a cancel is on its way.
 */
export type RunStatus =
  | 'queued'
  | 'in_progress'
  | 'running_tools'
  | 'requires_action'
  | 'cancelling'
  | TerminalRunStatus;

export type SettledCallStatus = 'completed' | 'failed' | 'denied' | 'timed_out' | 'interrupted' | 'cancelled';
export type ToolCallStatus =
  | 'pending'
  | 'awaiting_approval'
  | 'awaiting_output'
  | 'running'
  | SettledCallStatus;

/** Who performs the effects of a run: this runner, another tab or process, or nobody. */
export type RunDriver = 'here' | 'elsewhere' | 'none';

export type WaitMode = 'poll' | 'stream';
export type AttemptStrategy = 'first' | 'chain' | 'replay';

/** What went wrong, as data. `code` is the server's where it gave one. */
export interface ErrorView {
  readonly code: string;
  readonly message: string;
  /** HTTP status, where there was an answer. */
  readonly status?: number;
  /** The parameter that the server complained about. */
  readonly param?: string;
  /**
   * Why the server held the response to be misaligned, as it says it: `error_type`, `detailed_explanation`, `steer`.
   */
  readonly misalignment?: JsonObject;
}

/** One create of an iteration. An iteration has several where a response failed in passing or the strategy changed. */
export interface AttemptView {
  readonly responseId: string | null;
  readonly strategy: AttemptStrategy;
  /** The response's last known status; `creating` before there is one, `lost` where its id never arrived. */
  readonly status: string;
  readonly mode: WaitMode;
  /** GETs of this response so far. */
  readonly polls: number;
  readonly reconnects: number;
  readonly error?: ErrorView;
}

/** One iteration: a response, and the calls that it asked for. */
export interface IterationView {
  readonly index: number;
  readonly responseId: string | null;
  readonly status: string;
  /** The answer: messages without `phase` or of `final_answer`. Commentary is in `items`. */
  readonly text: string;
  /** What other agents of a multi-agent response wrote, by agent; absent where no other agent wrote. */
  readonly agentTexts?: Readonly<Record<string, string>>;
  readonly toolCallIds: readonly string[];
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly usage?: Usage;
  /** The tier that served the response, for its price: `default`, `flex`, `priority`, … */
  readonly serviceTier?: string;
  /** What hosted tools of the response cost, as the API says it: `{ web_search: { num_requests } }`. */
  readonly toolUsage?: JsonObject;
  readonly attempts: readonly AttemptView[];
}

/** An output item of any iteration; it grows while it streams, until `done`. */
export interface ItemView {
  readonly iteration: number;
  readonly outputIndex: number;
  readonly done: boolean;
  readonly item: OutputItem;
}

/** A call of one of the agent's own tools. */
export interface ToolCallView<Name extends string = string, Arguments = unknown, Result = unknown> {
  readonly callId: string;
  readonly name: Name;
  /** The namespace of the tool, where the call names one. */
  readonly namespace?: string;
  /**
   * The model's JSON after null removal, before the schema's transforms; absent where it could not be read, or is not
   * all there yet.
   */
  readonly arguments?: Arguments;
  /** The text as the model wrote it. */
  readonly rawArguments: string;
  readonly status: ToolCallStatus;
  /** What the tool gave back, as JSON; absent unless the call completed. The model is sent its text. */
  readonly output?: Result;
  readonly error?: ErrorView;
  /** The last value that the tool reported through `progress`. */
  readonly progress?: JsonValue;
  readonly iteration: number;
  readonly startedAt?: number;
  readonly endedAt?: number;
}

/** What a run waits for at the server. */
export interface WaitingView {
  readonly mode: WaitMode;
  readonly responseId: string;
  readonly responseStatus: string;
  /** 0-based attempt of the iteration. */
  readonly attempt: number;
  readonly startedAt: number;
  readonly lastPolledAt?: number;
  readonly nextPollAt?: number;
  readonly lastSequenceNumber?: number;
  /** The last trouble in reaching the server; gone with the next answer. */
  readonly error?: ErrorView;
}

export interface WarningView {
  readonly code: string;
  readonly message: string;
  readonly at: number;
}

/**
 * A run as it looks now: immutable, plain JSON, a new object only when something changed. Times are milliseconds
 * since the epoch.
 */
export interface RunView<Call extends ToolCallView = ToolCallView, Output = unknown> {
  readonly runId: string;
  readonly agent: string;
  readonly status: RunStatus;
  readonly input: string | readonly InputItem[];
  /**
   * The answer of the current iteration: grows while it streams, starts anew with the next iteration's. It has the
   * messages without `phase` or of `final_answer`.
   */
  readonly text: string;
  /**
   * The commentary that streams now ("I will look", in a message of phase `commentary`): the last such message of the
   * current iteration. Empty once the iteration's response is over; the message itself is in `items`.
   */
  readonly commentary: string;
  /** What other agents of a multi-agent response wrote in the current iteration, by the agent's name. */
  readonly agentTexts: Readonly<Record<string, string>>;
  /** The structured output, once the run has completed. */
  readonly output?: Output;
  /** 0-based iteration. */
  readonly iteration: number;
  readonly items: readonly ItemView[];
  readonly iterations: readonly IterationView[];
  readonly toolCalls: readonly Call[];
  readonly waiting: WaitingView | null;
  readonly driver: RunDriver;
  /** Sum over all attempts. */
  readonly usage: Usage;
  readonly warnings: readonly WarningView[];
  readonly error?: ErrorView;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export function isTerminalRun(status: RunStatus): status is TerminalRunStatus {
  return status === 'completed' || status === 'incomplete' || status === 'failed' || status === 'cancelled';
}

export function isSettledCall(status: ToolCallStatus): status is SettledCallStatus {
  return (
    status !== 'pending' &&
    status !== 'running' &&
    status !== 'awaiting_approval' &&
    status !== 'awaiting_output'
  );
}

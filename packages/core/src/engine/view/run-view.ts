import type { InputItem, OutputItem } from '../../wire/items.ts';
import type { JsonObject, JsonValue } from '../../wire/json.ts';
import type { Usage } from '../../wire/usage.ts';

export type TerminalRunStatus = 'completed' | 'incomplete' | 'failed' | 'cancelled';

/**
 * - `queued`, `in_progress`: the status of the response, including the time in which it is created.
 * - `running_tools`: the run's tool calls are being executed.
 * - `requires_action`: the run only waits for a person's decision or for `run.submitToolOutput`.
 * - `cancelling`: the run is being cancelled.
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

/** The driver of a run: this runner, another tab or process, or none. */
export type RunDriver = 'here' | 'elsewhere' | 'none';

export type WaitMode = 'poll' | 'stream';
export type AttemptStrategy = 'first' | 'chain' | 'replay';

/** An error as data. `code` is the server's code, if it sent one. */
export interface ErrorView {
  readonly code: string;
  readonly message: string;
  /** The HTTP status, if there was an answer. */
  readonly status?: number;
  /** The parameter that the server named in the error. */
  readonly param?: string;
  /**
   * The server's reason for a misalignment error: `error_type`, `detailed_explanation`, `steer`.
   */
  readonly misalignment?: JsonObject;
}

/** One create of an iteration. There are several if a response failed transiently, or if chaining failed. */
export interface AttemptView {
  readonly responseId: string | null;
  readonly strategy: AttemptStrategy;
  /**
   * The last known status of the response. `creating` before it is known, `refused` if the server refused the create,
   * `lost` if no answer with an id arrived.
   */
  readonly status: string;
  readonly mode: WaitMode;
  /** The number of GETs of this response so far. */
  readonly polls: number;
  readonly reconnects: number;
  readonly error?: ErrorView;
}

/** One iteration: a response and its calls. */
export interface IterationView {
  readonly index: number;
  readonly responseId: string | null;
  readonly status: string;
  /** The answer: messages without `phase` or of `final_answer`. Commentary is in `items`. */
  readonly text: string;
  /** The texts of other agents of a multi-agent response, by agent. Absent if there are none. */
  readonly agentTexts?: Readonly<Record<string, string>>;
  readonly toolCallIds: readonly string[];
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly usage?: Usage;
  /** The tier that served the response, for its price: `default`, `flex`, `priority`, … */
  readonly serviceTier?: string;
  /** The usage of the response's hosted tools, as sent by the API: `{ web_search: { num_requests } }`. */
  readonly toolUsage?: JsonObject;
  readonly attempts: readonly AttemptView[];
}

/** The call that an item makes or answers. */
export interface HiddenCall {
  readonly callId: string;
  /** The name and the namespace of the tool, if the item makes the call. */
  readonly name?: string;
  readonly namespace?: string;
}

/** An image that is not complete yet. */
export interface PartialImage {
  /** The image in base64. */
  readonly image: string;
  /** `png`, `webp`, … Absent if the server did not send it. */
  readonly format?: string;
}

/** An output item of an iteration. It grows while it streams, until `done`. */
export interface ItemView {
  readonly iteration: number;
  readonly outputIndex: number;
  readonly done: boolean;
  readonly item: OutputItem;
  /** The call of an item whose fields a server does not show to a page. Absent for all other items. */
  readonly call?: HiddenCall;
  /** The last partial image of an image generation, until the item is done. It is not saved. */
  readonly partialImage?: PartialImage;
}

/** A call of one of the agent's own tools, or a call of a hosted MCP server that a person must approve. */
export interface ToolCallView<Name extends string = string, Arguments = unknown, Result = unknown> {
  readonly callId: string;
  readonly name: Name;
  /** The namespace of the tool, if the call has one. */
  readonly namespace?: string;
  /** The label of the hosted MCP server that executes the call. Absent for calls of the agent's own tools. */
  readonly serverLabel?: string;
  /**
   * The model's JSON without nulls for omitted properties, before the schema's transforms. Absent if it is not complete
   * or not valid JSON.
   */
  readonly arguments?: Arguments;
  /** The text that the model wrote. */
  readonly rawArguments: string;
  readonly status: ToolCallStatus;
  /** The tool's result as JSON. Absent unless the call completed. The model receives the result as text. */
  readonly output?: Result;
  readonly error?: ErrorView;
  /** The last value that the tool reported with `progress`. */
  readonly progress?: JsonValue;
  /** The person or system that has decided about the call, if it was named. */
  readonly decidedBy?: string;
  /** Until then, one page executes the call. Absent if the call is not leased. */
  readonly leasedUntil?: number;
  /** The value that the person who decides is shown, if the tool has `approvalView`. It stays after the decision. */
  readonly approvalView?: JsonValue;
  readonly iteration: number;
  readonly startedAt?: number;
  readonly endedAt?: number;
}

/** The pending response that a run waits for. */
export interface WaitingView {
  readonly mode: WaitMode;
  readonly responseId: string;
  readonly responseStatus: string;
  /** The attempt of the iteration, from 0. */
  readonly attempt: number;
  readonly startedAt: number;
  readonly lastPolledAt?: number;
  readonly nextPollAt?: number;
  readonly lastSequenceNumber?: number;
  /** The last error of a request for this response. Removed at the next answer. */
  readonly error?: ErrorView;
}

/** Input that `run.steer` has added to a run. */
export interface SteeredInput {
  /** Identifies the input within its run. */
  readonly steerId: string;
  readonly input: string | readonly InputItem[];
  readonly at: number;
  /** The iteration whose create contains the input. Absent if no create contains it yet, or if the run has ended. */
  readonly sentIn?: number;
}

export interface WarningView {
  readonly code: string;
  readonly message: string;
  readonly at: number;
}

/** Why the workers of a queue have stopped driving a run that has not ended. */
export interface RunHalt {
  /** The `code` of the error that stopped it, or `attempts`: too many workers have died while they drove it. */
  readonly reason: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

/**
 * The current view of a run: immutable, plain JSON, and a new object only after an event. Times are milliseconds since
 * the epoch.
 */
export interface RunView<Call extends ToolCallView = ToolCallView, Output = unknown> {
  readonly runId: string;
  readonly agent: string;
  /** The person or tenant that the run belongs to. */
  readonly owner?: string;
  /** The conversation that the run is a part of. All runs that continue each other have the same `threadId`. */
  readonly threadId: string;
  /** The run whose conversation this run continues. Absent for the first run of a conversation. */
  readonly continues?: string;
  readonly title?: string;
  /** The metadata that `start` was given. On a page: the metadata that the page has sent. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Metadata of a visitor. Absent on a page, where it is `metadata`. */
  readonly untrusted?: Readonly<Record<string, string>>;
  readonly status: RunStatus;
  readonly input: string | readonly InputItem[];
  /** Input that was added while the run was active, oldest first. */
  readonly steered: readonly SteeredInput[];
  /**
   * The answer of the current iteration. It grows while it streams, and is empty at the start of each iteration. It
   * consists of the messages without `phase` and those of phase `final_answer`.
   */
  readonly text: string;
  /**
   * The commentary that streams now ("I will look", in a message of phase `commentary`): the last such message of the
   * current iteration. Empty after the iteration's response has ended. The message itself is in `items`.
   */
  readonly commentary: string;
  /** The texts of other agents of a multi-agent response in the current iteration, by the agent's name. */
  readonly agentTexts: Readonly<Record<string, string>>;
  /** The structured output, after the run has completed. */
  readonly output?: Output;
  /** The iteration, from 0. */
  readonly iteration: number;
  readonly items: readonly ItemView[];
  readonly iterations: readonly IterationView[];
  readonly toolCalls: readonly Call[];
  readonly waiting: WaitingView | null;
  readonly driver: RunDriver;
  /** Why no worker drives the run until it is resumed. Absent for a run that is driven, or that waits. */
  readonly halted?: RunHalt;
  /** The sum of the usage of all attempts. */
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

import type { CallOutputItem, InputItem, OutputItem } from '../wire/items.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import type { Usage } from '../wire/usage.ts';
import type { RequestPatch } from './request-patch.ts';
import type { AttemptView, ErrorView, SettledCallStatus } from './view/run-view.ts';

/** The input of a run. It is the first item of every run. */
export interface StoredInput {
  readonly type: 'input';
  /** The input that the caller passed. */
  readonly input: string | readonly InputItem[];
  /** The conversation before `lead`, in runs of earlier versions. Later versions save it as a `StoredHistory`. */
  readonly history?: readonly InputItem[];
  /**
   * If the run continues another one: the items between that run's last completed response and the new input. They are
   * outputs of calls, input that was not answered, and the text of a response that was stopped.
   */
  readonly lead: readonly InputItem[];
}

/**
 * The conversation before the run's own items. It is saved when the run must send the whole conversation. A run that
 * chains to the previous response does not have it, so a turn of a long conversation costs what the first one costs.
 */
export interface StoredHistory {
  readonly type: 'history';
  readonly items: readonly InputItem[];
}

/** Input that `run.steer` has added. */
export interface StoredSteer {
  readonly type: 'steer';
  readonly steerId: string;
  readonly input: string | readonly InputItem[];
  readonly at: number;
}

/** The steered inputs that the create of this iteration contains, in this order. */
export interface StoredSteerSent {
  readonly type: 'steer_sent';
  readonly iteration: number;
  readonly steerIds: readonly string[];
}

/** An output item of an iteration's final response, verbatim. */
export interface StoredOutput {
  readonly type: 'output';
  readonly iteration: number;
  readonly outputIndex: number;
  readonly item: OutputItem;
}

/** An iteration that has ended: its response is terminal, or the run ended before that. */
export interface StoredIteration {
  readonly type: 'iteration';
  readonly iteration: number;
  readonly responseId: string | null;
  /** The id in the response's final answer, if it differs. Later creates refer to it. */
  readonly endedAs?: string;
  readonly status: string;
  /**
   * Whether the server keeps the response. If it does not, later creates cannot use the ids of the response and its
   * items.
   */
  readonly stored: boolean;
  readonly usage: Usage;
  readonly serviceTier?: string;
  readonly toolUsage?: JsonObject;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly attempts: readonly AttemptView[];
}

/** A settled call. It is recorded before its output is sent, and each retry sends the recorded output (I6). */
export interface StoredCall {
  readonly type: 'call';
  readonly iteration: number;
  readonly callId: string;
  readonly name: string;
  readonly status: SettledCallStatus;
  /**
   * The output that is sent to the model. Absent for a call that was left open when the run ended, unless a hosted MCP
   * server made it.
   */
  readonly output?: CallOutputItem;
  /** Whether the output's text is the JSON of the tool's result. */
  readonly json?: true;
  readonly error?: ErrorView;
  /** The arguments without nulls for omitted properties, if they differ from the model's JSON. */
  readonly arguments?: JsonValue;
  readonly decidedBy?: string;
  readonly progress?: JsonValue;
  /** The value that the person who decided was shown, if its tool had `approvalView`. */
  readonly approvalView?: JsonValue;
  readonly startedAt?: number;
  readonly endedAt: number;
}

/** The changes of `prepareRequest` to an iteration's request, so that a retry of the iteration sends the same. */
export interface StoredRequest {
  readonly type: 'request';
  readonly iteration: number;
  readonly strategy: 'first' | 'chain' | 'replay';
  readonly patch: RequestPatch;
}

export interface StoredWarning {
  readonly type: 'warning';
  readonly code: string;
  readonly message: string;
  readonly at: number;
}

/** An item that a run appends to its store and never changes. */
export type StoredItem =
  | StoredInput
  | StoredHistory
  | StoredSteer
  | StoredSteerSent
  | StoredOutput
  | StoredIteration
  | StoredCall
  | StoredRequest
  | StoredWarning;

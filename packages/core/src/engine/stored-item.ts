import type { CallOutputItem, InputItem, OutputItem } from '../wire/items.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import type { Usage } from '../wire/usage.ts';
import type { RequestPatch } from './request-patch.ts';
import type { AttemptView, ErrorView, SettledCallStatus } from './view/run-view.ts';

/** What the run was given: the first item of every run. */
export interface StoredInput {
  readonly type: 'input';
  /** As the caller gave it. */
  readonly input: string | readonly InputItem[];
  /** Where an earlier run is continued: what that conversation held up to its last completed response (for replay) … */
  readonly history: readonly InputItem[];
  /** … and what must be sent before the new input: outputs of calls that were left open, or input never answered. */
  readonly lead: readonly InputItem[];
}

/** An output item of an iteration's final response, verbatim. */
export interface StoredOutput {
  readonly type: 'output';
  readonly iteration: number;
  readonly outputIndex: number;
  readonly item: OutputItem;
}

/** An iteration whose response is terminal. */
export interface StoredIteration {
  readonly type: 'iteration';
  readonly iteration: number;
  readonly responseId: string | null;
  /** Its id by its final answer, where that is another one: what a later create refers to. */
  readonly endedAs?: string;
  readonly status: string;
  /** Whether the server keeps the response: what it does not keep cannot be referred to by ids. */
  readonly stored: boolean;
  readonly usage: Usage;
  readonly serviceTier?: string;
  readonly toolUsage?: JsonObject;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly attempts: readonly AttemptView[];
}

/** A settled call: recorded before its output is sent, and sent again from here however often that takes (I6). */
export interface StoredCall {
  readonly type: 'call';
  readonly iteration: number;
  readonly callId: string;
  readonly name: string;
  readonly status: SettledCallStatus;
  /** What the model is told; absent for calls that were left open when the run ended. */
  readonly output?: CallOutputItem;
  /** Whether the output's text is JSON that stands for the tool's result. */
  readonly json?: true;
  readonly error?: ErrorView;
  /** Only where they differ from the model's JSON: nulls removed. */
  readonly arguments?: JsonValue;
  readonly startedAt?: number;
  readonly endedAt: number;
}

/** What `prepareRequest` made of an iteration's request, so that a retry of the iteration sends the same. */
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

/** What a run appends to its store and never changes. */
export type StoredItem =
  | StoredInput
  | StoredOutput
  | StoredIteration
  | StoredCall
  | StoredRequest
  | StoredWarning;

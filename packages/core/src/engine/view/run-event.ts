import type { CreateBody } from '../../wire/create-body.ts';
import type { InputItem, OutputItem } from '../../wire/items.ts';
import type { JsonObject, JsonValue } from '../../wire/json.ts';
import type { Usage } from '../../wire/usage.ts';
import type {
  AttemptStrategy,
  AttemptView,
  ErrorView,
  HiddenCall,
  PartialImage,
  RunDriver,
  RunStatus,
  RunView,
  SettledCallStatus,
  TerminalRunStatus,
  WaitingView,
  WaitMode,
} from './run-view.ts';

/**
 * The field that a delta of an item extends. `text`: a message that is not the answer, such as commentary or a message
 * of another agent. The answer's text has `text.delta`.
 */
export type DeltaField = 'text' | 'arguments' | 'input' | 'summary' | 'reasoning' | 'refusal' | 'code';

/** The fields of all events about the pending response. */
export interface PendingEvent {
  readonly iteration: number;
  /** The attempts of the iteration so far. */
  readonly attempts: readonly AttemptView[];
  readonly waiting: WaitingView;
}

/** A change of the pending response. */
export type PendingUpdate =
  | { readonly type: 'response.status'; readonly responseId: string; readonly status: string }
  /** A GET was answered, or failed with `waiting.error`. */
  | { readonly type: 'poll' }
  | { readonly type: 'stream.connected' }
  | { readonly type: 'stream.dropped'; readonly reason: string; readonly retryAt?: number };

/** An event of a run, as the engine emits it. The driver numbers it, see {@link RunEvent}. */
export type RunEventBody =
  | {
      readonly type: 'run.started';
      readonly runId: string;
      readonly agent: string;
      readonly owner?: string;
      readonly threadId: string;
      readonly continues?: string;
      readonly title?: string;
      readonly metadata: Readonly<Record<string, string>>;
      /** See `RunView.untrusted`. */
      readonly untrusted?: Readonly<Record<string, string>>;
      readonly input: string | readonly InputItem[];
      readonly status: RunStatus;
      readonly createdAt: number;
    }
  | { readonly type: 'run.resumed' }
  /** The run now belongs to this person or tenant. */
  | { readonly type: 'run.owner'; readonly owner: string }
  /** Input was added to the run. A later create contains it, unless the run ends before. */
  | {
      readonly type: 'input.steered';
      readonly steerId: string;
      readonly input: string | readonly InputItem[];
    }
  /** The create of this iteration contains the inputs with these ids. */
  | { readonly type: 'input.sent'; readonly iteration: number; readonly steerIds: readonly string[] }
  /** The run's own status changed. */
  | { readonly type: 'run.status'; readonly status: RunStatus }
  /** A create is about to be sent. A second event of the same iteration removes the iteration's items and calls. */
  | {
      readonly type: 'iteration.started';
      readonly iteration: number;
      readonly attempt: number;
      readonly strategy: AttemptStrategy;
      readonly mode: WaitMode;
      /** The body of the create. Absent on a page, unless its server shows requests. */
      readonly request?: CreateBody;
    }
  /**
   * The create of this attempt failed, its answer was lost, or its response failed transiently. At `retryAt` the create
   * is sent again, or the next attempt starts.
   */
  | {
      readonly type: 'attempt.failed';
      readonly iteration: number;
      /** The attempt of the iteration, from 0. */
      readonly attempt: number;
      /** The attempts of the iteration so far. */
      readonly attempts: readonly AttemptView[];
      readonly error: ErrorView;
      readonly retryAt?: number;
      /** The usage of the run so far, if the attempt had a response that failed. */
      readonly totalUsage?: Usage;
    }
  | (PendingEvent & PendingUpdate)
  | {
      readonly type: 'text.delta';
      readonly iteration: number;
      readonly outputIndex: number;
      readonly contentIndex: number;
      readonly delta: string;
    }
  | {
      readonly type: 'item.delta';
      readonly iteration: number;
      readonly outputIndex: number;
      readonly field: DeltaField;
      /** The index of the summary or content part, if the field has several. */
      readonly index: number;
      readonly delta: string;
    }
  /** The progress of a hosted tool: `searching`, `interpreting`, … */
  | {
      readonly type: 'item.progress';
      readonly iteration: number;
      readonly outputIndex: number;
      readonly status: string;
    }
  /** An image that is not complete yet. It replaces the earlier one. It is not saved. */
  | ({
      readonly type: 'item.image';
      readonly iteration: number;
      readonly outputIndex: number;
    } & PartialImage)
  | {
      readonly type: 'item.added' | 'item.done';
      readonly iteration: number;
      readonly outputIndex: number;
      readonly item: OutputItem;
      /** See `ItemView.call`. */
      readonly call?: HiddenCall;
    }
  /** The final output differs from the items of its stream. These are all items of the iteration. */
  | {
      readonly type: 'items.replaced';
      readonly iteration: number;
      readonly items: readonly OutputItem[];
    }
  | {
      readonly type: 'tool.started';
      readonly iteration: number;
      readonly callId: string;
      readonly name: string;
      /** Absent on a page, if the tool is private. */
      readonly arguments?: JsonValue;
    }
  | {
      readonly type: 'tool.progress';
      readonly iteration: number;
      readonly callId: string;
      readonly progress: JsonValue;
    }
  | {
      readonly type: 'tool.settled';
      readonly iteration: number;
      readonly callId: string;
      readonly name: string;
      readonly status: SettledCallStatus;
      readonly arguments?: JsonValue;
      readonly output?: JsonValue;
      readonly error?: ErrorView;
    }
  | {
      readonly type: 'decision.needed';
      readonly iteration: number;
      readonly callId: string;
      readonly name: string;
      readonly kind: 'approval' | 'output';
      readonly arguments?: JsonValue;
      /** The value that the person who decides is shown, if the tool has `approvalView`. */
      readonly approvalView?: JsonValue;
    }
  | {
      readonly type: 'decision.made';
      readonly iteration: number;
      readonly callId: string;
      readonly decision: 'approve' | 'deny' | 'output' | 'error';
      readonly reason?: string;
      /** The person or system that has decided, if it was named. */
      readonly by?: string;
    }
  /** One page executes a call of a tool without `execute`, until `leasedUntil`. */
  | {
      readonly type: 'tool.leased';
      readonly iteration: number;
      readonly callId: string;
      readonly leasedUntil: number;
    }
  /** The iteration has ended: its response is terminal, or the run ended before that. Its usage is final. */
  | {
      readonly type: 'iteration.completed';
      readonly iteration: number;
      readonly responseId: string | null;
      readonly status: string;
      /** The final text. Null if no final answer was received. The streamed text then stays. */
      readonly text: string | null;
      /** The final texts of other agents of a multi-agent response, by agent. Absent if there are none. */
      readonly agentTexts?: Readonly<Record<string, string>>;
      readonly toolCallIds: readonly string[];
      readonly usage: Usage;
      readonly serviceTier?: string;
      readonly toolUsage?: JsonObject;
      /** The usage of the run so far. */
      readonly totalUsage: Usage;
      readonly attempts: readonly AttemptView[];
      readonly error?: ErrorView;
    }
  | { readonly type: 'warning'; readonly code: string; readonly message: string }
  | { readonly type: 'run.driver'; readonly driver: RunDriver }
  | { readonly type: 'run.cancelling'; readonly reason?: string }
  | {
      readonly type: 'run.ended';
      readonly status: TerminalRunStatus;
      readonly output?: JsonValue;
      readonly error?: ErrorView;
      readonly usage: Usage;
    }
  /** Replaces all earlier events. */
  | { readonly type: 'view'; readonly view: RunView };

/** A numbered event of a run, as plain JSON. `seq` rises by at least one, even across resumes in other processes. */
export type RunEvent = RunEventBody & {
  readonly seq: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
};

export type RunEventType = RunEvent['type'];

/**
 * Merges two deltas of the same text, or two images of the same item, for readers that have received neither. Undefined
 * for other events.
 */
export function mergeDeltas<Later extends RunEventBody>(last: RunEventBody, later: Later): Later | undefined {
  if (last.type === 'text.delta' && later.type === 'text.delta') {
    return last.outputIndex === later.outputIndex &&
      last.contentIndex === later.contentIndex &&
      last.iteration === later.iteration
      ? { ...later, delta: last.delta + later.delta }
      : undefined;
  }
  if (last.type === 'item.delta' && later.type === 'item.delta') {
    return last.outputIndex === later.outputIndex &&
      last.field === later.field &&
      last.index === later.index &&
      last.iteration === later.iteration
      ? { ...later, delta: last.delta + later.delta }
      : undefined;
  }
  if (last.type === 'item.image' && later.type === 'item.image') {
    return last.outputIndex === later.outputIndex && last.iteration === later.iteration ? later : undefined;
  }
  return undefined;
}

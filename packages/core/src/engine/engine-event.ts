import type { JsonObject, JsonValue } from '../wire/json.ts';
import type { InputItem, ToolOutput } from '../wire/items.ts';
import type { Response } from '../wire/response.ts';
import type { Decision } from './decision.ts';
import type { Failure } from './policy/failure.ts';
import type { AskedDelay } from './policy/poll-delay.ts';
import type { RequestPatch } from './request-patch.ts';
import type { RunPolicy } from './run-policy.ts';
import type { ErrorView } from './view/run-view.ts';

/** The result of checking a call against its tool, before the call runs. */
export type Assessment = {
  readonly callId: string;
  /** The model's JSON without nulls for omitted properties. Undefined if the text is not JSON. */
  readonly arguments: JsonValue | undefined;
  /** The same value as `arguments`, if it differs from the model's JSON. */
  readonly changedArguments?: JsonValue;
  /** The tool declares `output_schema`, so the output is always sent as JSON. */
  readonly jsonOutput?: boolean;
  /** The value that the person who decides is shown, if the tool has `approvalView` and the verdict is `ask`. */
  readonly approvalView?: JsonValue;
} /** `ask`: a person must approve the call first. `external`: the tool has no `execute`. */ & (
  | { readonly verdict: 'run' | 'ask'; readonly idempotent: boolean; readonly external: boolean }
  | { readonly verdict: 'fail'; readonly error: ErrorView }
);

/** The result of executing a call. */
export interface CallOutcome {
  readonly status: 'completed' | 'failed' | 'timed_out';
  /** The output that is sent to the model. */
  readonly output: ToolOutput;
  /** Whether `output` is the JSON text of the result, not the result's own text. */
  readonly json: boolean;
  readonly error?: ErrorView;
}

/** The conversation that a new run continues. */
export interface Continuation {
  readonly threadId: string;
  /** Whether the conversation has items before `lead`. */
  readonly hasHistory: boolean;
  /** See `StoredInput.lead`. */
  readonly lead: readonly InputItem[];
  readonly previousResponseId: string | null;
  readonly stored: boolean | null;
}

/** The message that caused an event. */
export interface MessageSource {
  /**
   * A random id from the sender. The run records the message's result under this id, and applies the message only once.
   */
  readonly id?: string;
  /**
   * The id in the store's inbox. The save of the event's step deletes the message. Absent if the message was not posted
   * to the inbox.
   */
  readonly storeId?: string;
}

/** The reason why a run cannot continue. `configuration`: the caller's configuration is wrong. */
export interface FailureReason {
  readonly error: ErrorView;
  readonly errorKind?: 'configuration';
}

/** The fields of every event. */
interface EventStamp {
  /** Wall time for display, in milliseconds since the epoch. */
  readonly at: number;
  /**
   * The run's own time line (`RunState.clock`), in milliseconds. It begins at `createdAt`, continues from the last save
   * after a resume, and advances with a clock that does not jump. @default `at`, for drivers whose clock does not jump
   */
  readonly time?: number;
  /** A random number between 0 and 1, because the engine has no randomness of its own. */
  readonly random: number;
}

/** An event without the time and the random number that the driver adds. */
export type EngineEventBody =
  | {
      readonly type: 'started';
      readonly continuation?: Continuation;
      /** The source of the context that the run is started with. */
      readonly context?: 'own' | 'runner';
    }
  | ({ readonly type: 'start_failed' } & FailureReason)
  /** The conversation before this run, which a replay sends. */
  | { readonly type: 'history_loaded'; readonly items: readonly InputItem[] }
  | ({ readonly type: 'history_failed' } & FailureReason)
  | { readonly type: 'prepared'; readonly patch: RequestPatch | null }
  | ({ readonly type: 'prepare_failed' } & FailureReason)
  | {
      readonly type: 'responded';
      readonly to: 'create' | 'retrieve' | 'cancel';
      readonly response: Response;
      readonly asked?: AskedDelay;
    }
  | {
      readonly type: 'request_failed';
      readonly to: 'create' | 'retrieve' | 'stream' | 'cancel';
      readonly failure: Failure;
      readonly asked?: AskedDelay;
    }
  | { readonly type: 'stream_opened' }
  /** Events of the stream that arrived together, in order. */
  | { readonly type: 'streamed'; readonly events: readonly JsonObject[] }
  | { readonly type: 'stream_ended'; readonly reason: 'eof' | 'lost' | 'idle' }
  | { readonly type: 'timer' }
  /** The machine slept for `gapMs` milliseconds, or its clock was set forward by that time. */
  | { readonly type: 'slept'; readonly gapMs: number }
  /** Whether a page shows the run. Only for the runs of a queue. */
  | { readonly type: 'watched'; readonly watched: boolean }
  /** Another run of the same client has detected a proxy that buffers streams. */
  | { readonly type: 'streams_buffered'; readonly forMs: number }
  /** Other runs of the same client have learned that webhooks arrive, for the next `forMs`. 0: a webhook was missing. */
  | { readonly type: 'webhooks_known'; readonly forMs: number }
  /**
   * The page is visible again, or the network is back. With `responseId` or `source`: a webhook says that this response
   * has ended, or the pending one.
   */
  | { readonly type: 'woken'; readonly responseId?: string; readonly source?: MessageSource }
  | { readonly type: 'assessed'; readonly calls: readonly Assessment[] }
  | { readonly type: 'tool_progressed'; readonly callId: string; readonly progress: JsonValue }
  | { readonly type: 'tool_settled'; readonly callId: string; readonly outcome: CallOutcome }
  | {
      readonly type: 'decided';
      readonly decisions: readonly RecordedDecision[];
      /** The iteration of the calls that the decisions are for. */
      readonly iteration: number;
      /** The person or system that has decided. */
      readonly by?: string;
      readonly source?: MessageSource;
    }
  /** A page wants to execute a call of a tool without `execute`, or to renew its lease. */
  | {
      readonly type: 'lease_asked';
      readonly callId: string;
      readonly leaseId: string;
      readonly iteration: number;
      readonly source?: MessageSource;
    }
  /** Input for the next create of the active run. */
  | {
      readonly type: 'steer_asked';
      /** Identifies the input within the run. */
      readonly steerId: string;
      readonly input: string | readonly InputItem[];
      readonly source?: MessageSource;
    }
  | { readonly type: 'owner_assigned'; readonly owner: string; readonly source?: MessageSource }
  | { readonly type: 'cancel_asked'; readonly reason?: string; readonly source?: MessageSource }
  /** A decision or a cancel that another process posted for this run is invalid. */
  | { readonly type: 'unreadable_message'; readonly source?: MessageSource }
  /** This process is about to stop driving the run. */
  | { readonly type: 'draining' }
  | { readonly type: 'output_read'; readonly output?: JsonValue; readonly error?: ErrorView }
  /**
   * `gapMs`: the wall time during which no process drove the run, in milliseconds. `manual`: the caller called `resume`
   * for this run, so the loop may send a create that may be paid for twice. `watched`: whether a page shows the run, if
   * it is in a queue.
   */
  | {
      readonly type: 'resumed';
      readonly policy: RunPolicy;
      readonly gapMs?: number;
      readonly manual?: boolean;
      readonly watched?: boolean;
    };

/** An event that the driver reports to the engine. */
export type EngineEvent = EventStamp & EngineEventBody;

export type EngineEventOf<Type extends EngineEvent['type']> = Extract<EngineEvent, { readonly type: Type }>;

/** A decision with its output in the form that is sent: text or content parts. */
export type RecordedDecision =
  | Exclude<Decision, { readonly type: 'output' }>
  | {
      readonly type: 'output';
      readonly callId: string;
      readonly leaseId?: string;
      readonly output: ToolOutput;
      /** Whether `output` is the JSON text of the result, not the result's own text. */
      readonly json: boolean;
    };

import type { JsonObject, JsonValue } from '../wire/json.ts';
import type { InputItem, ToolOutput } from '../wire/items.ts';
import type { Response } from '../wire/response.ts';
import type { Decision } from './decision.ts';
import type { Failure } from './policy/failure.ts';
import type { AskedDelay } from './policy/poll-delay.ts';
import type { RequestPatch } from './request-patch.ts';
import type { RunPolicy } from './run-policy.ts';
import type { ErrorView } from './view/run-view.ts';

/** What an agent's tool says about a call before it runs. */
export type Assessment = {
  readonly callId: string;
  /** The model's JSON after null removal; undefined where it could not be read. */
  readonly arguments: JsonValue | undefined;
  /** The same, only where it differs from the model's JSON. */
  readonly changedArguments?: JsonValue;
  /** The tool declares `output_schema`: whatever becomes of the call, its output is sent as JSON. */
  readonly jsonOutput?: boolean;
} /** `ask`: a person must approve it first. `external`: the tool has no `execute`. */ & (
  | { readonly verdict: 'run' | 'ask'; readonly idempotent: boolean; readonly external: boolean }
  | { readonly verdict: 'fail'; readonly error: ErrorView }
);

/** How the execution of a call ended. */
export interface CallOutcome {
  readonly status: 'completed' | 'failed' | 'timed_out';
  /** What the model is told. */
  readonly output: ToolOutput;
  /** Whether `output` is the JSON text of the result, not the result's own text. */
  readonly json: boolean;
  readonly error?: ErrorView;
}

export interface Continuation {
  readonly history: readonly InputItem[];
  readonly lead: readonly InputItem[];
  readonly previousResponseId: string | null;
  readonly stored: boolean | null;
}

/** The message that an event came from. */
export interface MessageSource {
  /** Random, from the sender. The run records the result of the message by it, and does not carry it out twice. */
  readonly id?: string;
  /** From the store's inbox: the save of the event's step deletes the message. Absent if the message was not posted. */
  readonly storeId?: string;
}

/** Why a run cannot go on; `configuration`: the caller's configuration is at fault. */
export interface FailureReason {
  readonly error: ErrorView;
  readonly errorKind?: 'configuration';
}

/** What every event carries. */
interface EventStamp {
  /** Wall time, in milliseconds since the epoch: for what is shown. */
  readonly at: number;
  /**
   * The run's own time line (`RunState.clock`), in milliseconds: begins at `createdAt`, continues after a resume from
   * the last save, and advances by a clock that does not jump. @default `at`, for drivers whose clock does not jump
   */
  readonly time?: number;
  /** Between 0 and 1: the engine has no randomness of its own. */
  readonly random: number;
}

/** What happened, without the time and the randomness that the driver adds. */
export type EngineEventBody =
  | { readonly type: 'started'; readonly continuation?: Continuation }
  | ({ readonly type: 'start_failed' } & FailureReason)
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
  /** Events of the stream that arrived together, in their order. */
  | { readonly type: 'streamed'; readonly events: readonly JsonObject[] }
  | { readonly type: 'stream_ended'; readonly reason: 'eof' | 'lost' | 'idle' }
  | { readonly type: 'timer' }
  /** The machine slept, or its clock was set forward, by this much: wall time is ahead of the time line. */
  | { readonly type: 'slept'; readonly gapMs: number }
  /** Another run of the same client has seen that a proxy holds streams back. */
  | { readonly type: 'streams_buffered'; readonly forMs: number }
  /** The page is shown again, or the network is back. */
  | { readonly type: 'woken' }
  | { readonly type: 'assessed'; readonly calls: readonly Assessment[] }
  | { readonly type: 'tool_progressed'; readonly callId: string; readonly progress: JsonValue }
  | { readonly type: 'tool_settled'; readonly callId: string; readonly outcome: CallOutcome }
  | {
      readonly type: 'decided';
      readonly decisions: readonly RecordedDecision[];
      /** The iteration whose calls were looked at. */
      readonly iteration: number;
      readonly source?: MessageSource;
    }
  | { readonly type: 'cancel_asked'; readonly reason?: string; readonly source?: MessageSource }
  /** A decision or a cancel that another process left for this run cannot be understood. */
  | { readonly type: 'unreadable_message'; readonly source?: MessageSource }
  /** Driving is about to stop here. */
  | { readonly type: 'draining' }
  | { readonly type: 'output_read'; readonly output?: JsonValue; readonly error?: ErrorView }
  /**
   * `gapMs`: how long no process drove the run, by wall time. `manual`: the caller asked for this one run, so a
   * create that may pay twice is sent.
   */
  | {
      readonly type: 'resumed';
      readonly policy: RunPolicy;
      readonly gapMs?: number;
      readonly manual?: boolean;
    };

/** What happened in the world, as the driver reports it to the engine. */
export type EngineEvent = EventStamp & EngineEventBody;

export type EngineEventOf<Type extends EngineEvent['type']> = Extract<EngineEvent, { readonly type: Type }>;

/** A decision with what is sent for it worked out: outputs are text or content parts already. */
export type RecordedDecision =
  | Exclude<Decision, { readonly type: 'output' }>
  | {
      readonly type: 'output';
      readonly callId: string;
      readonly output: ToolOutput;
      /** Whether `output` is the JSON text of the result, not the result's own text. */
      readonly json: boolean;
    };

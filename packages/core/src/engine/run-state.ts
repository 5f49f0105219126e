import type { InputItem, OutputItem } from '../wire/items.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import type { Usage } from '../wire/usage.ts';
import type { Decision } from './decision.ts';
import type { HttpFailure } from './policy/failure.ts';
import type { RunLimits, RunPolicy } from './run-policy.ts';
import type {
  AttemptStrategy,
  AttemptView,
  ErrorView,
  RunStatus,
  TerminalRunStatus,
  ToolCallStatus,
  WaitMode,
} from './view/run-view.ts';

/** The version of this shape; `SnapshotError` for one that is newer, migration for one that is older. */
export const stateVersion = 3;

/** `limit`: one of the run's limits ended it. `configuration`: what the caller configured made it fail. */
export type ErrorKind = 'limit' | 'configuration';

/** How a run ends, or will end once its pending response is cancelled. */
export interface Outcome {
  readonly status: TerminalRunStatus;
  readonly error?: ErrorView;
  readonly errorKind?: ErrorKind;
}

/** A call of the current iteration: by id and status; its arguments are among the run's items. */
export interface CallState {
  readonly callId: string;
  readonly kind: 'function' | 'custom' | 'mcp_approval';
  readonly name: string;
  /** Who called, where the item says so: the model itself, or one of its programs. Its output must say the same. */
  readonly caller?: JsonObject;
  readonly status: ToolCallStatus;
  /** Whether the agent's tool has been asked about the call: only then may it run or wait for a person. */
  readonly assessed: boolean;
  /** A person has approved it: counts once, for this call. */
  readonly approved?: true;
  /** Its tool has no `execute`: the output comes from outside. */
  readonly external?: boolean;
  /** Its tool declares `output_schema`: the API takes nothing but JSON as its output. */
  readonly jsonOutput?: true;
  /** Its tool may be run again where nobody saw the end of it. */
  readonly idempotent?: boolean;
  /** The run was taken up anew: the agent may have changed meanwhile. */
  readonly resumed?: true;
  /** Only where they differ from the model's JSON: nulls removed. */
  readonly arguments?: JsonValue;
  /** It was running when its process ended. */
  readonly interrupted?: true;
  readonly startedAt?: number;
}

/** The response that is waited for: there is one only in the phases that name it (I2). */
export interface PendingResponse {
  readonly responseId: string;
  readonly status: string;
  /** When the create was answered, on the run's own time line. */
  readonly since: number;
}

/** An output item that a stream has completed. */
export interface DoneItem {
  readonly outputIndex: number;
  readonly item: OutputItem;
}

/** An output item that was begun, and not completed. */
export interface OpenItem {
  readonly outputIndex: number;
  /** What the event that began it calls it, where one did. */
  readonly name: string | null;
  /** Text or arguments of it were streamed. */
  readonly hasDelta: boolean;
}

/** What a response's stream has brought. It is in memory only: `savedState` leaves it out. */
export interface Streamed {
  readonly doneItems: readonly DoneItem[];
  readonly openItems: readonly OpenItem[];
  /** Events are missing: their numbers have a gap. */
  readonly gap: boolean;
  /** An event of it has been read. A stream without a cursor is read from its beginning, and tells everything again. */
  readonly begun: boolean;
}

/** Creates in a row that came to nothing: how long the loop keeps trying, and how slowly, depends on it. */
export interface CreateTrouble {
  /**
   * When the first of them failed that the API did not refuse for now; later by the pauses that the API has stated
   * since.
   */
  readonly since: number;
  /** All of them, whatever the reason: the pauses grow with it. */
  readonly creates: number;
  /** Those that the API refused for now, and the loop's own pauses after them, in milliseconds. */
  readonly overloads: number;
  readonly pausedMs: number;
  /** Those for which there were no credentials. */
  readonly withoutCredentials: number;
}

/** The model's turn is being asked for. */
export interface Creating {
  readonly type: 'creating';
  /**
   * `preparing`: `prepareRequest` is asked; `sending`: written ahead and on its way; `backing_off`: until `retryAt`.
   */
  readonly stage: 'preparing' | 'sending' | 'backing_off';
  readonly retryAt: number | null;
  /** While `sending`: when it was sent, and how long its answer is waited for. */
  readonly sentAt: number | null;
  readonly giveUpAt: number | null;
  /** An event of its stream has arrived, so no proxy holds the stream back. */
  readonly heard: boolean;
  /** Its stream began with an error of the API, before it named a response. */
  readonly refusal: HttpFailure | null;
  /** What its stream has said before it named a response: read once that is named. In memory only. */
  readonly early: readonly JsonObject[];
  /** `prepareRequest` has not been asked about this request yet. */
  readonly unprepared: boolean;
  /** Creates refused because the previous response was not found. */
  readonly chainTries: number;
  /** Why the chain was refused, where the iteration is now replayed: reported if the replay is refused too. */
  readonly chainError: ErrorView | null;
}

export interface Waiting extends Streamed {
  readonly type: 'waiting';
  readonly pending: PendingResponse;
  readonly mode: WaitMode;
  /** When to ask, or to connect, next; null while a request is on its way or a stream is open. */
  readonly nextAt: number | null;
  readonly polls: number;
  readonly lastPolledAt: number | null;
  /** Requests in a row that failed, and those among them for which there were no credentials. */
  readonly failures: number;
  readonly withoutCredentials: number;
  readonly notFoundSince: number | null;
  readonly error: ErrorView | null;
  /** Since when every answer to a GET of this response came from something other than the API. */
  readonly foreignSince: number | null;
  /** The last sequence number seen on this response's stream. Of no use to another process. */
  readonly cursor: number | null;
  readonly reconnects: number;
  /** Streams that ended without having brought anything new, in a row. */
  readonly emptyStreams: number;
  /** The server has said that the response continues from the previous one. */
  readonly chained: boolean;
  /** An `error` event was seen on the stream: the response is probably over. */
  readonly streamError: ErrorView | null;
}

export interface RunningTools {
  readonly type: 'tools';
  readonly responseId: string;
  readonly calls: readonly CallState[];
}

/** Completed without calls: the structured output is being read. */
export interface Finishing {
  readonly type: 'finishing';
}

export interface Cancelling {
  readonly type: 'cancelling';
  readonly outcome: Outcome;
  /** `awaiting_id`: the create is not answered yet; `cancelling`: POST cancel; `confirming`: one GET for the usage. */
  readonly stage: 'awaiting_id' | 'cancelling' | 'confirming';
  readonly pending: PendingResponse | null;
  readonly tries: number;
  readonly retryAt: number | null;
  /** When to give up: a cancel that cannot be delivered still ends the run. */
  readonly deadlineAt: number;
}

export interface Done {
  readonly type: 'done';
  readonly outcome: Outcome;
}

export interface Starting {
  readonly type: 'starting';
  readonly input: string | readonly InputItem[];
}

export type Phase = Starting | Creating | Waiting | RunningTools | Finishing | Cancelling | Done;

/**
 * The run's own time line, in milliseconds. It begins at `createdAt` and advances by a clock that does not jump, as
 * long as a process drives the run. Durations and deadlines are measured on it; times that are shown are wall time.
 */
export interface RunClock {
  /** Where `runMs` counts from. A gap that counts moves it back. */
  readonly startedAt: number;
  /** Wall time minus the time line: grows when the machine sleeps or its clock is set forward. */
  readonly skewMs: number;
  /** Time in which nothing drove the run, or the machine slept, since the API's last answer: it does not count yet. */
  readonly gapMs: number;
}

/** The result of a message with an id of its sender. */
export type ProcessedMessage = { readonly id: string } & (
  | {
      readonly result: 'applied';
      /** The decisions of the message, and the iteration of their calls. */
      readonly decided?: {
        readonly iteration: number;
        readonly calls: readonly { readonly callId: string; readonly decision: Decision['type'] }[];
      };
    }
  /** A decision of the message did not fit the run, so the whole message had no effect. */
  | { readonly result: 'rejected'; readonly callId: string; readonly reason: string }
);

/**
 * Everything that a run must remember beside its items: small, plain JSON, versioned. It does not grow with the run.
 */
export interface RunState {
  readonly version: number;
  readonly runId: string;
  readonly agent: string;
  readonly status: RunStatus;
  /** Rises by one with every save (I7). */
  readonly revision: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly clock: RunClock;
  /** How often the run was taken up: makes event numbers rise over processes. */
  readonly epoch: number;
  readonly metadata: Readonly<Record<string, string>>;
  readonly background: boolean;
  readonly policy: RunPolicy;
  /** What this run was given as limits of its own: they hold in every process that takes it up. */
  readonly limits: RunLimits;
  readonly phase: Phase;
  /** 0-based iteration. */
  readonly iteration: number;
  readonly iterationStartedAt: number;
  /** The creates of the current iteration; the last is the current one. */
  readonly attempts: readonly AttemptView[];
  /**
   * Messages of the response that streams whose text is not the answer's, by output index: commentary and other
   * agents'. A delta does not say its message's phase.
   */
  readonly asides?: { readonly responseId: string | null; readonly indexes: readonly number[] };
  /** Creates of the current iteration whose answer was lost. At two, only a resume by hand has one more sent. */
  readonly unknownCreates?: number;
  /** Responses of the current iteration that failed, but for those that were refused for load before they began. */
  readonly brokenResponses?: number;
  /** How the next create carries the conversation. */
  readonly strategy: AttemptStrategy;
  /** Creates in a row that came to nothing. */
  readonly trouble: CreateTrouble | null;
  /** The last completed response: what a chained create refers to. */
  readonly previousResponseId: string | null;
  /** The same response by the id that its create was answered with, where a gateway ended it under another. */
  readonly otherPreviousId: string | null;
  /** What the server said about keeping responses; null before it said anything. */
  readonly stored: boolean | null;
  /** Whether a create's echo said otherwise than `background: true`: told once (I3). */
  readonly backgroundIgnored: boolean;
  /** Whether the model takes `include: ["reasoning.encrypted_content"]`. */
  readonly refusesEncryptedReasoning: boolean;
  /** Whether the server takes `stream: true` at create. */
  readonly refusesStreams: boolean;
  /** A proxy holds streams back until the response is over: until then creates are sent without `stream`. */
  readonly bufferedUntil: number | null;
  /** The window that the current create grants the server (`background_options`), in milliseconds. */
  readonly queueWindowMs: number | null;
  readonly usage: Usage;
  readonly toolErrors: number;
  /** Since when only a person is awaited, and how long that was before: the run's wall time stands still then. */
  readonly pausedAt: number | null;
  readonly pausedMs: number;
  /** The results of the last messages, the newest last; missing for none. */
  readonly processedMessages?: readonly ProcessedMessage[];
  /** Driving is about to stop here: nothing new is begun, so that nothing has to be given up. */
  readonly draining: boolean;
  /** When the engine wants a `timer` event, whatever else happens. */
  readonly wakeAt: number | null;
}

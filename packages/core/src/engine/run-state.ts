import type { InputItem } from '../wire/items.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import type { Usage } from '../wire/usage.ts';
import type { CreateTrouble } from './create-trouble.ts';
import type { ProcessedMessage } from './message-result.ts';
import type { HttpFailure } from './policy/failure.ts';
import type { RunLimits, RunPolicy } from './run-policy.ts';
import type { Streamed } from './streamed.ts';
import type {
  AttemptStrategy,
  AttemptView,
  ErrorView,
  RunStatus,
  TerminalRunStatus,
  ToolCallStatus,
  WaitMode,
} from './view/run-view.ts';

/** The version of this shape. Reading a newer version throws `SnapshotError`; older versions are upgraded. */
export const stateVersion = 3;

/** `limit`: one of the run's limits ended it. `configuration`: it failed because of the caller's configuration. */
export type ErrorKind = 'limit' | 'configuration';

/** The end of a run. While the run is cancelling, the end that follows. */
export interface Outcome {
  readonly status: TerminalRunStatus;
  readonly error?: ErrorView;
  readonly errorKind?: ErrorKind;
}

/** The id and status of a call of the current iteration. The arguments that the model wrote are in the run's items. */
export interface CallState {
  readonly callId: string;
  readonly kind: 'function' | 'custom' | 'mcp_approval';
  readonly name: string;
  /** The item's `caller`: the model itself, or one of its programs. The output must have the same `caller`. */
  readonly caller?: JsonObject;
  readonly status: ToolCallStatus;
  /** Whether the call was checked against its tool, or needs no check. A call runs only then. A resume checks again. */
  readonly assessed: boolean;
  /** A person has approved the call. Applies once, and only to this call. */
  readonly approved?: true;
  /** The tool has no `execute`, so the call waits for `run.submitToolOutput`. */
  readonly external?: boolean;
  /** The tool declares `output_schema`, so the API accepts only JSON as the output. */
  readonly jsonOutput?: true;
  /** The tool may run again if its process ended during the call. */
  readonly idempotent?: boolean;
  /** The run was resumed since the call was made, so the agent may have changed. */
  readonly resumed?: true;
  /** The arguments without nulls for omitted properties, if they differ from the model's JSON. */
  readonly arguments?: JsonValue;
  /** The value that the person who decides is shown, if the tool has `approvalView`. */
  readonly approvalView?: JsonValue;
  /** The call was running when its process ended. */
  readonly interrupted?: true;
  /** One page executes the call. `expiresAt` is on the run's own time line. */
  readonly lease?: { readonly id: string; readonly expiresAt: number };
  /** The person or system that has decided about the call. */
  readonly decidedBy?: string;
  /** The last value that the tool reported. The next save contains it. */
  readonly progress?: JsonValue;
  readonly startedAt?: number;
}

/** The response that the run waits for. Only the phases with a field `pending` have one (I2). */
export interface PendingResponse {
  readonly responseId: string;
  readonly status: string;
  /** The time of the create's answer, on the run's own time line. */
  readonly since: number;
}

/** The iteration's create is prepared or sent. */
export interface Creating {
  readonly type: 'creating';
  /**
   * `loading`: the conversation before this run is loaded. `preparing`: `prepareRequest` runs. `sending`: the create is saved and in flight. `backing_off`: the loop waits
   * until `retryAt`.
   */
  readonly stage: 'loading' | 'preparing' | 'sending' | 'backing_off';
  readonly retryAt: number | null;
  /** While `sending`: when the create was sent, and when the wait for its answer ends. */
  readonly sentAt: number | null;
  readonly giveUpAt: number | null;
  /** Whether an event of the stream has arrived, so no proxy buffers the stream. */
  readonly heard: boolean;
  /** An error of the API at the beginning of the stream, before it named a response. */
  readonly refusal: HttpFailure | null;
  /**
   * Events that the stream sent before it named a response. The run reads them when a response is named. In memory
   * only.
   */
  readonly early: readonly JsonObject[];
  /** Whether `prepareRequest` must still be called for this request. */
  readonly unprepared: boolean;
  /** The number of times that the create was sent again because the previous response was not found. */
  readonly chainTries: number;
  /**
   * The reason why the server refused to chain, if the iteration is replayed. Reported if the replay is refused too.
   */
  readonly chainError: ErrorView | null;
}

export interface Waiting extends Streamed {
  readonly type: 'waiting';
  readonly pending: PendingResponse;
  readonly mode: WaitMode;
  /** The time of the next poll or connection. Null while a request is in flight or a stream is open. */
  readonly nextAt: number | null;
  readonly polls: number;
  readonly lastPolledAt: number | null;
  /** The number of GETs that failed in a row. */
  readonly failures: number;
  /** The number of GETs without credentials, in a row. */
  readonly withoutCredentials: number;
  readonly notFoundSince: number | null;
  readonly error: ErrorView | null;
  /** The time since which no answer to a GET of this response was from the API. */
  readonly foreignSince: number | null;
  /** The last sequence number of this response's stream. A process that resumes the run reads from the beginning. */
  readonly cursor: number | null;
  readonly reconnects: number;
  /** The number of streams in a row that were refused, or that ended without new numbered events. */
  readonly emptyStreams: number;
  /** Whether the server has confirmed that the response continues the previous one. */
  readonly chained: boolean;
  /** The last error in an event of the stream, if there was one. The response has probably ended. */
  readonly streamError: ErrorView | null;
  /**
   * The time at which a webhook said that the response had ended, or of the last event of its stream after that. Absent
   * if no webhook has come.
   */
  readonly endAnnouncedAt?: number;
  /** The end of the last delay that the server asked for when it refused a request. Absent if it has asked for none. */
  readonly askedUntil?: number;
}

export interface RunningTools {
  readonly type: 'tools';
  readonly responseId: string;
  readonly calls: readonly CallState[];
}

/** The response completed without calls. The structured output is being read. */
export interface Finishing {
  readonly type: 'finishing';
}

export interface Cancelling {
  readonly type: 'cancelling';
  readonly outcome: Outcome;
  /** `awaiting_id`: the create is not answered yet. `cancelling`: POST cancel. `confirming`: one GET for the result. */
  readonly stage: 'awaiting_id' | 'cancelling' | 'confirming';
  /**
   * The calls of the output that has streamed here, which is saved. Absent if nothing has streamed here: then the output
   * of the API's answer is saved.
   */
  readonly toolCallIds?: readonly string[];
  readonly pending: PendingResponse | null;
  readonly tries: number;
  readonly retryAt: number | null;
  /** The time limit of the cancel. After it the run ends even if the server has not accepted the cancel. */
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
 * The run's own time line, in milliseconds. It begins at `createdAt` and advances with a clock that does not jump, as
 * long as a process drives the run. Durations and deadlines are measured on it. Times in the view are wall time.
 */
export interface RunClock {
  /** The start of `runMs`. A gap that counts as run time moves it back. */
  readonly startedAt: number;
  /** Wall time minus the time line. Grows when the machine sleeps or its clock is set forward. */
  readonly skewMs: number;
  /**
   * The time without a driver, or with a sleeping machine, since the API's last answer. This gap does not count towards
   * the limits yet.
   */
  readonly gapMs: number;
}

/**
 * The saved state of a run, without its items: small, plain JSON with a version. It does not grow with the run.
 */
export interface RunState {
  readonly version: number;
  readonly runId: string;
  readonly agent: string;
  /** The person or tenant that the run belongs to. Absent for runs without one. Never sent to the API. */
  readonly owner?: string;
  /** The conversation that the run is a part of. Absent in states of older versions: a conversation of its own. */
  readonly threadId?: string;
  /** The run whose conversation this run continues. */
  readonly continues?: string;
  readonly title?: string;
  /**
   * Where the conversation before this run's own items is: in the runs before this one, or in this run's items. Absent
   * if there is none, and in states of older versions, which have it in their input.
   */
  readonly history?: 'elsewhere' | 'saved';
  /** The inputs that `run.steer` has added, and the iterations whose creates contain them. Absent if there are none. */
  readonly steers?: readonly { readonly steerId: string; readonly sentIn?: number }[];
  /** The beginning of the input's text. Absent for a run without input, which only continues another run. */
  readonly inputText?: string;
  readonly endedAt?: number;
  readonly status: RunStatus;
  /** Rises by one with every save (I7). */
  readonly revision: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly clock: RunClock;
  /** The number of resumes. It makes event numbers rise across processes. */
  readonly epoch: number;
  /** The number of this save: above those of the events before it, below those of the events after it. */
  readonly seq?: number;
  readonly metadata: Readonly<Record<string, string>>;
  /** Metadata from a source that is not trusted. Never sent. */
  readonly untrusted?: Readonly<Record<string, string>>;
  /** A hash of the request that started the run, for a server that must recognize a repeated request. */
  readonly requestHash?: string;
  /** The source of the context that the run was started with. Absent if it was started without one. */
  readonly context?: 'own' | 'runner';
  readonly background: boolean;
  readonly policy: RunPolicy;
  /** The run's own limits. They apply in all processes that resume it. */
  readonly limits: RunLimits;
  readonly phase: Phase;
  /** The number of the current iteration, from 0. */
  readonly iteration: number;
  readonly iterationStartedAt: number;
  /** The creates of the current iteration; the last is the current one. */
  readonly attempts: readonly AttemptView[];
  /**
   * The messages of the streaming response whose text is not part of the answer, by output index: commentary and
   * messages of other agents. A delta does not contain the phase of its message.
   */
  readonly asides?: { readonly responseId: string | null; readonly indexes: readonly number[] };
  /** Creates of the current iteration whose answer was lost. After two, only a manual resume sends another one. */
  readonly unknownCreates?: number;
  /** Failed responses of the current iteration, without those that an overload refused before they began. */
  readonly brokenResponses?: number;
  /** How the next create sends the conversation. */
  readonly strategy: AttemptStrategy;
  /** Consecutive failed creates. */
  readonly trouble: CreateTrouble | null;
  /** The id of the last completed response, which a chained create refers to. */
  readonly previousResponseId: string | null;
  /** The id of that response in the answer to its create, if a gateway changed the id later. */
  readonly otherPreviousId: string | null;
  /** Whether the server keeps responses. Null while unknown. */
  readonly stored: boolean | null;
  /** Whether an answer to a create did not have `background: true`. Reported once (I3). */
  readonly backgroundIgnored: boolean;
  /** Whether the model refuses `include: ["reasoning.encrypted_content"]`. */
  readonly refusesEncryptedReasoning: boolean;
  /** Whether the server refuses creates with `stream: true`. */
  readonly refusesStreams: boolean;
  /** No page shows this run of a queue: its creates are sent without `stream`, so that it can be parked. */
  readonly unwatched?: boolean;
  /** Until this time creates are sent without `stream`, because a proxy buffers streams. */
  readonly bufferedUntil: number | null;
  /**
   * Until this time polls are rare, because webhooks announce the ends of responses. Absent, or in the past, if no
   * webhooks are expected.
   */
  readonly webhooksUntil?: number;
  /** The completion window of the current create (`background_options`), in milliseconds. */
  readonly queueWindowMs: number | null;
  readonly usage: Usage;
  readonly toolErrors: number;
  /** The start of the current pause, and the sum of earlier pauses. A pause does not count towards `runMs`. */
  readonly pausedAt: number | null;
  readonly pausedMs: number;
  /** The results of messages, the newest last: see `rememberedMessages`. Absent if there are none. */
  readonly processedMessages?: readonly ProcessedMessage[];
  /** Driving is about to stop in this process, so nothing new is started that would have to be aborted. */
  readonly draining: boolean;
  /** The time of the next `timer` event. */
  readonly wakeAt: number | null;
}

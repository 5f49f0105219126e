import { isErrorEvent, readErrorObject, type ErrorObject } from '../../wire/error-object.ts';
import { isJsonObject, type JsonObject } from '../../wire/json.ts';
import { isTerminal, readResponse, type Response, type TerminalResponseStatus } from '../../wire/response.ts';
import type { EngineEventOf } from '../engine-event.ts';
import { apiFailure } from '../policy/failure.ts';
import type { Creating, Waiting } from '../run-state.ts';
import { nothingStreamed } from '../saved-state.ts';
import type { Step } from '../step.ts';
import type { ErrorView } from '../view/run-view.ts';
import { cancelPending } from './cancel.ts';
import { createAccepted } from './create.ts';
import { chainIgnored, isChained, isChainIgnored } from './chain.ts';
import { endIteration } from './end-iteration.ts';
import { emitStatus } from './poll.ts';
import { streamConnected, isStreaming, reconnectAfter } from './stream-connection.ts';
import { readItemEvent, type StreamedDraft } from './stream-items.ts';
import { failUnknownOutput } from './response-output.ts';
import { foreignMessage } from '../../wire/foreign-text.ts';

/** Maximum number of events before the first item of a stream: `created`, `queued` and `in_progress`. */
const eventsBeforeItems = 3;

/**
 * Handles events of the stream that arrived together, in one step. A step for each event would cost more than parsing
 * it.
 */
export function onStreamed(step: Step, { events }: EngineEventOf<'streamed'>): void {
  const { phase } = step.state;
  if (isStreaming(phase)) return readEvents(step, phase, events);
  const first = events.find((event) => responseOf(event) !== undefined);
  const response = first && responseOf(first);
  if (phase.type === 'creating' && phase.stage === 'sending') {
    const early = [...phase.early, ...events];
    if (response === undefined) return keepEarlyEvents(step, phase, early, events);
    createAccepted(step, response, 'stream');
    const { phase: next } = step.state;
    if (isStreaming(next)) readEvents(step, next, early);
  } else if (response !== undefined && phase.type === 'cancelling' && phase.stage === 'awaiting_id') {
    cancelPending(step, phase, response);
  }
}

/**
 * Keeps the events that arrive before the response, because a gateway may drop the first event. They are read when the
 * response arrives. An error of the API becomes the answer to the create if no response arrives.
 */
function keepEarlyEvents(
  step: Step,
  phase: Creating,
  early: Creating['early'],
  events: Creating['early'],
): void {
  const error = events.map(errorIn).findLast((one) => one !== undefined);
  const refusal = error === undefined ? phase.refusal : apiFailure(undefined, error);
  step.enter({ ...phase, heard: true, refusal, early });
}

type Draft = { -readonly [Field in keyof Waiting]: Waiting[Field] } & StreamedDraft;

/**
 * Returns a phase that this step may mutate. A new phase for each event would cost more than parsing the event.
 */
function draftOf(step: Step, phase: Waiting): Draft {
  const draft: Draft = { ...phase, doneItems: [...phase.doneItems] };
  step.enter(draft);
  return draft;
}

/** Discards the streamed items at the first event of a stream that is read from its beginning. */
function beginStream(step: Step, phase: Waiting, first: JsonObject | undefined): Waiting {
  const number = first?.['sequence_number'];
  const begun = {
    ...phase,
    ...nothingStreamed,
    begun: true,
    gap: typeof number === 'number' && number > eventsBeforeItems,
    error: null,
  };
  streamConnected(step, begun);
  step.updateStatus();
  return begun;
}

/**
 * Reads events until the response ends. Unknown events move the cursor, too (I10). Missing numbers do not stop the
 * stream: they cost only live text, and a gateway that removes events without renumbering them (GoModel 953) would send
 * the same gaps again.
 */
function readEvents(step: Step, opened: Waiting, events: readonly JsonObject[]): void {
  let phase = draftOf(step, opened.begun ? opened : beginStream(step, opened, events[0]));
  for (const event of events) {
    const { sequence_number: sequence } = event;
    const { cursor } = phase;
    const isLifecycle = terminalStatusOf(event) !== undefined || snapshotIn(event) !== undefined;
    const error = isLifecycle ? undefined : errorIn(event);
    if (isProgress(event, cursor)) {
      phase.failures = 0;
      phase.foreignSince = null;
      if (phase.endAnnouncedAt !== undefined) phase.endAnnouncedAt = step.time;
      // A stream without numbers is read from its beginning each time, and repeats old events first.
      if (typeof sequence === 'number') phase.emptyStreams = 0;
    }
    if (typeof sequence === 'number') {
      // A terminal event ends the response, regardless of its number. An error does so if the stream cannot be
      // reopened.
      const ends = terminalStatusOf(event) !== undefined || (error !== undefined && !step.state.background);
      if (cursor !== null && sequence <= cursor && !ends) {
        readItemEvent(step, phase, event, true);
        continue;
      }
      if (cursor !== null && sequence > cursor + 1) phase.gap = true;
      phase.cursor = Math.max(cursor ?? sequence, sequence);
    }
    if (error !== undefined) {
      phase.streamError = streamErrorView(error);
    } else if (isLifecycle) {
      readLifecycleEvent(step, phase, event);
      const { phase: next } = step.state;
      // Events after the final one would be mistaken for the answer to the next create.
      if (!isStreaming(next)) return;
      phase = draftOf(step, next);
    } else {
      readItemEvent(step, phase, event, false);
    }
  }
}

/**
 * Reads `response.created`, `queued`, `in_progress` or a terminal event. Each contains the whole response, whose status
 * counts.
 */
function readLifecycleEvent(step: Step, phase: Draft, event: JsonObject): void {
  const { responseId, status } = phase.pending;
  const response = responseOf(event, responseId);
  if (response === undefined) return;
  phase.chained ||= isChained(response);
  if (isChainIgnored(step.state, response)) return chainIgnored(step, { ...response, id: responseId });
  if (isTerminal(response.status)) return responseEnded(step, phase, response);
  // The snapshot may contain the error of the response before the terminal event arrives.
  phase.streamError = response.error ?? phase.streamError;
  // A stream that is read from its beginning repeats old statuses first.
  if (response.status === status || response.status === 'unknown') return;
  if (status === 'in_progress' && response.status === 'queued') return;
  const next: Waiting = { ...phase, pending: { ...phase.pending, status: response.status } };
  step.enter(next);
  step.setAttempt({ status: response.status });
  step.save();
  emitStatus(step, next);
  step.updateStatus();
}

/**
 * Handles the terminal event. An empty output is not trusted after missing events or incomplete items, because these
 * may be the output.
 */
function responseEnded(step: Step, phase: Waiting, response: Response): void {
  const { responseId } = phase.pending;
  const isWhole = (!phase.gap && phase.openItems.length === 0) || response.output.length > 0;
  if (isWhole || (response.status !== 'completed' && response.status !== 'incomplete')) {
    return endIteration(step, response, responseId, phase);
  }
  step.perform({ type: 'abort_request' });
  // The second exception of I2: one GET reads the output that is missing from the stream.
  const { status } = response;
  if (step.state.background) {
    const pending = { ...phase.pending, status };
    step.setAttempt({ status });
    reconnectAfter(step, { ...phase, pending, mode: 'poll', gap: false }, 0, 'gap');
    return step.save();
  }
  failUnknownOutput(step, responseId, response);
}

function streamErrorView({ code, type, message }: ErrorObject): ErrorView {
  return { code: code ?? type ?? 'stream_error', message };
}

/** Events that end a response, each with the status that applies if its snapshot has none. */
const terminalEvents: Readonly<Record<string, TerminalResponseStatus>> = {
  'response.completed': 'completed',
  'response.failed': 'failed',
  'response.incomplete': 'incomplete',
  'response.cancelled': 'cancelled',
  // Some Codex back ends end a stream with this event.
  'response.done': 'completed',
};

/** Returns the status of a terminal event; undefined for any other event. */
function terminalStatusOf(event: JsonObject): TerminalResponseStatus | undefined {
  const { type } = event;
  return typeof type === 'string' && Object.hasOwn(terminalEvents, type) ? terminalEvents[type] : undefined;
}

/** Returns the snapshot in an event. Some gateways send the snapshot itself as the event. */
function snapshotIn(event: JsonObject): JsonObject | undefined {
  const { response, type } = event;
  if (isJsonObject(response)) return response;
  return type === 'error' || readResponse(event) === undefined ? undefined : event;
}

/**
 * Returns the Response object of an event. A terminal event ends its response: if the snapshot's status is missing or
 * not terminal, the event's type determines it (pwnkit 331). Azure sends `response.failed` with the status `cancelled`,
 * which counts. Any other event does not end the response, even with a terminal status, because more events follow.
 */
export function responseOf(event: JsonObject, pendingId?: string): Response | undefined {
  const end = terminalStatusOf(event);
  const snapshot = snapshotIn(event);
  if (snapshot === undefined && (end === undefined || pendingId === undefined)) return undefined;
  const fields = { status: 'unknown', ...(snapshot ?? { ...event, id: pendingId }), object: 'response' };
  // A terminal event without a usable id belongs to the pending response.
  const response = readResponse(fields) ?? readResponse({ ...fields, id: pendingId });
  if (response === undefined || isTerminal(response.status) === (end !== undefined)) return response;
  return { ...response, status: end ?? 'in_progress' };
}

/**
 * Returns the error in an event, if any. OpenAI sends it nested, although its specification has it flat. Gateways send
 * it without a type, or as text.
 */
function errorIn(event: JsonObject): ErrorObject | undefined {
  const { type, object, error } = event;
  if (type !== undefined && !isErrorEvent(event)) return undefined;
  const message = foreignMessage(event);
  if (type === undefined && message === undefined && !isJsonObject(error)) return undefined;
  // If `object` is `error`, the type of the event is the type of the error.
  const flat = { ...event, type: object === 'error' ? type : undefined, message };
  return readErrorObject(error) ?? readErrorObject(flat) ?? readErrorObject({ code: 'stream_error' });
}

/** Whether an event contains something new about the response. A keepalive only shows that the connection is open. */
export function isProgress(event: JsonObject, cursor: number | null): boolean {
  const { type, sequence_number: number } = event;
  if (typeof number === 'number' && cursor !== null && number <= cursor) return false;
  return (typeof type === 'string' && type.startsWith('response.')) || snapshotIn(event) !== undefined;
}

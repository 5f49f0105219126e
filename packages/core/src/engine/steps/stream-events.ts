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
import { connected, isStreaming, reconnectAfter } from './stream-connection.ts';
import { readItemEvent, type StreamedDraft } from './stream-items.ts';
import { failUnknownOutput } from './response-output.ts';
import { foreignMessage } from '../../wire/foreign-text.ts';

/** The first item of a stream stands behind three events at most: `created`, `queued` and `in_progress`. */
const eventsBeforeItems = 3;

/**
 * Events of the stream that arrived together. They are one step: one by one, most of them would cost more than to
 * parse.
 */
export function onStreamed(step: Step, { events }: EngineEventOf<'streamed'>): void {
  const { phase } = step.state;
  if (isStreaming(phase)) return readEvents(step, phase, events);
  const name = events.find((event) => responseOf(event) !== undefined);
  const response = name && responseOf(name);
  if (phase.type === 'creating' && phase.stage === 'sending') {
    const early = [...phase.early, ...events];
    if (response === undefined) return beforeNamed(step, phase, early, events);
    createAccepted(step, response, 'stream');
    const { phase: next } = step.state;
    if (isStreaming(next)) readEvents(step, next, early);
  } else if (response !== undefined && phase.type === 'cancelling' && phase.stage === 'awaiting_id') {
    cancelPending(step, phase, response);
  }
}

/**
 * What a stream says before it names its response. An error of the API is the answer, if nothing else comes; all else
 * is kept and read once the response is named, since a gateway may drop the first event.
 */
function beforeNamed(step: Step, phase: Creating, early: Creating['early'], events: Creating['early']): void {
  const error = events.map(errorIn).findLast((one) => one !== undefined);
  const refusal = error === undefined ? phase.refusal : apiFailure(undefined, error);
  step.enter({ ...phase, heard: true, refusal, early });
}

type Draft = { -readonly [Field in keyof Waiting]: Waiting[Field] } & StreamedDraft;

/**
 * A phase of this step's own, which may be changed until the step is done: a new one for each event would cost more
 * than to parse it.
 */
function draftOf(step: Step, phase: Waiting): Draft {
  const draft: Draft = { ...phase, doneItems: [...phase.doneItems] };
  step.enter(draft);
  return draft;
}

/** The first event of a stream that is read from its beginning: no item has been told for good. */
function beginStream(step: Step, phase: Waiting, first: JsonObject | undefined): Waiting {
  const number = first?.['sequence_number'];
  const begun = {
    ...phase,
    ...nothingStreamed,
    begun: true,
    gap: typeof number === 'number' && number > eventsBeforeItems,
    error: null,
  };
  connected(step, begun);
  step.updateStatus();
  return begun;
}

/**
 * Reads until the response is over. What is not known moves the cursor all the same (I10). Missing numbers cost live
 * text at most: a gateway that filters events out and keeps the numbers (GoModel 953) has no others, so the stream is
 * read on.
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
      // A stream without numbers is read from its beginning each time, and brings old news first.
      if (typeof sequence === 'number') phase.emptyStreams = 0;
    }
    if (typeof sequence === 'number') {
      // A terminal event ends the response, whatever its number, and so does the error of a stream that cannot be
      // resumed.
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
      lifecycle(step, phase, event);
      const { phase: next } = step.state;
      // What comes after a final event would be taken for the answer to the next create.
      if (!isStreaming(next)) return;
      phase = draftOf(step, next);
    } else {
      readItemEvent(step, phase, event, false);
    }
  }
}

/**
 * `response.created`, `queued`, `in_progress` and the terminal ones embed the whole response: its status is what
 * counts.
 */
function lifecycle(step: Step, phase: Draft, event: JsonObject): void {
  const { responseId, status } = phase.pending;
  const response = responseOf(event, responseId);
  if (response === undefined) return;
  phase.chained ||= isChained(response);
  if (isChainIgnored(step.state, response)) return chainIgnored(step, { ...response, id: responseId });
  if (isTerminal(response.status)) return responseEnded(step, phase, response);
  // A failure that is ahead of its stream.
  phase.streamError = response.error ?? phase.streamError;
  // A stream that is read from the start tells old news first.
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
 * The terminal event has come. An empty output after missing events, or after items that were begun and not completed,
 * says nothing: what is missing may be the output.
 */
function responseEnded(step: Step, phase: Waiting, response: Response): void {
  const { responseId } = phase.pending;
  const isWhole = (!phase.gap && phase.openItems.length === 0) || response.output.length > 0;
  if (isWhole || (response.status !== 'completed' && response.status !== 'incomplete')) {
    return endIteration(step, response, responseId, phase);
  }
  step.perform({ type: 'abort_request' });
  // I2's other exception: one GET, which shows the output that the stream kept back.
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

/** Events that end a response, and the status that each stands for where its snapshot has none. */
const terminalEvents: Readonly<Record<string, TerminalResponseStatus>> = {
  'response.completed': 'completed',
  'response.failed': 'failed',
  'response.incomplete': 'incomplete',
  'response.cancelled': 'cancelled',
  // Some Codex back ends end a stream so.
  'response.done': 'completed',
};

/** The status that a terminal event stands for; undefined for any other event. */
function terminalStatusOf(event: JsonObject): TerminalResponseStatus | undefined {
  const { type } = event;
  return typeof type === 'string' && Object.hasOwn(terminalEvents, type) ? terminalEvents[type] : undefined;
}

/** The snapshot that an event embeds; some gateways send it bare, as the event itself. */
function snapshotIn(event: JsonObject): JsonObject | undefined {
  const { response, type } = event;
  if (isJsonObject(response)) return response;
  return type === 'error' || readResponse(event) === undefined ? undefined : event;
}

/**
 * The Response object of an event. A terminal event ends its response: where the snapshot's status is missing, or is not
 * terminal, the event's type says it (pwnkit 331). Azure sends `response.failed` with the status `cancelled`, which counts.
 * Any other event ends nothing: its terminal status is ahead of what the stream still has to say.
 */
export function responseOf(event: JsonObject, pendingId?: string): Response | undefined {
  const end = terminalStatusOf(event);
  const snapshot = snapshotIn(event);
  if (snapshot === undefined && (end === undefined || pendingId === undefined)) return undefined;
  const fields = { status: 'unknown', ...(snapshot ?? { ...event, id: pendingId }), object: 'response' };
  // A terminal event whose snapshot has no usable id is about the response that is waited for.
  const response = readResponse(fields) ?? readResponse({ ...fields, id: pendingId });
  if (response === undefined || isTerminal(response.status) === (end !== undefined)) return response;
  return { ...response, status: end ?? 'in_progress' };
}

/**
 * The error that an event is, if it is one: nested on OpenAI's wire, flat in its specification, without a type or as a
 * mere text on gateways.
 */
function errorIn(event: JsonObject): ErrorObject | undefined {
  const { type, object, error } = event;
  if (type !== undefined && !isErrorEvent(event)) return undefined;
  const message = foreignMessage(event);
  if (type === undefined && message === undefined && !isJsonObject(error)) return undefined;
  // The type of such an object is the error's.
  const flat = { ...event, type: object === 'error' ? type : undefined, message };
  return readErrorObject(error) ?? readErrorObject(flat) ?? readErrorObject({ code: 'stream_error' });
}

/** Whether an event says something of the response that was not known: more than that a connection is there. */
export function isProgress(event: JsonObject, cursor: number | null): boolean {
  const { type, sequence_number: number } = event;
  if (typeof number === 'number' && cursor !== null && number <= cursor) return false;
  return (typeof type === 'string' && type.startsWith('response.')) || snapshotIn(event) !== undefined;
}

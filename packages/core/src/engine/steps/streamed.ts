import { readErrorObject } from '../../wire/error-object.ts';
import { fieldsOf, isJsonObject, type JsonObject } from '../../wire/json.ts';
import { isTerminal, readResponse, type Response, type TerminalResponseStatus } from '../../wire/response.ts';
import { addUsage, readUsage } from '../../wire/usage.ts';
import type { EngineEventOf } from '../engine-event.ts';
import { apiFailure } from '../policy/api-failure.ts';
import type { DoneItem, Waiting } from '../run-state.ts';
import type { Step } from '../step.ts';
import type { ErrorView } from '../view/run-view.ts';
import { cancelPending } from './cancel.ts';
import { accepted } from './create.ts';
import { endLeg } from './end-leg.ts';
import { endRun } from './end-run.ts';
import { tellPending, tellStatus } from './poll.ts';
import { showStatus } from './show-status.ts';
import { tellItemEvent } from './stream-item.ts';
import { dropped, goOnLater, isStreaming } from './stream.ts';

/** Events that end a response, and the status that each stands for where its snapshot has none. */
const terminalEvents: Readonly<Record<string, TerminalResponseStatus>> = {
  'response.completed': 'completed',
  'response.failed': 'failed',
  'response.incomplete': 'incomplete',
  'response.cancelled': 'cancelled',
  // Some Codex back ends end a stream so.
  'response.done': 'completed',
};

/** Events of the stream that arrived together. They are one step: one by one, most of them would cost more than to parse. */
export function onStreamed(step: Step, { events }: EngineEventOf<'streamed'>): void {
  // Until its response is named, a stream says nothing that could be read.
  const read = isStreaming(step.state.phase) ? 0 : 1 + events.findIndex((event) => names(step, event));
  const { phase } = step.state;
  if (isStreaming(phase)) readOn(step, phase, read === 0 ? events : events.slice(read));
}

function endOf(event: JsonObject): TerminalResponseStatus | undefined {
  const { type } = event;
  return typeof type === 'string' && Object.hasOwn(terminalEvents, type) ? terminalEvents[type] : undefined;
}

/**
 * The Response object of an event. A terminal event ends its response: where the snapshot's status is missing, or is not
 * terminal, the event's type says it (pwnkit 331). Azure sends `response.failed` with the status `cancelled`, which counts.
 */
function responseOf(event: JsonObject, pendingId?: string): Response | undefined {
  const end = endOf(event);
  const snapshot = fieldsOf(event['response']);
  const id = snapshot['id'] ?? pendingId;
  const status = snapshot['status'] ?? 'unknown';
  const isSnapshot = isJsonObject(event['response']) || end !== undefined;
  const response = isSnapshot ? readResponse({ ...snapshot, id, status }) : undefined;
  return response === undefined || end === undefined || isTerminal(response.status)
    ? response
    : { ...response, status: end };
}

/** Whether the event names the response of a create that is not answered yet: this is the answer. */
function names(step: Step, event: JsonObject): boolean {
  const { phase } = step.state;
  const response = responseOf(event);
  if (phase.type === 'creating' && phase.stage === 'sending' && response === undefined) {
    const error = errorIn(event);
    step.go({
      ...phase,
      heard: true,
      refusal: error === undefined ? phase.refusal : apiFailure(undefined, error),
    });
  }
  if (response === undefined) return false;
  if (phase.type === 'cancelling' && phase.stage === 'awaiting_id') cancelPending(step, phase, response);
  if (phase.type === 'creating' && phase.stage === 'sending') {
    accepted(step, response, 'stream');
    connected(step, event['sequence_number']);
  }
  return true;
}

function connected(step: Step, sequence: unknown): void {
  const { phase } = step.state;
  if (phase.type !== 'waiting') return;
  const next: Waiting = typeof sequence === 'number' ? { ...phase, cursor: sequence } : phase;
  step.go(next);
  tellPending(step, next, { type: 'stream.connected' });
  showStatus(step);
}

type Draft = { -readonly [Field in keyof Waiting]: Waiting[Field] } & {
  doneItems: DoneItem[];
  openItems: number[];
};

/** A phase of this step's own, which may be changed until the step is done: a new one for each event would cost more than to parse it. */
function draftOf(step: Step, phase: Waiting): Draft {
  const draft: Draft = { ...phase, doneItems: [...phase.doneItems], openItems: [...phase.openItems] };
  step.go(draft);
  return draft;
}

/**
 * Reads until the response is over. What is not known moves the cursor all the same (I10). Missing numbers cost live text
 * at most. They are asked for again once, unless the response is over; a gateway that filters events out and keeps the
 * numbers (GoModel 953) has no others, so the stream is read on.
 */
function readOn(step: Step, opened: Waiting, events: readonly JsonObject[]): void {
  let phase = draftOf(step, opened);
  for (const event of events) {
    const { type, sequence_number: sequence } = event;
    if (typeof sequence === 'number') {
      const { cursor } = phase;
      // A terminal event ends the response, whatever its number.
      if (cursor !== null && sequence <= cursor && endOf(event) === undefined) continue;
      if (cursor !== null && sequence > cursor + 1 && !phase.gap) {
        if (mayFetch(step, phase, events)) {
          step.perform({ type: 'abort_request' });
          return dropped(step, { ...phase, gapFetched: true }, 'gap');
        }
        phase.gap = true;
      }
      phase.cursor = Math.max(cursor ?? sequence, sequence);
      phase.barren = 0;
    }
    const error = 'response' in event ? undefined : errorIn(event);
    if (error !== undefined) {
      phase.streamError = viewOf(error);
    } else if (endOf(event) !== undefined || (typeof type === 'string' && 'response' in event)) {
      lifecycle(step, phase, event);
      const { phase: next } = step.state;
      // What comes after a final event would be taken for the answer to the next create.
      if (!isStreaming(next)) return;
      phase = draftOf(step, next);
    } else if (typeof type === 'string') {
      note(phase, tellItemEvent(step, type, event));
    }
  }
}

function mayFetch(step: Step, { gapFetched }: Waiting, events: readonly JsonObject[]): boolean {
  return step.state.background && !gapFetched && events.every((event) => endOf(event) === undefined);
}

function note({ doneItems, openItems }: Draft, told: ReturnType<typeof tellItemEvent>): void {
  if (told === undefined) return;
  const { outputIndex, done } = told;
  const open = openItems.indexOf(outputIndex);
  if (done === undefined) {
    if (open === -1 && doneItems.every((one) => one.outputIndex !== outputIndex)) openItems.push(outputIndex);
    return;
  }
  if (open !== -1) openItems.splice(open, 1);
  const before = doneItems.findIndex((one) => one.outputIndex === outputIndex);
  if (before === -1) doneItems.push({ outputIndex, item: done });
  else doneItems[before] = { outputIndex, item: done };
}

/** `response.created`, `queued`, `in_progress` and the terminal ones embed the whole response: its status is what counts. */
function lifecycle(step: Step, phase: Waiting, event: JsonObject): void {
  const { responseId, status } = phase.pending;
  const response = responseOf(event, responseId);
  if (response === undefined) return;
  if (isTerminal(response.status)) return ended(step, phase, response);
  // A stream that is read from the start tells old news first.
  if (response.status === status || response.status === 'unknown') return;
  if (status === 'in_progress' && response.status === 'queued') return;
  const next: Waiting = { ...phase, pending: { ...phase.pending, status: response.status } };
  step.go(next);
  step.setAttempt({ status: response.status });
  step.save();
  tellStatus(step, next);
  showStatus(step);
}

/** The terminal event has come. An empty output after missing events says nothing: what is missing may be the output. */
function ended(step: Step, phase: Waiting, response: Response): void {
  const { responseId } = phase.pending;
  const isWhole = !phase.gap || response.output.length > 0;
  if (isWhole || (response.status !== 'completed' && response.status !== 'incomplete')) {
    return endLeg(step, response, responseId, phase);
  }
  step.perform({ type: 'abort_request' });
  // I2's other exception: one GET, which shows the output that the stream kept back.
  if (step.state.background) return goOnLater(step, { ...phase, mode: 'poll', gap: false }, 0, 'gap');
  const usage = readUsage(response.usage);
  step.set({ usage: addUsage(step.state.usage, usage) });
  const message = `Events of the stream of ${responseId} are missing and its final output is empty, so what it said is not known.`;
  endRun(step, { status: 'failed', error: { code: 'invalid_response', message } }, { usage });
}

/** The error that an event is, if it is one: nested on OpenAI's wire, flat in its specification, without a type on gateways. */
function errorIn(event: JsonObject): ReturnType<typeof readErrorObject> {
  const { type, error } = event;
  if (isJsonObject(error) && (type === 'error' || type === undefined)) return readErrorObject(error);
  return type === 'error'
    ? (readErrorObject({ ...event, type: undefined }) ?? readErrorObject({ code: 'stream_error' }))
    : undefined;
}

function viewOf({ code, type, message }: NonNullable<ReturnType<typeof readErrorObject>>): ErrorView {
  return { code: code ?? type ?? 'stream_error', message };
}

import { isJsonObject, type JsonObject } from '../../wire/json.ts';
import { isTerminal, readResponse } from '../../wire/response.ts';
import { textOf } from '../../wire/text-of.ts';
import type { EngineEventOf } from '../engine-event.ts';
import type { Waiting } from '../run-state.ts';
import type { Step } from '../step.ts';
import type { ErrorView } from '../view/run-view.ts';
import { cancelPending } from './cancel.ts';
import { accepted } from './create.ts';
import { endLeg } from './end-leg.ts';
import { tellPending, tellStatus } from './poll.ts';
import { showStatus } from './show-status.ts';
import { tellItemEvent } from './stream-item.ts';
import { dropped, isStreaming } from './stream.ts';

/** Events of the stream that arrived together. They are one step: one by one, most of them would cost more than to parse. */
export function onStreamed(step: Step, { events }: EngineEventOf<'streamed'>): void {
  // Until its response is named, a stream says nothing that could be read.
  const read = isStreaming(step.state.phase) ? 0 : 1 + events.findIndex((event) => names(step, event));
  const { phase } = step.state;
  if (isStreaming(phase)) readOn(step, phase, read === 0 ? events : events.slice(read));
}

/** Whether the event names the response of a create that is not answered yet: this is the answer. */
function names(step: Step, event: JsonObject): boolean {
  const { phase } = step.state;
  const response = readResponse(event['response']);
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

/** A phase of this step's own, which may be changed until the step is done: a new one for each event would cost more than to parse it. */
function draftOf(step: Step, phase: Waiting): { -readonly [Field in keyof Waiting]: Waiting[Field] } {
  const draft = { ...phase };
  step.go(draft);
  return draft;
}

/** Reads until the response is over, or events are missing. What is not known moves the cursor all the same (I10). */
function readOn(step: Step, opened: Waiting, events: readonly JsonObject[]): void {
  let phase = draftOf(step, opened);
  for (const event of events) {
    const { type, sequence_number: sequence } = event;
    if (typeof sequence === 'number') {
      const { cursor } = phase;
      if (cursor !== null && sequence <= cursor) continue;
      if (cursor !== null && sequence > cursor + 1) {
        step.perform({ type: 'abort_request' });
        return dropped(step, phase, 'gap');
      }
      phase.cursor = sequence;
      phase.barren = 0;
    }
    if (type === 'error') {
      phase.streamError = errorIn(event);
    } else if (typeof type === 'string' && 'response' in event) {
      lifecycle(step, phase, event['response']);
      const { phase: next } = step.state;
      // What comes after a final event would be taken for the answer to the next create.
      if (!isStreaming(next)) return;
      phase = draftOf(step, next);
    } else if (typeof type === 'string') {
      const doneItem = tellItemEvent(step, type, event);
      if (doneItem !== undefined) phase.doneItems = [...phase.doneItems, doneItem];
    }
  }
}

/** `response.created`, `queued`, `in_progress` and the terminal ones embed the whole response: its status is what counts. */
function lifecycle(step: Step, phase: Waiting, body: unknown): void {
  const { responseId, status } = phase.pending;
  const response = readResponse(isJsonObject(body) ? { ...body, id: responseId } : body);
  if (response === undefined) return;
  if (isTerminal(response.status)) return endLeg(step, response, phase.doneItems);
  // A stream that is read from the start tells old news first.
  if (response.status === status || (status === 'in_progress' && response.status === 'queued')) return;
  const next: Waiting = { ...phase, pending: { ...phase.pending, status: response.status } };
  step.go(next);
  step.setAttempt({ status: response.status });
  step.save();
  tellStatus(step, next);
  showStatus(step);
}

/** The `error` event is nested on OpenAI's wire and flat in its specification. */
function errorIn(event: JsonObject): ErrorView {
  const { code: given, message } = isJsonObject(event['error']) ? event['error'] : event;
  const code = textOf(given) ?? 'stream_error';
  return { code, message: textOf(message) ?? code };
}

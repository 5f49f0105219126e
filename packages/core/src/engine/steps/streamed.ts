import type { ErrorObject } from '../../wire/error-object.ts';
import type { JsonObject } from '../../wire/json.ts';
import { isTerminal, type Response } from '../../wire/response.ts';
import type { EngineEventOf } from '../engine-event.ts';
import { apiFailure } from '../policy/api-failure.ts';
import type { Creating, Waiting } from '../run-state.ts';
import { nothingStreamed } from '../saved-state.ts';
import type { Step } from '../step.ts';
import type { ErrorView } from '../view/run-view.ts';
import { cancelPending } from './cancel.ts';
import { accepted } from './create.ts';
import { chainIgnored, isChained, isChainIgnored } from './chain-ignored.ts';
import { endIteration } from './end-iteration.ts';
import { emitStatus } from './poll.ts';
import { showStatus } from './show-status.ts';
import { endOf, errorIn, isNews, responseOf, snapshotIn } from './stream-event.ts';
import { connected, reconnectAfter, isStreaming } from './stream.ts';
import { takeItemEvent, type StreamedDraft } from './streamed-items.ts';
import { endUnknown } from './unknown-output.ts';

/** The first item of a stream stands behind three events at most: `created`, `queued` and `in_progress`. */
const eventsBeforeItems = 3;

/**
 * Events of the stream that arrived together. They are one step: one by one, most of them would cost more than to
 * parse.
 */
export function onStreamed(step: Step, { events }: EngineEventOf<'streamed'>): void {
  const { phase } = step.state;
  if (isStreaming(phase)) return readOn(step, phase, events);
  const name = events.find((event) => responseOf(event) !== undefined);
  const response = name && responseOf(name);
  if (phase.type === 'creating' && phase.stage === 'sending') {
    const early = [...phase.early, ...events];
    if (response === undefined) return beforeNamed(step, phase, early, events);
    accepted(step, response, 'stream');
    const { phase: next } = step.state;
    if (isStreaming(next)) readOn(step, next, early);
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
  step.go({ ...phase, heard: true, refusal, early });
}

type Draft = { -readonly [Field in keyof Waiting]: Waiting[Field] } & StreamedDraft;

/**
 * A phase of this step's own, which may be changed until the step is done: a new one for each event would cost more
 * than to parse it.
 */
function draftOf(step: Step, phase: Waiting): Draft {
  const draft: Draft = { ...phase, doneItems: [...phase.doneItems] };
  step.go(draft);
  return draft;
}

/** The first event of a stream that is read from its beginning: no item has been told for good. */
function begin(step: Step, phase: Waiting, first: JsonObject | undefined): Waiting {
  const number = first?.['sequence_number'];
  const begun = {
    ...phase,
    ...nothingStreamed,
    begun: true,
    gap: typeof number === 'number' && number > eventsBeforeItems,
    error: null,
  };
  connected(step, begun);
  showStatus(step);
  return begun;
}

/**
 * Reads until the response is over. What is not known moves the cursor all the same (I10). Missing numbers cost live
 * text at most: a gateway that filters events out and keeps the numbers (GoModel 953) has no others, so the stream is
 * read on.
 */
function readOn(step: Step, opened: Waiting, events: readonly JsonObject[]): void {
  let phase = draftOf(step, opened.begun ? opened : begin(step, opened, events[0]));
  for (const event of events) {
    const { sequence_number: sequence } = event;
    const { cursor } = phase;
    const isLifecycle = endOf(event) !== undefined || snapshotIn(event) !== undefined;
    const error = isLifecycle ? undefined : errorIn(event);
    if (isNews(event, cursor)) {
      phase.failures = 0;
      phase.foreignSince = null;
      // A stream without numbers is read from its beginning each time, and brings old news first.
      if (typeof sequence === 'number') phase.emptyStreams = 0;
    }
    if (typeof sequence === 'number') {
      // A terminal event ends the response, whatever its number, and so does the error of a stream that cannot be
      // resumed.
      const ends = endOf(event) !== undefined || (error !== undefined && !step.state.background);
      if (cursor !== null && sequence <= cursor && !ends) {
        takeItemEvent(step, phase, event, true);
        continue;
      }
      if (cursor !== null && sequence > cursor + 1) phase.gap = true;
      phase.cursor = Math.max(cursor ?? sequence, sequence);
    }
    if (error !== undefined) {
      phase.streamError = viewOf(error);
    } else if (isLifecycle) {
      lifecycle(step, phase, event);
      const { phase: next } = step.state;
      // What comes after a final event would be taken for the answer to the next create.
      if (!isStreaming(next)) return;
      phase = draftOf(step, next);
    } else {
      takeItemEvent(step, phase, event, false);
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
  if (isTerminal(response.status)) return ended(step, phase, response);
  // A failure that is ahead of its stream.
  phase.streamError = response.error ?? phase.streamError;
  // A stream that is read from the start tells old news first.
  if (response.status === status || response.status === 'unknown') return;
  if (status === 'in_progress' && response.status === 'queued') return;
  const next: Waiting = { ...phase, pending: { ...phase.pending, status: response.status } };
  step.go(next);
  step.setAttempt({ status: response.status });
  step.save();
  emitStatus(step, next);
  showStatus(step);
}

/**
 * The terminal event has come. An empty output after missing events, or after items that were begun and not completed,
 * says nothing: what is missing may be the output.
 */
function ended(step: Step, phase: Waiting, response: Response): void {
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
  endUnknown(step, responseId, response);
}

function viewOf({ code, type, message }: ErrorObject): ErrorView {
  return { code: code ?? type ?? 'stream_error', message };
}

import type { ErrorObject } from '../../wire/error-object.ts';
import type { JsonObject } from '../../wire/json.ts';
import { isTerminal, type Response } from '../../wire/response.ts';
import { addUsage, readUsage } from '../../wire/usage.ts';
import type { EngineEventOf } from '../engine-event.ts';
import { apiFailure } from '../policy/api-failure.ts';
import type { Creating, DoneItem, Waiting } from '../run-state.ts';
import { nothingStreamed } from '../saved-state.ts';
import type { Step } from '../step.ts';
import type { ErrorView } from '../view/run-view.ts';
import { cancelPending } from './cancel.ts';
import { accepted } from './create.ts';
import { chainIgnored, isChained, isChainIgnored } from './chain-ignored.ts';
import { endLeg } from './end-leg.ts';
import { endRun } from './end-run.ts';
import { tellPending, tellStatus } from './poll.ts';
import { showStatus } from './show-status.ts';
import { endOf, errorIn, responseOf, snapshotIn } from './stream-event.ts';
import { tellItemEvent } from './stream-item.ts';
import { goOnLater, isStreaming } from './stream.ts';
import { missed, note, withDone, type StreamedDraft } from './streamed-items.ts';
import { wholeOutput } from './whole-output.ts';

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
  const response = responseOf(event);
  if (response === undefined) {
    if (phase.type === 'creating' && phase.stage === 'sending') beforeNamed(step, phase, event);
    return false;
  }
  if (phase.type === 'cancelling' && phase.stage === 'awaiting_id') cancelPending(step, phase, response);
  if (phase.type === 'creating' && phase.stage === 'sending') {
    const early = { ...nothingStreamed, doneItems: phase.earlyItems };
    accepted(step, isTerminal(response.status) ? wholeOutput(step, response, early) : response, 'stream');
    connected(step, event['sequence_number'], phase.earlyItems);
  }
  return true;
}

/** What a stream says before it names its response: an error of the API, or items, where a gateway drops the first event. */
function beforeNamed(step: Step, phase: Creating, event: JsonObject): void {
  const error = errorIn(event);
  const earlyItems = withDone(phase.earlyItems, event);
  const refusal = error === undefined ? phase.refusal : apiFailure(undefined, error);
  step.go({ ...phase, heard: true, refusal, earlyItems });
}

function connected(step: Step, sequence: unknown, doneItems: readonly DoneItem[]): void {
  const { phase } = step.state;
  if (phase.type !== 'waiting') return;
  const next: Waiting = {
    ...phase,
    doneItems,
    ...(typeof sequence === 'number' ? { cursor: sequence } : {}),
  };
  step.go(next);
  tellPending(step, next, { type: 'stream.connected' });
  for (const { outputIndex, item } of doneItems) {
    step.tell({ type: 'item.done', iteration: step.state.iteration, outputIndex, item });
  }
  showStatus(step);
}

type Draft = { -readonly [Field in keyof Waiting]: Waiting[Field] } & StreamedDraft;

/** A phase of this step's own, which may be changed until the step is done: a new one for each event would cost more than to parse it. */
function draftOf(step: Step, phase: Waiting): Draft {
  const draft: Draft = { ...phase, doneItems: [...phase.doneItems], openItems: [...phase.openItems] };
  step.go(draft);
  return draft;
}

/**
 * Reads until the response is over. What is not known moves the cursor all the same (I10). Missing numbers cost live text
 * at most: a gateway that filters events out and keeps the numbers (GoModel 953) has no others, so the stream is read on.
 */
function readOn(step: Step, opened: Waiting, events: readonly JsonObject[]): void {
  let phase = draftOf(step, opened);
  for (const event of events) {
    const { type, sequence_number: sequence } = event;
    const error = snapshotIn(event) === undefined ? errorIn(event) : undefined;
    if (typeof sequence === 'number') {
      const { cursor } = phase;
      // A terminal event ends the response, whatever its number, and so does the error of a stream that cannot be resumed.
      const ends = endOf(event) !== undefined || (error !== undefined && !step.state.background);
      if (cursor !== null && sequence <= cursor && !ends) {
        missed(step, phase, event);
        continue;
      }
      if (cursor !== null && sequence > cursor + 1) phase.gap = true;
      phase.cursor = Math.max(cursor ?? sequence, sequence);
      phase.barren = 0;
    }
    if (error !== undefined) {
      phase.streamError = viewOf(error);
    } else if (endOf(event) !== undefined || snapshotIn(event) !== undefined) {
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

/** `response.created`, `queued`, `in_progress` and the terminal ones embed the whole response: its status is what counts. */
function lifecycle(step: Step, phase: Draft, event: JsonObject): void {
  const { responseId, status } = phase.pending;
  const response = responseOf(event, responseId);
  if (response === undefined) return;
  phase.chained ||= isChained(response);
  if (isChainIgnored(step.state, response)) return chainIgnored(step, { ...response, id: responseId });
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

function viewOf({ code, type, message }: ErrorObject): ErrorView {
  return { code: code ?? type ?? 'stream_error', message };
}

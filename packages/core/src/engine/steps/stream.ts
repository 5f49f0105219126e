import type { JsonObject } from '../../wire/json.ts';
import type { EngineEventOf } from '../engine-event.ts';
import { backOff } from '../policy/back-off.ts';
import { errorOf, judgeRetrieve, type Failure } from '../policy/failure.ts';
import type { Phase, Waiting } from '../run-state.ts';
import type { Step } from '../step.ts';
import type { ErrorView } from '../view/run-view.ts';
import { isJsonObject } from '../../wire/json.ts';
import { isTerminal, readResponse } from '../../wire/response.ts';
import { textOf } from '../../wire/text-of.ts';
import { accepted, onCreateFailed } from './create.ts';
import { endLeg } from './end-leg.ts';
import { endRun } from './end-run.ts';
import { cancelPending } from './cancel.ts';
import { tellPending, tellStatus } from './poll.ts';
import { tellItemEvent } from './stream-item.ts';
import { unauthorized } from './unauthorized.ts';

/** How long after its creation a response can be streamed (OpenAI API reference: HTTP 400 afterwards). */
export const streamWindowMs = 300_000;
/** Streams in a row that bring nothing new before the run polls instead. */
const barrenStreams = 5;

/** Whether a stream is open, or on its way. What a stream says that was given up already would count as a second drop. */
function isStreaming(phase: Phase): phase is Waiting {
  return phase.type === 'waiting' && phase.mode === 'stream' && phase.nextAt === null;
}

export function onStreamOpened(step: Step): void {
  const { phase } = step.state;
  if (!isStreaming(phase)) return;
  const next: Waiting = { ...phase, error: null, failures: 0 };
  step.go(next);
  tellPending(step, next, { type: 'stream.connected' });
}

/** One event of the stream. What is not known is skipped, and moves the cursor all the same (I10). */
export function onStreamed(step: Step, { event }: EngineEventOf<'streamed'>): void {
  const { phase } = step.state;
  if (phase.type === 'creating' && phase.stage === 'sending') return firstEvent(step, event);
  if (phase.type === 'cancelling' && phase.stage === 'awaiting_id') {
    const response = readResponse(event['response']);
    if (response !== undefined) cancelPending(step, phase, response);
    return;
  }
  if (!isStreaming(phase)) return;
  const sequence = event['sequence_number'];
  if (typeof sequence === 'number') {
    if (phase.cursor !== null && sequence <= phase.cursor) return;
    if (phase.cursor !== null && sequence > phase.cursor + 1) {
      step.perform({ type: 'abort_request' });
      return dropped(step, phase, 'gap');
    }
    const moved: Waiting = { ...phase, cursor: sequence, barren: 0 };
    step.go(moved);
    return read(step, moved, event);
  }
  read(step, phase, event);
}

function firstEvent(step: Step, event: JsonObject): void {
  const response = readResponse(event['response']);
  if (response === undefined) return;
  accepted(step, response, 'stream');
  const { phase } = step.state;
  const sequence = event['sequence_number'];
  if (phase.type !== 'waiting') return;
  const connected: Waiting = typeof sequence === 'number' ? { ...phase, cursor: sequence } : phase;
  step.go(connected);
  tellPending(step, connected, { type: 'stream.connected' });
}

function read(step: Step, phase: Waiting, event: JsonObject): void {
  const { type } = event;
  if (type === 'error') return step.go({ ...phase, streamError: errorIn(event) });
  if (typeof type !== 'string') return;
  if ('response' in event) return lifecycle(step, phase, event['response']);
  const doneItem = tellItemEvent(step, type, event);
  if (doneItem !== undefined) step.go({ ...phase, doneItems: [...phase.doneItems, doneItem] });
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
}

/** The `error` event is nested on OpenAI's wire and flat in its specification. */
function errorIn(event: JsonObject): ErrorView {
  const { code: given, message } = isJsonObject(event['error']) ? event['error'] : event;
  const code = textOf(given) ?? 'stream_error';
  return { code, message: textOf(message) ?? code };
}

/** A stream that ends without a terminal event has not ended the response (I11). */
export function onStreamEnded(step: Step, event: EngineEventOf<'stream_ended'>): void {
  const { phase } = step.state;
  if (isStreaming(phase)) return dropped(step, phase, event.reason);
  // It ended before it named its response: whether there is one is not known.
  onCreateFailed(step, {
    ...event,
    type: 'failed_to_reach',
    to: 'create',
    failure: { kind: 'lost', message: `the stream ended before the response was named (${event.reason})` },
  });
}

function dropped(
  step: Step,
  phase: Waiting,
  reason: string,
  failure?: ErrorView,
  retryAfterMs?: number,
): void {
  const { state, at } = step;
  if (!state.background) {
    const lost = {
      code: 'connection_lost',
      message: `The stream of ${phase.pending.responseId} broke off (${reason}); a foreground response cannot be resumed. Run in the background to survive this.`,
    };
    return endRun(step, { status: 'failed', error: phase.streamError ?? lost });
  }
  const barren = phase.barren + 1;
  const reconnects = phase.reconnects + 1;
  const error = failure ?? {
    code: 'connection_lost',
    message: `The stream ended without a final event (${reason}).`,
  };
  const polls =
    phase.streamError !== null || barren > barrenStreams || at - phase.pending.since >= streamWindowMs;
  const delay = polls ? 0 : (retryAfterMs ?? backOff(barren, step.random, 250, 8_000));
  goOnLater(step, { ...phase, barren, reconnects, error, mode: polls ? 'poll' : 'stream' }, delay, reason);
}

function goOnLater(step: Step, phase: Waiting, delay: number, reason: string): void {
  const { mode, reconnects } = phase;
  const nextAt = step.at + delay;
  const next = { ...phase, nextAt };
  step.go(next);
  step.setAttempt({ mode, reconnects });
  tellPending(step, next, { type: 'stream.dropped', reason, retryAt: nextAt });
}

/** The stream could not be opened: for now, or (too old, not streamable) not at all. Text so far is kept. */
export function streamRefused(step: Step, phase: Waiting, failure: Failure, retryAfterMs?: number): void {
  const judgement = judgeRetrieve(failure);
  if (judgement === 'unauthorized') return unauthorized(step, phase, errorOf(failure));
  if (judgement === 'retry') return dropped(step, phase, 'refused', errorOf(failure), retryAfterMs);
  goOnLater(step, { ...phase, mode: 'poll' }, 0, 'refused');
}

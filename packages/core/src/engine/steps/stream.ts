import type { EngineEventOf } from '../engine-event.ts';
import { backOff } from '../policy/back-off.ts';
import { errorOf, judgeRetrieve, type Failure } from '../policy/failure.ts';
import type { Phase, Waiting } from '../run-state.ts';
import type { Step } from '../step.ts';
import type { ErrorView } from '../view/run-view.ts';
import { onCreateFailed } from './create.ts';
import { endRun } from './end-run.ts';
import { tellPending } from './poll.ts';
import { unauthorized } from './unauthorized.ts';

/** How long after its creation a response can be streamed (OpenAI API reference: HTTP 400 afterwards). */
export const streamWindowMs = 300_000;
/** Streams in a row that bring nothing new before the run polls instead. */
const barrenStreams = 5;

/** Whether a stream is open, or on its way. What a stream says that was given up already would count as a second drop. */
export function isStreaming(phase: Phase): phase is Waiting {
  return phase.type === 'waiting' && phase.mode === 'stream' && phase.nextAt === null;
}

export function onStreamOpened(step: Step): void {
  const { phase } = step.state;
  if (!isStreaming(phase)) return;
  const { cursor, doneItems } = phase;
  // Without a cursor it is read from its beginning, and the view begins anew: no item has been told for good.
  const told = cursor === null ? [] : doneItems;
  const next: Waiting = { ...phase, error: null, failures: 0, doneItems: told };
  step.go(next);
  tellPending(step, next, { type: 'stream.connected' });
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

export function dropped(
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

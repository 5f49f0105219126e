import type { EngineEventOf } from '../engine-event.ts';
import { backOff, pauseAfter } from '../policy/retry-delay.ts';
import { errorOf, type Failure } from '../policy/failure.ts';
import { judgeRetrieve } from '../policy/judge-failure.ts';
import type { Phase, Waiting } from '../run-state.ts';
import type { Step } from '../step.ts';
import type { ErrorView } from '../view/run-view.ts';
import { withAskedDelay } from './asked-delay.ts';
import { onCreateFailed } from './create-failed.ts';
import { endRun } from './end-run.ts';
import { onFailedResponse } from './failed-response.ts';
import { foreignSince, stopIfNotTheApi, stopWaiting } from './stop.ts';
import { emitPending } from './poll.ts';
import { recordResponse } from './record-iteration.ts';

/** Milliseconds after its create for which a response can be streamed (OpenAI API reference: HTTP 400 afterwards). */
export const streamWindowMs = 300_000;
/** After more than this number of consecutive streams without a new event, the run polls. */
const maxEmptyStreams = 5;

/** Whether a stream is open or requested. False for an abandoned stream, whose end must not count a second time. */
export function isStreaming(phase: Phase): phase is Waiting {
  return phase.type === 'waiting' && phase.mode === 'stream' && phase.nextAt === null;
}

export function onStreamOpened(step: Step): void {
  const { phase } = step.state;
  if (!isStreaming(phase)) return;
  // Without a cursor the stream is read from its beginning. The earlier items stay until its first event arrives.
  if (phase.cursor === null) return step.enter({ ...phase, begun: false });
  streamConnected(step, phase);
}

/** Emits that a stream is open. Without a cursor it is read from its beginning, so the view starts again. */
export function streamConnected(step: Step, phase: Waiting): void {
  const next: Waiting = { ...phase, error: null };
  step.enter(next);
  emitPending(step, next, { type: 'stream.connected' });
}

/** A stream that ends without a terminal event has not ended the response (I11). */
export function onStreamEnded(step: Step, event: EngineEventOf<'stream_ended'>): void {
  const { phase } = step.state;
  if (isStreaming(phase)) return streamDropped(step, phase, event.reason);
  const refusal = phase.type === 'creating' ? phase.refusal : null;
  // The stream ended before it sent the response: with an error of the API, or without showing whether a response
  // exists.
  const lost = `the stream ended before it sent the response (${event.reason})`;
  const failure: Failure = refusal ?? { kind: 'lost', message: lost, answered: true };
  onCreateFailed(step, { ...event, type: 'request_failed', to: 'create', failure });
}

function streamDropped(
  step: Step,
  phase: Waiting,
  reason: string,
  failure?: ErrorView,
  askedMs?: number,
): void {
  const { state, time } = step;
  if (!state.background) return foregroundLost(step, phase, reason);
  const emptyStreams = phase.emptyStreams + 1;
  const reconnects = phase.reconnects + 1;
  const error = failure ?? {
    code: 'connection_lost',
    message: `The stream ended without a final event (${reason}).`,
  };
  const polls =
    phase.streamError !== null ||
    emptyStreams > maxEmptyStreams ||
    time - phase.pending.since >= streamWindowMs;
  const delay = polls ? 0 : pauseAfter(askedMs, backOff(emptyStreams, step.random, 250, 8_000));
  reconnectAfter(
    step,
    withAskedDelay(
      { ...phase, emptyStreams, reconnects, error, mode: polls ? 'poll' : 'stream' },
      time,
      askedMs,
    ),
    delay,
    reason,
  );
}

/** A foreground response is lost with its stream, unless the stream contained the error of the response. */
function foregroundLost(step: Step, phase: Waiting, reason: string): void {
  const { responseId } = phase.pending;
  if (phase.streamError !== null) {
    const response = {
      id: responseId,
      status: 'failed',
      output: phase.doneItems.map(({ item }) => item),
      error: phase.streamError,
      incompleteReason: null,
      usage: null,
      background: undefined,
      store: undefined,
    };
    step.setAttempt({ status: 'failed', error: phase.streamError });
    return onFailedResponse(step, response, phase, () => recordResponse(step, response, responseId, phase));
  }
  const message = `The stream of ${responseId} broke (${reason}). A foreground response cannot be resumed. Use \`background: true\` to survive this.`;
  endRun(step, { status: 'failed', error: { code: 'connection_lost', message } });
}

/** Abandons the stream. After `delay` milliseconds the run reopens it, or polls the response. */
export function reconnectAfter(step: Step, phase: Waiting, delay: number, reason: string): void {
  const { mode, reconnects } = phase;
  const nextAt = step.time + delay;
  const next = { ...phase, nextAt };
  step.enter(next);
  step.setAttempt({ mode, reconnects });
  const retryAt = nextAt + step.state.clock.skewMs;
  emitPending(step, next, { type: 'stream.dropped', reason, retryAt });
}

/** Handles a stream that could not be opened, temporarily or permanently (too old, not streamable). */
export function streamRefused(step: Step, refused: Waiting, failure: Failure): void {
  const phase = { ...refused, foreignSince: foreignSince(refused, failure, step.time) };
  const error = errorOf(failure);
  switch (judgeRetrieve(failure)) {
    case 'unauthorized':
      return stopWaiting(step, phase, error);
    case 'retry': {
      if (stopIfNotTheApi(step, { ...phase, error }, failure)) return;
      const asked = failure.kind === 'http' ? failure.retryAfterMs : undefined;
      return streamDropped(step, phase, 'refused', error, asked);
    }
    case 'credentials':
    case 'not_found':
    case 'final':
      return reconnectAfter(step, { ...phase, mode: 'poll' }, 0, 'refused');
  }
}

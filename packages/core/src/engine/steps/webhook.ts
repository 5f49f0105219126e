import { isTerminal } from '../../wire/response.ts';
import type { EngineEventOf } from '../engine-event.ts';
import type { Waiting } from '../run-state.ts';
import type { Step } from '../step.ts';
import { setExpected } from './expected-webhooks.ts';
import { emitPending, retrieveEarly, retrieveNow, usualPollDelay } from './poll.ts';
import { isStreaming, reconnectAfter } from './stream-connection.ts';

/**
 * A webhook says that a response has ended. It is a hint: the run asks the API now, even if the last answer was an
 * error. It still respects a delay that the server has asked for. An open stream is not disturbed, because its final
 * event should arrive.
 */
export function onWebhook(step: Step, { responseId }: EngineEventOf<'woken'>): void {
  const { state, time } = step;
  const { phase, background, backgroundIgnored, draining } = state;
  if (phase.type !== 'waiting' || !background) return;
  // The run may wait for the next response by now.
  if (responseId !== undefined && responseId !== phase.pending.responseId) return;
  const { nextAt, askedUntil = 0, pending, endAnnouncedAt } = phase;
  const announced: Waiting = { ...phase, endAnnouncedAt: time };
  if (isStreaming(phase)) {
    // A foreground stream cannot be reopened. A stream is in the foreground, too, if the server ignored `background`.
    if (!backgroundIgnored) step.enter(announced);
  } else if (nextAt === null) {
    // The GET in flight may have been sent before the response ended.
    const isNews = endAnnouncedAt === undefined && !isTerminal(pending.status);
    if (!isNews || draining) return step.enter(announced);
    step.perform({ type: 'abort_request' });
    retrieveNow(step, announced);
  } else if (draining || askedUntil > time) {
    // While draining, no request is sent, but the next process must send it immediately.
    const next = { ...announced, nextAt: Math.min(nextAt, Math.max(time, askedUntil)) };
    step.enter(next);
    emitPending(step, next, { type: 'poll' });
  } else retrieveEarly(step, announced);
}

/** A stream has sent nothing for some seconds after the webhook of its response, so its connection is dead. */
export function onSilentStream(step: Step, phase: Waiting): void {
  step.perform({ type: 'abort_request' });
  reconnectAfter(step, { ...phase, mode: 'poll' }, 0, 'webhook');
}

/** Other runs of this client have learned whether webhooks arrive. If one was missing, the next poll is earlier. */
export function onWebhooksKnown(step: Step, { forMs }: EngineEventOf<'webhooks_known'>): void {
  setExpected(step, forMs);
  const { phase } = step.state;
  if (forMs > 0 || phase.type !== 'waiting' || phase.nextAt === null || phase.error !== null) return;
  const nextAt = step.time + usualPollDelay(step, phase);
  if (nextAt >= phase.nextAt) return;
  const next = { ...phase, nextAt };
  step.enter(next);
  emitPending(step, next, { type: 'poll' });
}

import type { EngineEvent, EngineEventOf } from '../engine-event.ts';
import type { RunState, Waiting } from '../run-state.ts';
import type { Step } from '../step.ts';
import { cancelTimeoutMs } from './cancel.ts';
import { retrieveEarly } from './poll.ts';
import { reconnectAfter, isStreaming, streamWindowMs } from './stream-connection.ts';
import { isProgress, responseOf } from './stream-events.ts';
import { isOwnDelay, sendAgain } from './timer.ts';

/** Milliseconds to wait for a create in flight after the machine slept. Its connection is probably dead. */
const afterSleepMs = 60_000;

/**
 * The machine slept, or its clock was set forward. Sends the next request early, because the response may have ended
 * long ago, and connections that look open may be dead (claude-code 32116, zed 55901).
 */
export function onSlept(step: Step, { gapMs }: EngineEventOf<'slept'>): void {
  addGap(step, gapMs);
  const { phase, draining, background, backgroundIgnored, attempts } = step.state;
  const { time } = step;
  // Send a cancel in flight again, because its connection may be dead.
  if (phase.type === 'cancelling' && phase.stage === 'cancelling')
    step.enter({ ...phase, retryAt: time, deadlineAt: time + cancelTimeoutMs });
  if (draining) return;
  if (phase.type === 'creating' && phase.stage === 'sending') {
    step.enter({ ...phase, giveUpAt: Math.min(phase.giveUpAt ?? Infinity, time + afterSleepMs) });
  }
  if (phase.type === 'creating' && phase.stage === 'backing_off' && phase.retryAt !== null) {
    const isOver = phase.retryAt <= time + gapMs;
    if (isOver || isOwnDelay(attempts.at(-1)?.error ?? null)) sendAgain(step, phase);
  }
  // A foreground stream cannot be reopened. A stream is in the foreground, too, if the server ignored `background`.
  if (phase.type === 'waiting' && background && !(backgroundIgnored && isStreaming(phase))) {
    if (phase.nextAt === null) step.perform({ type: 'abort_request' });
    if (phase.mode === 'stream') reconnectAfter(step, pollAfterStreamWindow(step, phase), 0, 'slept');
    else retrieveEarly(step, phase, gapMs);
  }
}

/** Switches to polling if the response is too old to be streamed. */
function pollAfterStreamWindow(step: Step, phase: Waiting): Waiting {
  const age = step.time + step.state.clock.gapMs - phase.pending.since;
  return age >= streamWindowMs ? { ...phase, mode: 'poll' } : phase;
}

/** Adds a sleep, or time without a driver, to the gap. While the run waits for a person, its time is paused anyway. */
export function addGap(step: Step, gapMs: number): void {
  const { clock, phase } = step.state;
  if (phase.type !== 'tools' || step.state.pausedAt === null)
    step.set({ clock: { ...clock, gapMs: clock.gapMs + Math.max(0, gapMs) } });
}

/** Whether an event contains the current state of the response, as the answer to the request in flight. */
function isFreshAnswer({ phase }: RunState, event: EngineEvent): boolean {
  const isSending = phase.type === 'creating' && phase.stage === 'sending';
  if (event.type === 'responded')
    return event.to === 'create' ? isSending : phase.type === 'waiting' && event.to === 'retrieve';
  if (event.type !== 'streamed') return false;
  if (isSending) return event.events.some((one) => responseOf(one) !== undefined);
  return isStreaming(phase) && event.events.some((one) => isProgress(one, phase.cursor));
}

/**
 * Counts a gap towards the deadlines when the API first answers with a response after the gap. Until then the response
 * may have ended while the network or the server failed. To count the gap, the start times of the deadlines move back.
 */
export function countGap(step: Step, event: EngineEvent): void {
  const { clock, phase, pausedAt } = step.state;
  const { gapMs } = clock;
  if (gapMs === 0 || !isFreshAnswer(step.state, event)) return;
  const startedAt = pausedAt === null ? clock.startedAt - gapMs : clock.startedAt;
  step.set({ clock: { ...clock, startedAt, gapMs: 0 } });
  if (phase.type !== 'waiting') return;
  const { pending } = phase;
  step.enter({ ...phase, pending: { ...pending, since: pending.since - gapMs } });
}

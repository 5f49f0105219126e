import type { EngineEvent, EngineEventOf } from '../engine-event.ts';
import type { RunState, Waiting } from '../run-state.ts';
import type { Step } from '../step.ts';
import { cancelTimeoutMs } from './cancel.ts';
import { retrieveEarly } from './poll.ts';
import { reconnectAfter, isStreaming, streamWindowMs } from './stream-connection.ts';
import { isProgress, responseOf } from './stream-events.ts';
import { isOwnDelay, sendAgain } from './timer.ts';

/** How long a create that was on its way when the machine slept is still waited for: its connection is probably gone. */
const afterSleepMs = 60_000;

/**
 * The machine slept, or its clock was set forward. The next request is sent now: the response may be over for hours, and
 * connections that look open may be dead (claude-code 32116, zed 55901).
 */
export function onSlept(step: Step, { gapMs }: EngineEventOf<'slept'>): void {
  noteGap(step, gapMs);
  const { phase, draining, background, backgroundIgnored, attempts } = step.state;
  const { time } = step;
  // Also a cancel that is on its way: its connection may be dead.
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
  // A foreground stream cannot be opened again, and is one where the server has not taken `background`.
  if (phase.type === 'waiting' && background && !(backgroundIgnored && isStreaming(phase))) {
    if (phase.nextAt === null) step.perform({ type: 'abort_request' });
    if (phase.mode === 'stream') reconnectAfter(step, inWindow(step, phase), 0, 'slept');
    else retrieveEarly(step, phase, gapMs);
  }
}

/** The server streams a response for some minutes after its creation. */
function inWindow(step: Step, phase: Waiting): Waiting {
  const age = step.time + step.state.clock.gapMs - phase.pending.since;
  return age >= streamWindowMs ? { ...phase, mode: 'poll' } : phase;
}

/** A gap in which nothing was known of the run. While only a person is awaited, the run's time stands still anyway. */
export function noteGap(step: Step, gapMs: number): void {
  const { clock, phase } = step.state;
  if (phase.type !== 'tools' || step.state.pausedAt === null)
    step.set({ clock: { ...clock, gapMs: clock.gapMs + Math.max(0, gapMs) } });
}

/** Whether an event brings a response, as it stands now, in answer to the request that is on its way. */
function isFreshAnswer({ phase }: RunState, event: EngineEvent): boolean {
  const isSending = phase.type === 'creating' && phase.stage === 'sending';
  if (event.type === 'responded')
    return event.to === 'create' ? isSending : phase.type === 'waiting' && event.to === 'retrieve';
  if (event.type !== 'streamed') return false;
  if (isSending) return event.events.some((one) => responseOf(one) !== undefined);
  return isStreaming(phase) && event.events.some((one) => isProgress(one, phase.cursor));
}

/**
 * A gap counts towards the deadlines once the API has answered after it with a response: until then the response may be
 * over, and the network be away or the server be in trouble. It counts by moving back what the deadlines count from.
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

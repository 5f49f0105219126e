import type { EngineEventOf } from '../engine-event.ts';
import type { Creating, Outcome, RunState, Waiting } from '../run-state.ts';
import type { Step } from '../step.ts';
import type { ErrorView } from '../view/run-view.ts';
import { queuedDeadline, queuedLimitMs, runDeadline, silentAt } from '../wake-at.ts';
import { saveAndSend } from './begin-iteration.ts';
import { onCancelTimer, cancelThenEnd } from './cancel.ts';
import { onCreateTimer } from './buffering-proxy.ts';
import { endLeases } from './lease.ts';
import { retrieveEarly, retrieveNow } from './poll.ts';
import { onSilentStream, onWebhook } from './webhook.ts';

/** A timer that fires this many milliseconds late shows that its process was suspended. */
const lateTimerMs = 30_000;

/** Handles a timer: ends the run at its limits, otherwise sends the request that is due. */
export function onTimer(step: Step): void {
  const { state, time } = step;
  const { phase } = state;
  if (phase.type === 'done' || phase.type === 'starting') return;
  if (phase.type === 'cancelling') return onCancelTimer(step, phase);
  if (state.draining) return;
  const limit = limitReached(state, time);
  if (limit !== undefined) {
    // A process that was suspended does not know the current state. A GET shows whether the response has ended.
    if (phase.type === 'waiting' && state.background && isStale(state, phase, limit.reachedAt, time)) {
      if (phase.nextAt === null) step.perform({ type: 'abort_request' });
      return retrieveNow(step, { ...phase, mode: 'poll' });
    }
    return cancelThenEnd(step, limit.outcome);
  }
  const due = (when: number | null): boolean => when !== null && time >= when;
  if (phase.type === 'tools') endLeases(step);
  else if (phase.type === 'creating' && phase.stage === 'sending') onCreateTimer(step, phase);
  else if (phase.type === 'creating' && phase.stage === 'backing_off' && due(phase.retryAt))
    sendAgain(step, phase);
  else if (phase.type === 'waiting' && due(phase.nextAt)) retrieveNow(step, phase);
  else if (phase.type === 'waiting' && due(silentAt(phase))) onSilentStream(step, phase);
}

/** Returns the limit that the run has reached, if any, and when it reached it. */
function limitReached(
  state: RunState,
  time: number,
): { readonly reachedAt: number; readonly outcome: Outcome } | undefined {
  const limits = [
    [runDeadline(state), 'run_timeout', `The run has taken ${state.policy.runMs} ms, its limit \`runMs\`.`],
    [
      queuedDeadline(state),
      'queued_timeout',
      `The response has been queued for ${queuedLimitMs(state)} ms, the limit \`queuedMs\`.`,
    ],
  ] as const;
  for (const [reachedAt, code, message] of limits) {
    if (reachedAt !== null && time >= reachedAt)
      return { reachedAt, outcome: { status: 'incomplete', error: { code, message }, errorKind: 'limit' } };
  }
  return undefined;
}

/**
 * Whether the last poll of the response was before the limit and is out of date. The poll is out of date if the next
 * one is due, if it failed, or if it is older than the maximum delay. With an open stream, it is out of date if the
 * timer is late.
 */
function isStale(
  { policy }: RunState,
  { nextAt, lastPolledAt, pending, error }: Waiting,
  reachedAt: number,
  time: number,
): boolean {
  if (lastPolledAt !== null && lastPolledAt >= reachedAt) return false;
  if (nextAt === null) return time - reachedAt > lateTimerMs;
  return time >= nextAt || error !== null || time - (lastPolledAt ?? pending.since) > policy.polling.maxMs;
}

/**
 * The page is visible again, or the network is back. Sends the scheduled request now, unless the last answer was an
 * error. A webhook is more than that: the response has ended.
 */
export function onWoken(step: Step, event: EngineEventOf<'woken'>): void {
  if (event.responseId !== undefined || event.source !== undefined) return onWebhook(step, event);
  const { phase, draining, attempts, unknownCreates = 0 } = step.state;
  if (draining) return;
  const last = attempts.at(-1)?.error;
  if (phase.type === 'waiting' && phase.nextAt !== null && isOwnDelay(phase.error))
    retrieveEarly(step, phase);
  // A create whose answer was lost keeps its delay.
  if (phase.type !== 'creating' || phase.stage !== 'backing_off' || unknownCreates > 0) return;
  if (last !== undefined && isOwnDelay(last)) sendAgain(step, phase);
}

/** Whether the next request may be early: after a success or a connection error. Other errors may ask for the delay. */
export function isOwnDelay(error: ErrorView | null): boolean {
  return error === null || error.code.startsWith('connection_');
}

export function sendAgain(step: Step, phase: Creating): void {
  // Only the first create of an attempt emits the request, because a repetition sends the same one.
  saveAndSend(step, phase, step.state.attempts.at(-1)?.error === undefined);
}

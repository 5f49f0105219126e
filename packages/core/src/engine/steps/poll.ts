import { isTerminal, type Response } from '../../wire/response.ts';
import { nextPollDelay, queueWindowPollMs, type AskedDelay } from '../policy/poll-delay.ts';
import type { RunState, Waiting } from '../run-state.ts';
import { nothingStreamed } from '../saved-state.ts';
import type { Step } from '../step.ts';
import type { PendingUpdate } from '../view/run-event.ts';
import type { WaitMode } from '../view/run-view.ts';
import { waitingView } from '../view/view-of.ts';
import { chainIgnored, isChained, isChainIgnored } from './chain.ts';
import { endIteration } from './end-iteration.ts';
import { failUnknownOutput, isUnknownOutput } from './response-output.ts';

/**
 * Returns the milliseconds until the next poll of the pending response. A discounted response that is queued is polled
 * at most once a minute.
 */
export function untilNextPoll(
  { policy, queueWindowMs }: RunState,
  { status }: { readonly status: string },
  waitedMs: number,
  random: number,
  asked?: AskedDelay,
): number {
  const delay = nextPollDelay(policy.polling, waitedMs, random, asked);
  return queueWindowMs !== null && status === 'queued' ? Math.max(delay, queueWindowPollMs) : delay;
}

/** Starts waiting for the response of an answered create. */
export function waitFor(step: Step, response: Response, mode: WaitMode, asked?: AskedDelay): void {
  const { time } = step;
  const waiting: Waiting = {
    type: 'waiting',
    pending: { responseId: response.id, status: response.status, since: time },
    mode,
    nextAt: mode === 'poll' ? time + untilNextPoll(step.state, response, 0, step.random, asked) : null,
    polls: 0,
    lastPolledAt: null,
    failures: 0,
    withoutCredentials: 0,
    notFoundSince: null,
    foreignSince: null,
    error: null,
    cursor: null,
    reconnects: 0,
    emptyStreams: 0,
    chained: isChained(response),
    ...nothingStreamed,
    streamError: null,
  };
  step.enter(waiting);
  // Save before the first poll. If a crash lost the id, no process could retrieve the response.
  step.save();
  emitStatus(step, waiting);
}

/** Handles the answer to a GET of the pending response. */
export function pollAnswered(step: Step, phase: Waiting, response: Response, asked?: AskedDelay): void {
  const { time } = step;
  const polls = phase.polls + 1;
  step.setAttempt({ polls, status: response.status });
  // Keep polling the id from the create, even if the server answers with another id.
  const pending = { ...phase.pending, status: response.status };
  const waited = time - pending.since;
  const next: Waiting = {
    ...phase,
    pending,
    polls,
    lastPolledAt: time,
    nextAt: time + untilNextPoll(step.state, pending, waited, step.random, asked),
    failures: 0,
    withoutCredentials: 0,
    notFoundSince: null,
    foreignSince: null,
    error: null,
    chained: phase.chained || isChained(response),
  };
  step.enter(next);
  const named = { ...response, id: pending.responseId };
  if (isChainIgnored(step.state, response)) return chainIgnored(step, named);
  if (isTerminal(response.status)) {
    emitPending(step, { ...next, nextAt: null }, { type: 'poll' });
    if (isUnknownOutput(named, phase)) return failUnknownOutput(step, named.id, named);
    return endIteration(step, named, pending.responseId, phase);
  }
  if (response.status !== phase.pending.status) {
    step.save();
    emitStatus(step, next);
  }
  emitPending(step, next, { type: 'poll' });
}

/** Retrieves the pending response now. */
export function retrieveNow(step: Step, phase: Waiting): void {
  step.enter({ ...phase, nextAt: null });
  step.perform({ type: 'retrieve' });
}

/**
 * Retrieves the pending response before its scheduled poll. A discounted response that is queued is retrieved at most
 * once a minute. Time in which the machine slept counts towards that minute.
 */
export function retrieveEarly(step: Step, phase: Waiting, sleptMs: number = 0): void {
  const { lastPolledAt, pending, nextAt } = phase;
  const isSlow = step.state.queueWindowMs !== null && pending.status === 'queued' && nextAt !== null;
  const mayAskAt = Math.min(nextAt ?? 0, (lastPolledAt ?? pending.since) + queueWindowPollMs) - sleptMs;
  if (isSlow && mayAskAt > step.time) step.enter({ ...phase, nextAt: mayAskAt });
  else retrieveNow(step, phase);
}

export function emitStatus(step: Step, phase: Waiting): void {
  const { responseId, status } = phase.pending;
  emitPending(step, phase, { type: 'response.status', responseId, status });
}

/** Emits a change of the pending response or of its polls and streams. */
export function emitPending(step: Step, phase: Waiting, update: PendingUpdate): void {
  const { iteration, attempts } = step.state;
  step.emit({ ...update, iteration, attempts, waiting: waitingView(step.state, phase) });
}

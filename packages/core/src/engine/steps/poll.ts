import { isTerminal, type Response } from '../../wire/response.ts';
import { nextPollDelay, queueWindowPollMs, rarePollDelay, type AskedDelay } from '../policy/poll-delay.ts';
import type { Waiting } from '../run-state.ts';
import { nothingStreamed } from '../saved-state.ts';
import type { Step } from '../step.ts';
import type { PendingUpdate } from '../view/run-event.ts';
import type { WaitMode } from '../view/run-view.ts';
import { waitingView } from '../view/view-of.ts';
import { chainIgnored, isChained, isChainIgnored } from './chain.ts';
import { endIteration } from './end-iteration.ts';
import { expectsWebhooks, longestPollDelay, noteWebhook, takeWebhook } from './expected-webhooks.ts';
import { failUnknownOutput, isUnknownOutput } from './response-output.ts';

type Awaited = Pick<Waiting, 'pending' | 'endAnnouncedAt'>;

/** The time waited so far. It begins again when a webhook has come, because the API may show the end a moment later. */
function waitedMs({ time }: Step, { pending, endAnnouncedAt }: Awaited): number {
  return time - (endAnnouncedAt ?? pending.since);
}

/**
 * Returns the milliseconds until the next poll of the pending response if no webhook is expected. A discounted response
 * that is queued is polled at most once a minute.
 */
export function usualPollDelay(step: Step, awaited: Awaited, asked?: AskedDelay): number {
  const { policy, queueWindowMs } = step.state;
  const delay = nextPollDelay(policy.polling, waitedMs(step, awaited), step.random, asked);
  const isSlow = queueWindowMs !== null && awaited.pending.status === 'queued';
  return isSlow ? Math.max(delay, queueWindowPollMs) : delay;
}

/**
 * Returns the milliseconds until the next poll of the pending response. While webhooks arrive, polls are rare, unless
 * the server or the user's polling function has asked for a delay.
 */
function untilNextPoll(step: Step, awaited: Awaited, asked?: AskedDelay): number {
  const usual = usualPollDelay(step, awaited, asked);
  if (asked !== undefined || awaited.endAnnouncedAt !== undefined || !expectsWebhooks(step)) return usual;
  return Math.max(usual, rarePollDelay(waitedMs(step, awaited), step.random, longestPollDelay(step.state)));
}

/** Starts waiting for the response of an answered create. */
export function waitFor(step: Step, response: Response, mode: WaitMode, asked?: AskedDelay): void {
  const { time } = step;
  const pending = { responseId: response.id, status: response.status, since: time };
  const waiting: Waiting = {
    type: 'waiting',
    pending,
    mode,
    nextAt: mode === 'poll' ? time + untilNextPoll(step, { pending }, asked) : null,
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
  takeWebhook(step, waiting);
}

/** Handles the answer to a GET of the pending response. */
export function pollAnswered(step: Step, phase: Waiting, response: Response, asked?: AskedDelay): void {
  const { time } = step;
  const polls = phase.polls + 1;
  step.setAttempt({ polls, status: response.status });
  // Keep polling the id from the create, even if the server answers with another id.
  const pending = { ...phase.pending, status: response.status };
  const next: Waiting = {
    ...phase,
    pending,
    polls,
    lastPolledAt: time,
    nextAt: time + untilNextPoll(step, { ...phase, pending }, asked),
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
    noteWebhook(step, next, response);
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

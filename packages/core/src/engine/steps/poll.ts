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
import { endUnknown, isUnknownOutput } from './response-output.ts';

/** Milliseconds until the pending response is asked for again. */
export function delayOf(
  { policy, queueWindowMs }: RunState,
  { status }: { readonly status: string },
  waitedMs: number,
  random: number,
  asked?: AskedDelay,
): number {
  const delay = nextPollDelay(policy.polling, waitedMs, random, asked);
  return queueWindowMs !== null && status === 'queued' ? Math.max(delay, queueWindowPollMs) : delay;
}

/** Starts waiting for a response whose id is known now. */
export function waitFor(step: Step, response: Response, mode: WaitMode, asked?: AskedDelay): void {
  const { time } = step;
  const waiting: Waiting = {
    type: 'waiting',
    pending: { responseId: response.id, status: response.status, since: time },
    mode,
    nextAt: mode === 'poll' ? time + delayOf(step.state, response, 0, step.random, asked) : null,
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
  // Before the first poll: an id that is lost in a crash is a job that nobody reads.
  step.save();
  emitStatus(step, waiting);
}

/** A GET was answered. */
export function pollAnswered(step: Step, phase: Waiting, response: Response, asked?: AskedDelay): void {
  const { time } = step;
  const polls = phase.polls + 1;
  step.setAttempt({ polls, status: response.status });
  // The loop's own rule, whatever the server called the response meanwhile: the id that was created is asked for.
  const pending = { ...phase.pending, status: response.status };
  const waited = time - pending.since;
  const next: Waiting = {
    ...phase,
    pending,
    polls,
    lastPolledAt: time,
    nextAt: time + delayOf(step.state, pending, waited, step.random, asked),
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
    if (isUnknownOutput(named, phase)) return endUnknown(step, named.id, named);
    return endIteration(step, named, pending.responseId, phase);
  }
  if (response.status !== phase.pending.status) {
    step.save();
    emitStatus(step, next);
  }
  emitPending(step, next, { type: 'poll' });
}

/** Asks for the pending response now. */
export function retrieveNow(step: Step, phase: Waiting): void {
  step.enter({ ...phase, nextAt: null });
  step.perform({ type: 'retrieve' });
}

/**
 * Asks before its time. A discounted response is asked for once a minute at most while it is queued, and what the
 * machine has slept counts.
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

/** Tells how the pending response gets on. */
export function emitPending(step: Step, phase: Waiting, news: PendingUpdate): void {
  const { iteration, attempts } = step.state;
  step.emit({ ...news, iteration, attempts, waiting: waitingView(step.state, phase) });
}

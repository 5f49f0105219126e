import { isTerminal, type Response } from '../../wire/response.ts';
import { nextPollDelay, type AskedDelay } from '../policy/poll-delay.ts';
import { queueWindowPollMs } from '../policy/queue-window.ts';
import type { RunState, Waiting } from '../run-state.ts';
import { nothingStreamed } from '../saved-state.ts';
import type { Step } from '../step.ts';
import type { PendingNews } from '../view/run-event.ts';
import type { WaitMode } from '../view/run-view.ts';
import { waitingView } from '../waiting-view.ts';
import { chainIgnored, isChained, isChainIgnored } from './chain-ignored.ts';
import { endIteration } from './end-iteration.ts';
import { endUnknown, isUnknownOutput } from './unknown-output.ts';

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
    unsigned: 0,
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
  step.go(waiting);
  // Before the first poll: an id that is lost in a crash is a job that nobody reads.
  step.save();
  emitStatus(step, waiting);
}

/** A GET was answered. */
export function polled(step: Step, phase: Waiting, response: Response, asked?: AskedDelay): void {
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
    unsigned: 0,
    notFoundSince: null,
    foreignSince: null,
    error: null,
    chained: phase.chained || isChained(response),
  };
  step.go(next);
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
export function askNow(step: Step, phase: Waiting): void {
  step.go({ ...phase, nextAt: null });
  step.perform({ type: 'retrieve' });
}

/**
 * Asks before its time. A discounted response is asked for once a minute at most while it is queued, and what the
 * machine has slept counts.
 */
export function askEarly(step: Step, phase: Waiting, sleptMs: number = 0): void {
  const { lastPolledAt, pending, nextAt } = phase;
  const isSlow = step.state.queueWindowMs !== null && pending.status === 'queued' && nextAt !== null;
  const mayAskAt = Math.min(nextAt ?? 0, (lastPolledAt ?? pending.since) + queueWindowPollMs) - sleptMs;
  if (isSlow && mayAskAt > step.time) step.go({ ...phase, nextAt: mayAskAt });
  else askNow(step, phase);
}

export function emitStatus(step: Step, phase: Waiting): void {
  const { responseId, status } = phase.pending;
  emitPending(step, phase, { type: 'response.status', responseId, status });
}

/** Tells how the pending response gets on. */
export function emitPending(step: Step, phase: Waiting, news: PendingNews): void {
  const { iteration, attempts } = step.state;
  step.emit({ ...news, iteration, attempts, waiting: waitingView(step.state, phase) });
}

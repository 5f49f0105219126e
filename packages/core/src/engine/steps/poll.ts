import { pollDelay } from '../policy/poll-delay.ts';
import type { Waiting } from '../run-state.ts';
import type { Step } from '../step.ts';
import { isTerminal, type Response } from '../../wire/response.ts';
import type { PendingNews } from '../view/run-event.ts';
import type { WaitMode } from '../view/run-view.ts';
import { waitingView } from '../waiting-view.ts';
import { endLeg } from './end-leg.ts';

/** Starts waiting for a response whose id is known now. */
export function waitFor(step: Step, response: Response, mode: WaitMode, pollAfterMs?: number): void {
  const waiting: Waiting = {
    type: 'waiting',
    pending: { responseId: response.id, status: response.status, since: step.at },
    mode,
    nextAt:
      mode === 'poll'
        ? step.at + (pollAfterMs ?? pollDelay(step.state.policy.polling, 0, step.random))
        : null,
    polls: 0,
    lastPolledAt: null,
    failures: 0,
    notFoundSince: null,
    error: null,
    cursor: null,
    reconnects: 0,
    barren: 0,
    doneItems: [],
    streamError: null,
  };
  step.go(waiting);
  // Before the first poll: an id that is lost in a crash is a job that nobody reads.
  step.save();
  tellStatus(step, waiting);
}

/** A GET was answered. */
export function polled(step: Step, phase: Waiting, response: Response, pollAfterMs?: number): void {
  const { at, state } = step;
  const polls = phase.polls + 1;
  step.setAttempt({ polls, status: response.status });
  // The loop's own rule, whatever the server called the response meanwhile: the id that was created is asked for.
  const pending = { ...phase.pending, status: response.status };
  const next: Waiting = {
    ...phase,
    pending,
    polls,
    lastPolledAt: at,
    nextAt: at + (pollAfterMs ?? pollDelay(state.policy.polling, at - pending.since, step.random)),
    failures: 0,
    notFoundSince: null,
    error: null,
  };
  step.go(next);
  if (isTerminal(response.status)) {
    tellPending(step, { ...next, nextAt: null }, { type: 'poll' });
    return endLeg(step, { ...response, id: pending.responseId }, phase.doneItems);
  }
  if (response.status !== phase.pending.status) {
    step.save();
    tellStatus(step, next);
  }
  tellPending(step, next, { type: 'poll' });
}

export function tellStatus(step: Step, phase: Waiting): void {
  const { responseId, status } = phase.pending;
  tellPending(step, phase, { type: 'response.status', responseId, status });
}

/** Tells how the pending response gets on. */
export function tellPending(step: Step, phase: Waiting, news: PendingNews): void {
  const { iteration, attempts } = step.state;
  step.tell({ ...news, iteration, attempts, waiting: waitingView(step.state, phase) });
}

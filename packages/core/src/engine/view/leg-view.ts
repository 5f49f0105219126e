import type { RunEvent } from './run-event.ts';
import type { AttemptView, IterationView, RunView } from './run-view.ts';

type EventOf<Type extends RunEvent['type']> = Extract<RunEvent, { readonly type: Type }>;

/** A leg begins; or begins anew, and what its failed attempt showed is gone. */
export function legStarted(view: RunView, event: EventOf<'leg.started'>): RunView {
  const { iteration, strategy, mode, at } = event;
  const found = view.iterations.find((leg) => leg.index === iteration);
  const attempts = (found?.attempts ?? []).slice(0, event.attempt);
  const leg: IterationView = {
    index: iteration,
    responseId: null,
    status: 'creating',
    text: '',
    toolCallIds: [],
    startedAt: found?.startedAt ?? at,
    attempts: [
      ...attempts,
      { responseId: null, strategy, status: 'creating', mode, polls: 0, reconnects: 0 },
    ],
  };
  return {
    ...view,
    iteration,
    text: '',
    waiting: null,
    items: view.items.filter((item) => item.iteration !== iteration),
    toolCalls: view.toolCalls.filter((call) => call.iteration !== iteration),
    iterations: [...view.iterations.filter((one) => one.index !== iteration), leg],
  };
}

export function legCompleted(view: RunView, event: EventOf<'leg.completed'>): RunView {
  const { iteration, responseId, status, toolCallIds, usage, totalUsage, attempts, at } = event;
  const text = event.text ?? view.text;
  const done = { ...view, text, waiting: null, usage: totalUsage };
  return inLeg(done, iteration, (leg) => ({
    ...leg,
    responseId,
    status,
    text,
    toolCallIds,
    endedAt: at,
    usage,
    attempts,
  }));
}

export function inLeg(
  view: RunView,
  iteration: number,
  change: (leg: IterationView) => IterationView,
): RunView {
  return { ...view, iterations: view.iterations.map((leg) => (leg.index === iteration ? change(leg) : leg)) };
}

export function setLast(
  attempts: readonly AttemptView[],
  change: Partial<AttemptView>,
): readonly AttemptView[] {
  return attempts.map((one, index) => (index === attempts.length - 1 ? { ...one, ...change } : one));
}

export function inAttempt(view: RunView, iteration: number, change: Partial<AttemptView>): RunView {
  return inLeg(view, iteration, (leg) => ({ ...leg, attempts: setLast(leg.attempts, change) }));
}

import { defined } from '../../wire/defined.ts';
import type { PendingEvent, RunEvent } from './run-event.ts';
import type { AttemptView, IterationView, RunView } from './run-view.ts';

/** What nothing has been written in yet. */
const noTexts = { text: '', commentary: '', agentTexts: Object.freeze({}) } as const;

type EventOf<Type extends RunEvent['type']> = Extract<RunEvent, { readonly type: Type }>;

/** A leg begins; or begins anew, and what its failed attempt showed is gone. */
export function legStarted(view: RunView, event: EventOf<'leg.started'>): RunView {
  const { iteration, strategy, mode, at } = event;
  const found = view.iterations.find((leg) => leg.index === iteration);
  // A create that is announced again, since it is sent without an option now, is still the same attempt.
  const attempts = (found?.attempts ?? []).slice(0, event.attempt);
  const fresh: AttemptView = {
    responseId: null,
    strategy,
    status: 'creating',
    mode,
    polls: 0,
    reconnects: 0,
  };
  const again = found?.attempts[event.attempt];
  const leg: IterationView = {
    index: iteration,
    responseId: null,
    status: 'creating',
    text: '',
    toolCallIds: [],
    startedAt: found?.startedAt ?? at,
    attempts: [...attempts, { ...(again ?? fresh), mode }],
  };
  return {
    ...withoutLeg(view, iteration),
    iteration,
    ...noTexts,
    waiting: null,
    iterations: [...view.iterations.filter((one) => one.index !== iteration), leg],
  };
}

/** A stream without a cursor begins at its beginning: what it showed before would be shown twice. */
export function toldAnew(view: RunView, event: EventOf<'stream.connected'>): RunView {
  const { iteration, waiting } = event;
  if (waiting.lastSequenceNumber !== undefined) return view;
  return { ...withoutLeg(view, iteration), text: '' };
}

/** A view without what a leg has shown of its items and calls. */
export function withoutLeg(view: RunView, iteration: number): RunView {
  return {
    ...view,
    ...noTexts,
    items: view.items.filter((item) => item.iteration !== iteration),
    toolCalls: view.toolCalls.filter((call) => call.iteration !== iteration),
  };
}

/** How the pending response of a leg gets on. */
export function waitingFor(view: RunView, { iteration, attempts, waiting }: PendingEvent): RunView {
  const { responseId, responseStatus: status } = waiting;
  return inLeg({ ...view, waiting }, iteration, (leg) => ({ ...leg, responseId, status, attempts }));
}

export function legCompleted(view: RunView, event: EventOf<'leg.completed'>): RunView {
  const { iteration, responseId, status, toolCallIds, usage, totalUsage, attempts, agentTexts, at } = event;
  const { serviceTier, toolUsage } = event;
  const known = view.iterations.some((leg) => leg.index === iteration);
  const text = event.text ?? (known ? view.text : '');
  const others = defined({
    agentTexts: agentTexts ?? (event.text === null && known ? othersOf(view) : undefined),
  });
  const bill = { usage, ...defined({ serviceTier, toolUsage }) };
  const over = { responseId, status, text, ...others, toolCallIds, endedAt: at, ...bill, attempts };
  const next = {
    ...view,
    iteration,
    ...noTexts,
    text,
    ...others,
    waiting: null,
    usage: totalUsage,
  };
  // A leg can end before its first create was sent.
  if (!known)
    return { ...next, iterations: [...view.iterations, { ...over, index: iteration, startedAt: at }] };
  return inLeg(next, iteration, (leg) => ({ ...leg, ...over }));
}

export function inLeg(
  view: RunView,
  iteration: number,
  change: (leg: IterationView) => IterationView,
): RunView {
  return { ...view, iterations: view.iterations.map((leg) => (leg.index === iteration ? change(leg) : leg)) };
}

/** What other agents wrote so far, where one did. */
function othersOf({ agentTexts }: RunView): RunView['agentTexts'] | undefined {
  return Object.keys(agentTexts).length === 0 ? undefined : agentTexts;
}

import { defined } from '../../wire/defined.ts';
import type { PendingEvent, RunEvent } from './run-event.ts';
import type { AttemptView, IterationView, RunView } from './run-view.ts';

/** The texts of an iteration before the model has written anything. */
const noTexts = { text: '', commentary: '', agentTexts: Object.freeze({}) } as const;

type EventOf<Type extends RunEvent['type']> = Extract<RunEvent, { readonly type: Type }>;

/** Shows a new iteration, or a new attempt of one, without the items and calls of a failed attempt. */
export function iterationStarted(view: RunView, event: EventOf<'iteration.started'>): RunView {
  const { iteration, strategy, mode, at } = event;
  const found = view.iterations.find(({ index }) => index === iteration);
  // A create that is announced again because it is now sent without an option is still the same attempt.
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
  const begun: IterationView = {
    index: iteration,
    responseId: null,
    status: 'creating',
    text: '',
    toolCallIds: [],
    startedAt: found?.startedAt ?? at,
    attempts: [...attempts, { ...(again ?? fresh), mode }],
  };
  return {
    ...withoutIteration(view, iteration),
    iteration,
    ...noTexts,
    waiting: null,
    iterations: [...view.iterations.filter(({ index }) => index !== iteration), begun],
  };
}

/** Removes the items of a stream that restarts without a cursor, because it sends them again. */
export function streamRestarted(view: RunView, event: EventOf<'stream.connected'>): RunView {
  const { iteration, waiting } = event;
  if (waiting.lastSequenceNumber !== undefined) return view;
  return { ...withoutIteration(view, iteration), text: '' };
}

/** Removes the items and calls of an iteration. */
export function withoutIteration(view: RunView, iteration: number): RunView {
  return {
    ...view,
    ...noTexts,
    items: view.items.filter((item) => item.iteration !== iteration),
    toolCalls: view.toolCalls.filter((call) => call.iteration !== iteration),
  };
}

/** Updates the pending response of an iteration. */
export function waitingFor(view: RunView, { iteration, attempts, waiting }: PendingEvent): RunView {
  const { responseId, responseStatus: status } = waiting;
  return updateIteration({ ...view, waiting }, iteration, (shown) => ({
    ...shown,
    responseId,
    status,
    attempts,
  }));
}

export function iterationCompleted(view: RunView, event: EventOf<'iteration.completed'>): RunView {
  const { iteration, responseId, status, toolCallIds, usage, totalUsage, attempts, agentTexts, at } = event;
  const { serviceTier, toolUsage } = event;
  const known = view.iterations.some(({ index }) => index === iteration);
  const text = event.text ?? (known ? view.text : '');
  const others = defined({
    agentTexts: agentTexts ?? (event.text === null && known ? otherAgentTexts(view) : undefined),
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
  // An iteration can end before its first create is sent.
  if (!known)
    return { ...next, iterations: [...view.iterations, { ...over, index: iteration, startedAt: at }] };
  return updateIteration(next, iteration, (shown) => ({ ...shown, ...over }));
}

export function updateIteration(
  view: RunView,
  iteration: number,
  change: (shown: IterationView) => IterationView,
): RunView {
  return {
    ...view,
    iterations: view.iterations.map((shown) => (shown.index === iteration ? change(shown) : shown)),
  };
}

/** The texts of other agents so far. Undefined if there are none. */
function otherAgentTexts({ agentTexts }: RunView): RunView['agentTexts'] | undefined {
  return Object.keys(agentTexts).length === 0 ? undefined : agentTexts;
}

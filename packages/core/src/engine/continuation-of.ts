import type { WireTool } from '../wire/create-body.ts';
import type { InputItem } from '../wire/items.ts';
import { textOf } from '../wire/json.ts';
import { defined } from '../wire/defined.ts';
import { agentOf, textOfMessage } from '../wire/message-text.ts';
import { callOutputs, inputItems, replayedInput, savedHistory } from './conversation.ts';
import type { Continuation } from './engine-event.ts';
import type { RunState } from './run-state.ts';
import { steeredItems } from './steered-items.ts';
import type { StoredItem, StoredIteration } from './stored-item.ts';

/** A run whose conversation another run continues. */
export interface ContinuedRun {
  readonly state: Pick<RunState, 'status'>;
  readonly items: readonly StoredItem[];
}

function lastCompleted(items: readonly StoredItem[]): StoredIteration | undefined {
  return items.findLast(
    (item): item is StoredIteration => item.type === 'iteration' && item.status === 'completed',
  );
}

/**
 * The text of the response that was stopped, as messages of the assistant: the reader has read it, so the model must
 * know it. Reasoning and calls of the response are not carried. A failed response is not carried, because the next run
 * repeats it.
 */
function stoppedText({ state, items }: ContinuedRun, after: number): readonly InputItem[] {
  if (state.status !== 'cancelled' && state.status !== 'incomplete') return [];
  return items.flatMap((stored): InputItem[] => {
    if (stored.type !== 'output' || stored.iteration <= after) return [];
    const { item } = stored;
    const text = agentOf(item) === undefined ? textOfMessage(item) : '';
    if (text === '') return [];
    return [{ role: 'assistant', content: text, ...defined({ phase: textOf(item['phase']) }) }];
  });
}

/**
 * The items between the run's last completed response and the input of the next run. These are the outputs of that
 * response's calls, the steered input after it, and the text of a response that was stopped. If no response has
 * completed, the input of the run comes first.
 */
function leadOf(run: ContinuedRun, tools: readonly WireTool[]): readonly InputItem[] {
  const { items } = run;
  const last = lastCompleted(items)?.iteration ?? -1;
  const steered = [...steeredItems(items)].flatMap(([iteration, input]) => (iteration > last ? input : []));
  const outputs = last < 0 ? inputItems(items, false) : callOutputs(items, last, tools);
  return [...outputs, ...steered, ...stoppedText(run, last)];
}

/**
 * The run that this run continues, if this run ended before it had loaded that run: it was cancelled immediately, or that run
 * was still active. The items of this run then have only its own input.
 */
export function unreadBefore(
  { continues, history }: Pick<RunState, 'continues' | 'history'>,
  items: readonly StoredItem[],
): string | undefined {
  const input = items.find((item) => item.type === 'input');
  const hasRead = history !== undefined || lastCompleted(items) !== undefined;
  return hasRead || (input?.lead.length ?? 0) > 0 ? undefined : continues;
}

/**
 * The data for a new run that continues a terminal run: from its last completed response, or from its start if no
 * response completed. `tools` are the tools of the new run, `before` is the continuation of the run of `unreadBefore`.
 */
export function continuationOf(
  state: RunState,
  items: readonly StoredItem[],
  tools: readonly WireTool[],
  before?: Continuation,
): Continuation {
  if (before !== undefined)
    return {
      ...before,
      threadId: state.threadId ?? before.threadId,
      lead: [...before.lead, ...leadOf({ state, items }, tools)],
    };
  const last = lastCompleted(items);
  const { runId, threadId = runId, previousResponseId, stored, history } = state;
  return {
    threadId,
    hasHistory: last !== undefined || history !== undefined || savedHistory(items).length > 0,
    lead: leadOf({ state, items }, tools),
    previousResponseId: last?.endedAs ?? last?.responseId ?? previousResponseId,
    stored: (last?.stored ?? true) && stored !== false ? null : false,
  };
}

/**
 * The conversation before the `lead` of a run that continues the last of these runs.
 *
 * @param runs Runs that continue each other, oldest first. The first has saved its own history, or has none.
 */
export function historyOf(
  runs: readonly ContinuedRun[],
  tools: readonly WireTool[] = [],
): readonly InputItem[] {
  let history: readonly InputItem[] = [];
  for (const { items: own } of runs) {
    const items: readonly StoredItem[] =
      history.length === 0 ? own : [...own, { type: 'history', items: history }];
    const last = lastCompleted(items);
    if (last === undefined) history = savedHistory(items);
    else {
      const sent = callOutputs(items, last.iteration, tools).length + steeredAfter(items, last.iteration);
      history = replayedInput(items, last.iteration + 1, tools).slice(0, sent === 0 ? undefined : -sent);
    }
  }
  return history;
}

/** The number of steered items that the create after this iteration contains. They are in the `lead`. */
function steeredAfter(items: readonly StoredItem[], iteration: number): number {
  return steeredItems(items).get(iteration + 1)?.length ?? 0;
}

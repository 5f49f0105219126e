import {
  agentOf,
  agentTexts,
  isAnswer,
  isCommentary,
  messageText,
  textOfMessage,
} from '../../wire/message-text.ts';
import type { ItemView, RunView } from './run-view.ts';
import { itemKey, type ViewLists } from './view-lists.ts';

/** What of the view follows from the messages of an iteration that are not its answer. */
export function withAside(
  view: RunView,
  event: { readonly iteration: number; readonly outputIndex: number; readonly delta: string },
  lists: ViewLists,
): RunView {
  const { delta } = event;
  const found = view.items[lists.items.findOnly(view.items, itemKey, itemKey(event))];
  if (found === undefined || found.done) return view;
  const { item } = found;
  if (isCommentary(item)) return { ...view, commentary: textOfMessage(item) };
  const agent = agentOf(item);
  if (agent === undefined || item['phase'] === 'commentary') return view;
  // An agent may have the name of what every object has: `constructor`.
  const known = Object.hasOwn(view.agentTexts, agent) ? (view.agentTexts[agent] ?? '') : '';
  return { ...view, agentTexts: { ...view.agentTexts, [agent]: known + delta } };
}

/**
 * What of the view follows from a message that was added or is done. Only now may it be known whose words they were.
 */
export function withMessage(
  view: RunView,
  before: ItemView | undefined,
  { iteration, item }: ItemView,
): RunView {
  if (item.type !== 'message') return view;
  const ofIteration = (): OutputItems =>
    view.items.flatMap((one) => (one.iteration === iteration ? [one.item] : []));
  // The deltas were taken for the answer's.
  const text =
    before !== undefined && isAnswer(before.item) && !isAnswer(item) ? messageText(ofIteration()) : view.text;
  if (isAnswer(item)) return view;
  if (isCommentary(item)) return { ...view, text, commentary: textOfMessage(item) };
  return { ...view, text, agentTexts: agentTexts(ofIteration()) ?? view.agentTexts };
}

type OutputItems = readonly ItemView['item'][];

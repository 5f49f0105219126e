import {
  agentOf,
  agentTexts,
  isAnswer,
  isCommentary,
  messageText,
  textOfMessage,
} from '../../wire/message-text.ts';
import type { ItemView, RunView } from './run-view.ts';
import { itemKey } from './view-keys.ts';
import type { ViewLists } from './view-lists.ts';

/** Adds a delta of a message that is not the answer, such as commentary or a message of another agent. */
export function withAside(
  view: RunView,
  event: { readonly iteration: number; readonly outputIndex: number; readonly delta: string },
  lists: ViewLists,
): RunView {
  const { delta } = event;
  const found = view.items[lists.items.findOnly(view.items, itemKey, itemKey(event))];
  if (found === undefined || found.done) return view;
  const { item } = found;
  if (item.type !== 'message') return view;
  if (isCommentary(item)) return { ...view, commentary: textOfMessage(item) };
  const agent = agentOf(item);
  if (agent === undefined || item['phase'] === 'commentary') return view;
  // An agent may have the name of a property that every object inherits, such as `constructor`.
  const known = Object.hasOwn(view.agentTexts, agent) ? (view.agentTexts[agent] ?? '') : '';
  return { ...view, agentTexts: { ...view.agentTexts, [agent]: known + delta } };
}

/**
 * Updates the texts of the view after a message was added or is done. The kind of the message may only be known now.
 */
export function withMessageText(
  view: RunView,
  before: ItemView | undefined,
  { iteration, item }: ItemView,
): RunView {
  if (item.type !== 'message') return view;
  const ofIteration = (): OutputItems =>
    view.items.flatMap((one) => (one.iteration === iteration ? [one.item] : []));
  // Until now, the deltas were added to the answer.
  const text =
    before !== undefined && isAnswer(before.item) && !isAnswer(item) ? messageText(ofIteration()) : view.text;
  if (isAnswer(item)) return view;
  if (isCommentary(item)) return { ...view, text, commentary: textOfMessage(item) };
  return { ...view, text, agentTexts: agentTexts(ofIteration()) ?? view.agentTexts };
}

type OutputItems = readonly ItemView['item'][];

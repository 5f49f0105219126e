import { withMessage } from './aside-text.ts';
import { shownCall } from './call-view.ts';
import type { ItemView, RunView } from './run-view.ts';
import { callKey, itemCallKey, itemKey, type ViewLists } from './view-lists.ts';

/** The view with an output item that was added, or is done. */
export function withItem(view: RunView, entry: ItemView, lists: ViewLists): RunView {
  const at = lists.items.findOnly(view.items, itemKey, itemKey(entry));
  const before = view.items[at];
  const items = lists.items.put(view.items, at, entry);
  const call = shownCall(entry);
  if (call === undefined) return withMessage({ ...view, items }, before, entry);
  const known = lists.calls.findOnly(view.toolCalls, callKey, callKey(call));
  const shown = view.toolCalls[known];
  // A server may name one call twice: the first item of that name is the call.
  const first = items[lists.items.find(items, itemCallKey, itemCallKey(entry))];
  if (shown !== undefined && first?.outputIndex !== entry.outputIndex) return { ...view, items };
  const next = shown === undefined ? call : { ...shown, ...call, status: shown.status };
  return { ...view, items, toolCalls: lists.calls.put(view.toolCalls, known, next) };
}

import { answeredId, callIdOf } from '../calls.ts';
import { withMessage } from './aside-text.ts';
import { shownCall } from './call-view.ts';
import type { ItemView, RunView, ToolCallView } from './run-view.ts';
import { callKey, itemCallKey, itemKey, type ViewLists } from './view-lists.ts';

function isBehind({ iteration, outputIndex }: ItemView, entry: ItemView): boolean {
  return iteration === entry.iteration && outputIndex > entry.outputIndex;
}

/**
 * Items of an iteration stand in the order of their indexes, in whatever order they are told: events may be missing.
 */
function withNewItem(items: readonly ItemView[], entry: ItemView, lists: ViewLists): readonly ItemView[] {
  const last = items.at(-1);
  if (last === undefined || !isBehind(last, entry)) return lists.items.put(items, -1, entry);
  return items.toSpliced(
    items.findIndex((one) => isBehind(one, entry)),
    0,
    entry,
  );
}

/** Calls stand in the order of their items. */
function withNewCall(
  calls: readonly ToolCallView[],
  call: ToolCallView,
  items: readonly ItemView[],
  lists: ViewLists,
): readonly ToolCallView[] {
  const last = items.at(-1);
  if (last !== undefined && callIdOf(last.item) === call.callId) return lists.calls.put(calls, -1, call);
  const place = (one: ToolCallView): number => items.findIndex((item) => itemCallKey(item) === callKey(one));
  const next = calls.findIndex((one) => one.iteration === call.iteration && place(one) > place(call));
  return next === -1 ? lists.calls.put(calls, -1, call) : calls.toSpliced(next, 0, call);
}

/** The view with an output item that was added, or is done. */
export function withItem(view: RunView, entry: ItemView, lists: ViewLists): RunView {
  const at = lists.items.findOnly(view.items, itemKey, itemKey(entry));
  const before = view.items[at];
  const items =
    before === undefined ? withNewItem(view.items, entry, lists) : lists.items.put(view.items, at, entry);
  const answered = answeredId(entry.item);
  if (answered !== undefined) {
    const key = callKey({ iteration: entry.iteration, callId: answered });
    return { ...view, items, toolCalls: view.toolCalls.filter((call) => callKey(call) !== key) };
  }
  const call = shownCall(entry);
  if (call === undefined) return withMessage({ ...view, items }, before, entry);
  const known = lists.calls.findOnly(view.toolCalls, callKey, callKey(call));
  const shown = view.toolCalls[known];
  if (shown === undefined)
    return { ...view, items, toolCalls: withNewCall(view.toolCalls, call, items, lists) };
  // A server may name one call twice: the first item of that name is the call.
  const first = items[lists.items.find(items, itemCallKey, itemCallKey(entry))];
  if (first?.outputIndex !== entry.outputIndex) return { ...view, items };
  const next = { ...shown, ...call, status: shown.status };
  return { ...view, items, toolCalls: lists.calls.put(view.toolCalls, known, next) };
}

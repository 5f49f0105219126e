import { callIdOf } from '../calls-of.ts';
import { withMessage } from './aside-text.ts';
import { shownCall } from './call-view.ts';
import type { ItemView, RunView } from './run-view.ts';

/** A server may name one call twice: the first item of that name is the call. */
function isFirst(items: readonly ItemView[], { iteration, outputIndex, item }: ItemView): boolean {
  const named = items.find((one) => one.iteration === iteration && callIdOf(one.item) === callIdOf(item));
  return named?.outputIndex === outputIndex;
}

/** The view with an output item that was added, or is done. */
export function withItem(view: RunView, entry: ItemView): RunView {
  const { iteration, outputIndex } = entry;
  // The newest item as a rule: looked for from the end.
  const at = view.items.findLastIndex(
    (one) => one.iteration === iteration && one.outputIndex === outputIndex,
  );
  const before = view.items[at];
  const items = before === undefined ? [...view.items, entry] : view.items.with(at, entry);
  const call = shownCall(entry);
  if (call === undefined) return withMessage({ ...view, items }, before, entry);
  const known = view.toolCalls.findLastIndex(
    (one) => one.callId === call.callId && one.iteration === iteration,
  );
  const shown = view.toolCalls[known];
  if (shown !== undefined && !isFirst(items, entry)) return { ...view, items };
  const toolCalls =
    shown === undefined
      ? [...view.toolCalls, call]
      : view.toolCalls.with(known, { ...shown, ...call, status: shown.status });
  return { ...view, items, toolCalls };
}

import type { OutputItem } from '../../wire/items.ts';
import type { JsonObject } from '../../wire/json.ts';
import { callIdOf } from '../calls-of.ts';
import type { DoneItem } from '../run-state.ts';
import type { Step } from '../step.ts';
import { isItem, tellItemEvent, type ToldItem } from './stream-item.ts';

/** What a stream has brought so far, while one step reads on: it may be changed until the step is done. */
export interface StreamedDraft {
  readonly doneItems: DoneItem[];
  readonly openItems: number[];
}

/** An item that is done and not known yet counts, whatever its event's number: some servers number every event alike. */
export function missed(step: Step, draft: StreamedDraft, event: JsonObject): void {
  const { type, item } = event;
  if (type !== 'response.output_item.done' || !isItem(item)) return;
  const isKnown = draft.doneItems.some((one) => isSameItem(one.item, item));
  if (!isKnown) note(draft, tellItemEvent(step, type, event));
}

/** Whether two items are one item, told twice: of calls, those with one id. */
function isSameItem(a: OutputItem, b: OutputItem): boolean {
  return a.type === b.type && (callIdOf(a) ?? a.id) === (callIdOf(b) ?? b.id);
}

/** Takes note of an item that an event was about. */
export function note({ doneItems, openItems }: StreamedDraft, told: ToldItem | undefined): void {
  if (told === undefined) return;
  const { outputIndex, done } = told;
  const open = openItems.indexOf(outputIndex);
  if (done === undefined) {
    if (open === -1 && doneItems.every((one) => one.outputIndex !== outputIndex)) openItems.push(outputIndex);
    return;
  }
  if (open !== -1) openItems.splice(open, 1);
  const at = doneItems.findIndex((one) => one.outputIndex === outputIndex);
  const before = doneItems[at];
  if (before === undefined) doneItems.push({ outputIndex, item: done });
  else if (isSameItem(before.item, done)) doneItems[at] = { outputIndex, item: done };
  // Some servers give no index, or the same one to several items: each is an item all the same.
  else doneItems.push({ outputIndex: 1 + Math.max(...doneItems.map((one) => one.outputIndex)), item: done });
}

/** The items that are done, with one more where the event completes one. */
export function withDone(
  doneItems: readonly DoneItem[],
  { type, output_index: index, item }: JsonObject,
): readonly DoneItem[] {
  if (type !== 'response.output_item.done' || !isItem(item)) return doneItems;
  const draft: StreamedDraft = { doneItems: [...doneItems], openItems: [] };
  note(draft, { outputIndex: typeof index === 'number' ? index : doneItems.length, done: item });
  return draft.doneItems;
}

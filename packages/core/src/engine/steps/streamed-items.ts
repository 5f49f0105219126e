import { isSameJson } from '../../wire/is-same-json.ts';
import type { OutputItem } from '../../wire/items.ts';
import type { JsonObject } from '../../wire/json.ts';
import { refusalText, textOfMessage } from '../../wire/message-text.ts';
import { callIdOf, isCall, isSameCall, rawArguments } from '../calls-of.ts';
import type { DoneItem, OpenItem } from '../run-state.ts';
import type { Step } from '../step.ts';
import { itemEventOf, emitItemEvent, type ItemEvent } from './stream-item.ts';

/** What a stream has brought so far, while one step reads on: it may be changed until the step is done. */
export interface StreamedDraft {
  readonly doneItems: DoneItem[];
  openItems: readonly OpenItem[];
}

/**
 * Takes note of the item that an event is about, and tells what is new.
 *
 * @param isOld The event's number was seen before. Some servers number every event alike, so an item counts all the same:
 * one that it completes, and is not known, or one of which nothing else was heard.
 */
export function takeItemEvent(step: Step, draft: StreamedDraft, event: JsonObject, isOld: boolean): void {
  const about = itemEventOf(event);
  if (about === undefined) return;
  const { doneItems } = draft;
  const { index, item, done } = about;
  const isDone = done && item !== undefined;
  const known = isDone ? doneItems.find((one) => isRepeated(one, item, index)) : undefined;
  if (isOld && known !== undefined) return;
  // Where events say no place, items are streamed one after the other.
  const outputIndex = index ?? known?.outputIndex ?? doneItems.length;
  if (!isOld || isDone) emitItemEvent(step, about, outputIndex);
  if (isDone) noteDone(draft, item, outputIndex);
  else noteOpen(draft, about, outputIndex);
}

/** Whether an item that an event completes, at this place if it says one, is done already. */
function isRepeated(
  { outputIndex, item: before }: DoneItem,
  item: OutputItem,
  index: number | undefined,
): boolean {
  const isHere = index === outputIndex;
  return (isCall(item) || isHere || index === undefined) && isSameItem(before, item, isHere);
}

/** Whether two items are one item told twice. Some gateways change its id; others give none. */
function isSameItem(a: OutputItem, b: OutputItem, samePlace: boolean): boolean {
  if (isCall(a)) return isSameCall(a, b, samePlace);
  const isNamedAlike = a.type === b.type && a.id !== undefined && a.id === b.id;
  return isNamedAlike || isSameJson({ ...a, id: undefined }, { ...b, id: undefined });
}

/** What tells items of one place apart: some servers give one place to several. */
function nameOf(item: OutputItem | undefined): string | null {
  return (item && (callIdOf(item) ?? item.id)) ?? null;
}

/** An item is begun: it is open until an event completes it. */
function noteOpen(draft: StreamedDraft, { event, index, item }: ItemEvent, outputIndex: number): void {
  const { delta } = event;
  const { doneItems, openItems } = draft;
  const name = nameOf(item);
  const heard = item === undefined && typeof delta === 'string' && delta !== '';
  const open = openItems.findLast(
    (one) => one.outputIndex === outputIndex && (name ?? one.name) === (one.name ?? name),
  );
  if (open === undefined) {
    const before = doneItems.find((one) => one.outputIndex === outputIndex)?.item;
    const isDone = before !== undefined && (item === undefined || name === nameOf(before));
    if (!isDone && (index ?? item ?? delta) !== undefined)
      draft.openItems = [...openItems, { outputIndex, name, heard }];
  } else if (heard && !open.heard) {
    draft.openItems = openItems.map((one) => (one === open ? { ...one, heard } : one));
  }
}

function noteDone(draft: StreamedDraft, item: OutputItem, outputIndex: number): void {
  const { doneItems, openItems } = draft;
  const here = openItems.filter((one) => one.outputIndex === outputIndex);
  const open = here.find((one) => one.name === nameOf(item)) ?? here[0];
  // Some gateways complete an item without what was streamed of it (agentgateway 2281): it stays open.
  if (open?.heard !== true || !isHollow(item)) draft.openItems = openItems.filter((one) => one !== open);
  const at = doneItems.findIndex((one) => one.outputIndex === outputIndex);
  const before = doneItems[at];
  if (before === undefined) doneItems.push({ outputIndex, item });
  else if (isSameItem(before.item, item, true)) doneItems[at] = { outputIndex, item };
  else doneItems.push({ outputIndex: 1 + Math.max(...doneItems.map((one) => one.outputIndex)), item });
}

/** Whether an item has nothing of what deltas bring: a message no text, a call no arguments. */
function isHollow(item: OutputItem): boolean {
  if (item.type === 'message') return textOfMessage(item) === '' && refusalText([item]) === '';
  return isCall(item) && rawArguments(item) === '';
}

import { isSameJson } from '../../wire/is-same-json.ts';
import type { OutputItem } from '../../wire/items.ts';
import type { JsonObject } from '../../wire/json.ts';
import { refusalText, textOfMessage } from '../../wire/message-text.ts';
import { callIdOf, isCall, isSameCall, rawArguments } from '../calls-of.ts';
import type { DoneItem } from '../run-state.ts';
import type { Step } from '../step.ts';
import { itemEventOf, tellItemEvent, type ItemEvent } from './stream-item.ts';

/** What a stream has brought so far, while one step reads on: it may be changed until the step is done. */
export interface StreamedDraft {
  readonly doneItems: DoneItem[];
  readonly openItems: number[];
  readonly heardItems: number[];
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
  const known = about.done ? doneItems.find((one) => isRepeated(one, about)) : undefined;
  if (isOld && known !== undefined) return;
  // Where events say no place, items are streamed one after the other.
  const outputIndex = about.index ?? known?.outputIndex ?? doneItems.length;
  if (!isOld || about.done) tellItemEvent(step, about, outputIndex);
  if (about.done) noteDone(draft, about, outputIndex);
  else noteOpen(draft, about, outputIndex, isOld);
}

/** Whether an event completes an item that is done already. */
function isRepeated({ outputIndex, item: before }: DoneItem, { index, item }: ItemEvent): boolean {
  if (item === undefined) return false;
  return isCall(item)
    ? isSameCall(before, item)
    : (index ?? outputIndex) === outputIndex && isSameItem(before, item);
}

/** Whether two items at one place are one item. Some gateways change its id; others give none. */
function isSameItem(a: OutputItem, b: OutputItem): boolean {
  if (isCall(a)) return isSameCall(a, b);
  const isNamedAlike = a.type === b.type && a.id !== undefined && a.id === b.id;
  return isNamedAlike || isSameJson({ ...a, id: undefined }, { ...b, id: undefined });
}

/** An item is begun: it is open until an event completes it. */
function noteOpen(
  { doneItems, openItems, heardItems }: StreamedDraft,
  { event, index, item }: ItemEvent,
  outputIndex: number,
  isOld: boolean,
): void {
  const { delta } = event;
  if (!openItems.includes(outputIndex)) {
    const before = doneItems.find((one) => one.outputIndex === outputIndex)?.item;
    // Some servers give one place to several items.
    const isOther = item !== undefined && before !== undefined && !isOld && nameOf(item) !== nameOf(before);
    if ((index ?? item ?? delta) === undefined || (before !== undefined && !isOther)) return;
    openItems.push(outputIndex);
  }
  const isHeard = item === undefined && typeof delta === 'string' && delta !== '';
  if (isHeard && !heardItems.includes(outputIndex)) heardItems.push(outputIndex);
}

function nameOf(item: OutputItem): string | undefined {
  return callIdOf(item) ?? item.id;
}

function noteDone(
  { doneItems, openItems, heardItems }: StreamedDraft,
  { item }: ItemEvent,
  outputIndex: number,
): void {
  if (item === undefined) return;
  // Some gateways complete an item without what was streamed of it (agentgateway 2281): it stays open.
  if (!heardItems.includes(outputIndex) || !isHollow(item)) remove(openItems, outputIndex);
  remove(heardItems, outputIndex);
  const at = doneItems.findIndex((one) => one.outputIndex === outputIndex);
  const before = doneItems[at];
  if (before === undefined) doneItems.push({ outputIndex, item });
  else if (isSameItem(before.item, item)) doneItems[at] = { outputIndex, item };
  else doneItems.push({ outputIndex: 1 + Math.max(...doneItems.map((one) => one.outputIndex)), item });
}

function remove(list: number[], entry: number): void {
  const at = list.indexOf(entry);
  if (at !== -1) list.splice(at, 1);
}

/** Whether an item has nothing of what deltas bring: a message no text, a call no arguments. */
function isHollow(item: OutputItem): boolean {
  if (item.type === 'message') return textOfMessage(item) === '' && refusalText([item]) === '';
  return isCall(item) && rawArguments(item) === '';
}

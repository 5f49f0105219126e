import { isJsonObject, type JsonObject } from '../../wire/json.ts';
import type { OutputItem } from '../../wire/items.ts';
import type { Step } from '../step.ts';
import type { DeltaField } from '../view/run-event.ts';
import { isSameJson } from '../../wire/is-same-json.ts';
import { isAnswer, refusalText, textOfMessage } from '../../wire/message-text.ts';
import { callIdOf, isCall, rawArguments } from '../calls.ts';
import type { DoneItem, OpenItem, RunState } from '../run-state.ts';

/** Deltas of items other than the text of messages: the event's type, what it adds to, and what counts the parts. */
const deltas: Readonly<Record<string, readonly [field: DeltaField, index: string]>> = {
  'response.function_call_arguments.delta': ['arguments', ''],
  'response.mcp_call_arguments.delta': ['arguments', ''],
  'response.custom_tool_call_input.delta': ['input', ''],
  'response.reasoning_summary_text.delta': ['summary', 'summary_index'],
  'response.reasoning_text.delta': ['reasoning', 'content_index'],
  'response.refusal.delta': ['refusal', 'content_index'],
  'response.code_interpreter_call_code.delta': ['code', ''],
};
const progress = /^response\.\w+_call\.(\w+)$/;
const textDelta = 'response.output_text.delta';
const doneType = 'response.output_item.done';

/** A place in a list; undefined where there is none: a place before the first would be none. */
function placeIn(event: JsonObject, field: string): number | undefined {
  const value = event[field];
  return typeof value === 'number' && value >= 0 ? value : undefined;
}

function isItem(value: unknown): value is OutputItem {
  return isJsonObject(value) && typeof value['type'] === 'string';
}

/** An event about an output item. */
export interface ItemEvent {
  readonly type: string;
  readonly event: JsonObject;
  /** Its place in the output, where the event says it. Items are known by it: some gateways change item ids within one stream. */
  readonly index: number | undefined;
  /** The item, where the event begins or completes it. */
  readonly item: OutputItem | undefined;
  readonly done: boolean;
}

/** Reads an event as one about an item; undefined for all others. */
function itemEventOf(event: JsonObject): ItemEvent | undefined {
  const { type, item, delta } = event;
  if (typeof type !== 'string') return undefined;
  const index = placeIn(event, 'output_index');
  const isWhole = (type === 'response.output_item.added' || type === doneType) && isItem(item);
  const isDelta = typeof delta === 'string' && (type === textDelta || Object.hasOwn(deltas, type));
  if (!isWhole && !isDelta && index === undefined && !progress.test(type)) return undefined;
  return { type, event, index, item: isWhole ? item : undefined, done: isWhole && type === doneType };
}

/** Tells what a stream event says about the output item at this place. */
function emitItemEvent(step: Step, { type, event, item, done }: ItemEvent, outputIndex: number): void {
  const { iteration } = step.state;
  if (item !== undefined) {
    noteAside(step, outputIndex, item);
    return step.emit({ type: done ? 'item.done' : 'item.added', iteration, outputIndex, item });
  }
  const { delta } = event;
  if (typeof delta === 'string') {
    const at = (field: string): number => placeIn(event, field) ?? 0;
    const known = Object.hasOwn(deltas, type) ? deltas[type] : undefined;
    if (known !== undefined) {
      const [field, index] = known;
      return step.emit({ type: 'item.delta', iteration, outputIndex, field, index: at(index), delta });
    }
    if (type === textDelta) {
      const index = at('content_index');
      return step.emit(
        isAside(step.state, outputIndex)
          ? { type: 'item.delta', iteration, outputIndex, field: 'text', index, delta }
          : { type: 'text.delta', iteration, outputIndex, contentIndex: index, delta },
      );
    }
  }
  const status = progress.exec(type)?.[1];
  if (status !== undefined) step.emit({ type: 'item.progress', iteration, outputIndex, status });
}

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
export function readItemEvent(step: Step, draft: StreamedDraft, event: JsonObject, isOld: boolean): void {
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

/** The asides of the response that streams now; those of an earlier response do not count. */
function asidesOf({ asides, attempts }: RunState): readonly number[] {
  return asides !== undefined && asides.responseId === (attempts.at(-1)?.responseId ?? null)
    ? asides.indexes
    : [];
}

/** Whether the text of this item belongs to commentary or to another agent, and not to the answer. */
function isAside(state: RunState, outputIndex: number): boolean {
  return asidesOf(state).includes(outputIndex);
}

/** Remembers whether a message that was added, or is done, is the answer's: its deltas do not say. */
function noteAside(step: Step, outputIndex: number, item: OutputItem): void {
  const aside = item.type === 'message' && !isAnswer(item);
  if (aside === isAside(step.state, outputIndex)) return;
  const others = asidesOf(step.state).filter((index) => index !== outputIndex);
  const responseId = step.state.attempts.at(-1)?.responseId ?? null;
  step.set({ asides: { responseId, indexes: aside ? [...others, outputIndex] : others } });
}

/**
 * Whether an item is a call told once more. With other arguments it is another call, and so it is with another item id,
 * unless it takes the same place: some gateways make up a new id for each event.
 */
export function isSameCall(a: OutputItem, b: OutputItem, samePlace: boolean = false): boolean {
  return (
    isCall(a) &&
    a.type === b.type &&
    callIdOf(a) === callIdOf(b) &&
    (samePlace || a.id === b.id) &&
    a['name'] === b['name'] &&
    rawArguments(a) === rawArguments(b)
  );
}

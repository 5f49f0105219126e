import { defined } from '../../wire/defined.ts';
import { isJsonObject, textOf, type JsonObject } from '../../wire/json.ts';
import type { OutputItem } from '../../wire/items.ts';
import type { Step } from '../step.ts';
import type { DeltaField } from '../view/run-event.ts';
import { isSameJson } from '../../wire/is-same-json.ts';
import { isAnswer, refusalText, textOfMessage } from '../../wire/message-text.ts';
import { callIdOf, isCall, rawArguments } from '../calls.ts';
import type { RunState } from '../run-state.ts';
import type { DoneItem, OpenItem } from '../streamed.ts';

/** Delta events by type, except for message text: the field that each extends, and the field with the part's index. */
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
const partialImage = 'response.image_generation_call.partial_image';
const doneType = 'response.output_item.done';

/** Returns the index in a field of an event; undefined if it is missing or negative. */
function indexIn(event: JsonObject, field: string): number | undefined {
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
  /** Its output index, if the event has one. It identifies the item: some gateways change item ids within a stream. */
  readonly index: number | undefined;
  /** The item, if the event adds or completes it. */
  readonly item: OutputItem | undefined;
  readonly done: boolean;
}

/** Reads an event about an item. Returns undefined for all other events. */
function itemEventOf(event: JsonObject): ItemEvent | undefined {
  const { type, item, delta } = event;
  if (typeof type !== 'string') return undefined;
  const index = indexIn(event, 'output_index');
  const isWhole = (type === 'response.output_item.added' || type === doneType) && isItem(item);
  const isDelta = typeof delta === 'string' && (type === textDelta || Object.hasOwn(deltas, type));
  if (!isWhole && !isDelta && index === undefined && !progress.test(type)) return undefined;
  return { type, event, index, item: isWhole ? item : undefined, done: isWhole && type === doneType };
}

/** Emits the content of an event about the output item at this index. */
function emitItemEvent(step: Step, { type, event, item, done }: ItemEvent, outputIndex: number): void {
  const { iteration } = step.state;
  if (item !== undefined) {
    noteAside(step, outputIndex, item);
    return step.emit({ type: done ? 'item.done' : 'item.added', iteration, outputIndex, item });
  }
  const { delta } = event;
  if (typeof delta === 'string') {
    const at = (field: string): number => indexIn(event, field) ?? 0;
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
  if (type === partialImage) {
    const image = textOf(event['partial_image_b64']);
    const format = textOf(event['output_format']);
    if (image !== undefined)
      step.emit({ type: 'item.image', iteration, outputIndex, image, ...defined({ format }) });
    return;
  }
  const status = progress.exec(type)?.[1];
  if (status !== undefined) step.emit({ type: 'item.progress', iteration, outputIndex, status });
}

/** The items of a stream so far. The step that reads the events may mutate them. */
export interface StreamedDraft {
  readonly doneItems: DoneItem[];
  openItems: readonly OpenItem[];
}

/**
 * Records the item of an event, and emits what is new.
 *
 * @param isOld Whether the event's number was received before. Some servers give all events the same number, so an old
 * event may still complete an unknown item, or be the first event of an item.
 */
export function readItemEvent(step: Step, draft: StreamedDraft, event: JsonObject, isOld: boolean): void {
  const itemEvent = itemEventOf(event);
  if (itemEvent === undefined) return;
  const { doneItems } = draft;
  const { index, item, done } = itemEvent;
  const isDone = done && item !== undefined;
  const known = isDone ? doneItems.find((one) => isRepeated(one, item, index)) : undefined;
  if (isOld && known !== undefined) return;
  // Servers that omit the index stream the items one after the other.
  const outputIndex = index ?? known?.outputIndex ?? doneItems.length;
  if (!isOld || isDone) emitItemEvent(step, itemEvent, outputIndex);
  if (isDone) noteDone(draft, item, outputIndex);
  else noteOpen(draft, itemEvent, outputIndex, isOld);
}

/** Whether a done item is the one that an event completes. The event's index is undefined if it has none. */
function isRepeated(
  { outputIndex, item: before }: DoneItem,
  item: OutputItem,
  index: number | undefined,
): boolean {
  const isHere = index === outputIndex;
  return (isCall(item) || isHere || index === undefined) && isSameItem(before, item, isHere);
}

/** Whether two items are the same item, sent twice. Some gateways change its id; others omit it. */
function isSameItem(a: OutputItem, b: OutputItem, samePlace: boolean): boolean {
  if (isCall(a)) return isSameCall(a, b, samePlace);
  const hasSameId = a.type === b.type && a.id !== undefined && a.id === b.id;
  return hasSameId || isSameJson({ ...a, id: undefined }, { ...b, id: undefined });
}

/** The id that distinguishes items with the same output index. Some servers send several such items. */
function nameOf(item: OutputItem | undefined): string | null {
  return (item && (callIdOf(item) ?? item.id)) ?? null;
}

/** Records an item that the stream started. It is open until an event completes it. */
function noteOpen(draft: StreamedDraft, itemEvent: ItemEvent, outputIndex: number, isOld: boolean): void {
  const { event, index, item } = itemEvent;
  const { delta } = event;
  const { doneItems, openItems } = draft;
  const name = nameOf(item);
  const hasDelta = item === undefined && typeof delta === 'string' && delta !== '';
  const message = item?.type === 'message' ? { message: item } : {};
  const open = openItems.findLast(
    (one) => one.outputIndex === outputIndex && (name ?? one.name) === (one.name ?? name),
  );
  if (open === undefined) {
    const before = doneItems.find((one) => one.outputIndex === outputIndex)?.item;
    const isDone = before !== undefined && (item === undefined || name === nameOf(before));
    if (!isDone && (index ?? item ?? delta) !== undefined)
      draft.openItems = [
        ...openItems,
        withText({ outputIndex, name, hasDelta, ...message }, itemEvent, isOld),
      ];
  } else if (hasDelta || item !== undefined) {
    const next = withText({ ...open, hasDelta: hasDelta || open.hasDelta, ...message }, itemEvent, isOld);
    draft.openItems = openItems.map((one) => (one === open ? next : one));
  }
}

/** Adds the text of a delta to its message. A run that is stopped saves the text that has streamed so far. */
function withText(open: OpenItem, { event, type }: ItemEvent, isOld: boolean): OpenItem {
  const { delta } = event;
  if (type !== textDelta || typeof delta !== 'string' || isOld) return open;
  const { texts = [] } = open;
  const index = indexIn(event, 'content_index') ?? 0;
  const text = (texts[index] ?? '') + delta;
  return { ...open, texts: index < texts.length ? texts.with(index, text) : [...texts, text] };
}

function noteDone(draft: StreamedDraft, item: OutputItem, outputIndex: number): void {
  const { doneItems, openItems } = draft;
  const here = openItems.filter((one) => one.outputIndex === outputIndex);
  const open = here.find((one) => one.name === nameOf(item)) ?? here[0];
  // Some gateways complete an item without its streamed content (agentgateway 2281). Such an item stays open.
  if (open?.hasDelta !== true || !isEmptyItem(item))
    draft.openItems = openItems.filter((one) => one !== open);
  const at = doneItems.findIndex((one) => one.outputIndex === outputIndex);
  const before = doneItems[at];
  if (before === undefined) doneItems.push({ outputIndex, item });
  else if (isSameItem(before.item, item, true)) doneItems[at] = { outputIndex, item };
  else doneItems.push({ outputIndex: 1 + Math.max(...doneItems.map((one) => one.outputIndex)), item });
}

/** Whether an item lacks the content that deltas stream: the text of a message, or the arguments of a call. */
function isEmptyItem(item: OutputItem): boolean {
  if (item.type === 'message') return textOfMessage(item) === '' && refusalText([item]) === '';
  return isCall(item) && rawArguments(item) === '';
}

/** Returns the output indexes of the asides in the current response. Those of an earlier response do not count. */
function asidesOf({ asides, attempts }: RunState): readonly number[] {
  return asides !== undefined && asides.responseId === (attempts.at(-1)?.responseId ?? null)
    ? asides.indexes
    : [];
}

/** Whether the item is an aside: commentary or another agent's message, and not part of the answer. */
function isAside(state: RunState, outputIndex: number): boolean {
  return asidesOf(state).includes(outputIndex);
}

/** Records whether a message is part of the answer, because its deltas do not show that. */
function noteAside(step: Step, outputIndex: number, item: OutputItem): void {
  const aside = item.type === 'message' && !isAnswer(item);
  if (aside === isAside(step.state, outputIndex)) return;
  const others = asidesOf(step.state).filter((index) => index !== outputIndex);
  const responseId = step.state.attempts.at(-1)?.responseId ?? null;
  step.set({ asides: { responseId, indexes: aside ? [...others, outputIndex] : others } });
}

/**
 * Whether an item repeats a call. A call with other arguments is another call. A call with another item id is, too,
 * unless it has the same output index: some gateways generate a new id for each event.
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

import { answeredCallId } from '../calls.ts';
import { withMessageText } from './aside-text.ts';
import { shownCall } from './call-view.ts';
import type { ItemView, RunView, ToolCallView } from './run-view.ts';
import { callKey, itemCallKey, itemKey, withCallFields } from './view-keys.ts';
import { copiedLists, type ViewLists } from './view-lists.ts';
import { defined } from '../../wire/defined.ts';
import { isJsonObject, type JsonValue } from '../../wire/json.ts';
import type { OutputItem } from '../../wire/items.ts';
import type { RunEvent } from './run-event.ts';

function isBehind({ iteration, outputIndex }: ItemView, entry: ItemView): boolean {
  return iteration === entry.iteration && outputIndex > entry.outputIndex;
}

/**
 * Adds an item. The items of an iteration have the order of their indexes, regardless of the order of the events,
 * because events may be missing.
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

/** Adds a call. Calls have the order of their items. */
function withNewCall(
  calls: readonly ToolCallView[],
  call: ToolCallView,
  items: readonly ItemView[],
  lists: ViewLists,
): readonly ToolCallView[] {
  const last = items.at(-1);
  if (last !== undefined && itemCallKey(last) === callKey(call)) return lists.calls.put(calls, -1, call);
  const place = (one: ToolCallView): number => items.findIndex((item) => itemCallKey(item) === callKey(one));
  const next = calls.findIndex((one) => one.iteration === call.iteration && place(one) > place(call));
  return next === -1 ? lists.calls.put(calls, -1, call) : calls.toSpliced(next, 0, call);
}

function isSameTool(a: ToolCallView, b: ToolCallView): boolean {
  return a.name === b.name && a.namespace === b.namespace && a.serverLabel === b.serverLabel;
}

/** Returns the view with an output item that was added or completed. */
export function withItem(view: RunView, entry: ItemView, lists: ViewLists): RunView {
  const at = lists.items.findOnly(view.items, itemKey, itemKey(entry));
  const before = view.items[at];
  const items =
    before === undefined ? withNewItem(view.items, entry, lists) : lists.items.put(view.items, at, entry);
  const answered = answeredCallId(withCallFields(entry));
  if (answered !== undefined) {
    const key = callKey({ iteration: entry.iteration, callId: answered });
    return { ...view, items, toolCalls: view.toolCalls.filter((call) => callKey(call) !== key) };
  }
  const call = shownCall(entry);
  if (call === undefined) return withMessageText({ ...view, items }, before, entry);
  const known = lists.calls.findOnly(view.toolCalls, callKey, callKey(call));
  const shown = view.toolCalls[known];
  if (shown === undefined)
    return { ...view, items, toolCalls: withNewCall(view.toolCalls, call, items, lists) };
  // A server may send the same call twice. The first item counts.
  const first = items[lists.items.find(items, itemCallKey, itemCallKey(entry))];
  if (first?.outputIndex !== entry.outputIndex) return { ...view, items };
  // With another name it is another call, which has nothing of the first one.
  const next = { ...(isSameTool(shown, call) ? shown : {}), ...call, status: shown.status };
  return { ...view, items, toolCalls: lists.calls.put(view.toolCalls, known, next) };
}

/**
 * The items and calls without those that were not completed before the run ended. No save contains them: of a response
 * that was stopped, a save contains the completed items and the text of the messages.
 */
export function withoutUnfinished({ items, toolCalls }: RunView): Pick<RunView, 'items' | 'toolCalls'> {
  const done = items.filter((item) => item.done);
  if (done.length === items.length) return { items, toolCalls };
  const first = (all: readonly ItemView[], call: ToolCallView): ItemView | undefined =>
    all.find((item) => itemCallKey(item) === callKey(call));
  return {
    items: done,
    toolCalls: toolCalls.flatMap((call) => {
      const entry = first(done, call);
      // A server may send the same call twice. If the first item is not complete, the second one counts.
      if (entry === undefined || first(items, call) === entry) return entry ? [call] : [];
      return [{ ...call, ...shownCall(entry), status: call.status }];
    }),
  };
}

type Growth = Extract<RunEvent, { readonly type: 'text.delta' | 'item.delta' | 'item.progress' }>;
type ImageEvent = Extract<RunEvent, { readonly type: 'item.image' }>;

/** Adds `delta` to a string field of the part at `index`. Creates the part if it is the next one. */
function growPart(
  parts: JsonValue | undefined,
  index: number,
  type: string,
  field: string,
  delta: string,
): JsonValue {
  const list = Array.isArray(parts) ? parts : [];
  const part: JsonValue | undefined = list[index];
  const before = isJsonObject(part) ? part : { type };
  const text = before[field];
  const grown = { ...before, [field]: (typeof text === 'string' ? text : '') + delta };
  return index < list.length ? list.with(index, grown) : [...list, grown];
}

function growText(item: OutputItem, field: string, delta: string): OutputItem {
  const text = item[field];
  return { ...item, [field]: (typeof text === 'string' ? text : '') + delta };
}

function grow(item: OutputItem, event: Growth): OutputItem {
  if (event.type === 'item.progress')
    return item.status === event.status ? item : { ...item, status: event.status };
  if (event.type === 'text.delta') {
    return {
      ...item,
      content: growPart(item['content'], event.contentIndex, 'output_text', 'text', event.delta),
    };
  }
  const { field, index, delta } = event;
  switch (field) {
    case 'text':
      return { ...item, content: growPart(item['content'], index, 'output_text', 'text', delta) };
    case 'summary':
      return { ...item, summary: growPart(item['summary'], index, 'summary_text', 'text', delta) };
    case 'reasoning':
      return { ...item, content: growPart(item['content'], index, 'reasoning_text', 'text', delta) };
    case 'refusal':
      return { ...item, content: growPart(item['content'], index, 'refusal', 'refusal', delta) };
    case 'arguments':
    case 'input':
    case 'code':
      return growText(item, field, delta);
  }
}

/** Adds a delta, a status or an image to an item. An event about an unknown or completed item has no effect. */
export function growItem(
  items: readonly ItemView[],
  event: Growth | ImageEvent,
  { items: editor }: ViewLists = copiedLists,
): readonly ItemView[] {
  const at = editor.findOnly(items, itemKey, itemKey(event));
  const found = items[at];
  if (found === undefined || found.done) return items;
  if (event.type !== 'item.image') {
    const item = grow(found.item, event);
    return item === found.item ? items : editor.put(items, at, { ...found, item });
  }
  const { image, format } = event;
  return editor.put(items, at, { ...found, partialImage: { image, ...defined({ format }) } });
}

import { isJsonObject, type JsonValue } from '../../wire/json.ts';
import type { OutputItem } from '../../wire/items.ts';
import type { RunEvent } from './run-event.ts';
import type { ItemView } from './run-view.ts';
import { copiedLists, itemKey, type ViewLists } from './view-lists.ts';

type Growth = Extract<RunEvent, { readonly type: 'text.delta' | 'item.delta' | 'item.progress' }>;

/** Adds `delta` to a string field of the part at `index`, making the part where it is the next one. */
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
  if (event.type === 'item.progress') return { ...item, status: event.status };
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

/** The items with one of them grown by a delta. A delta for an item that was never added changes nothing. */
export function growItem(
  items: readonly ItemView[],
  event: Growth,
  { items: editor }: ViewLists = copiedLists,
): readonly ItemView[] {
  const at = editor.findOnly(items, itemKey, itemKey(event));
  const found = items[at];
  return found === undefined || found.done
    ? items
    : editor.put(items, at, { ...found, item: grow(found.item, event) });
}

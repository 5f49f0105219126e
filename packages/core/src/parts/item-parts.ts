import { callIdOf, isCall } from '../engine/calls.ts';
import { isSettledCall, type ItemView, type ToolCallView } from '../engine/view/run-view.ts';
import { withCallFields } from '../engine/view/view-keys.ts';
import { defined } from '../wire/defined.ts';
import type { OutputItem } from '../wire/items.ts';
import { fieldsOf, textOf, type JsonValue } from '../wire/json.ts';
import { agentOf } from '../wire/message-text.ts';
import { hostedToolName } from './hosted-tool-name.ts';
import { keepPart } from './keep-part.ts';
import { madeParts } from './made-parts.ts';
import { messageParts } from './message-parts.ts';
import type { Part, PartBase, ToolPart } from './part.ts';

/** An item of a view, with the data of the view that its parts contain. */
export interface PlacedItem {
  readonly entry: ItemView;
  /** Whether the item is complete, or its run has ended. */
  readonly done: boolean;
  /** The call that the item makes, if the view has it. */
  readonly call: ToolCallView | undefined;
  /** The item that answers the call, if the server sent it. */
  readonly output: OutputItem | undefined;
}

const known = new WeakMap<ItemView, { readonly item: PlacedItem; readonly parts: readonly Part[] }>();

/** The parts of an output item. Items that did not change cost little. */
export function itemParts(item: PlacedItem): readonly Part[] {
  const { entry, done, call, output } = item;
  const last = known.get(entry);
  if (last?.item.done === done && last.item.call === call && last.item.output === output) return last.parts;
  const parts = makeParts(item);
  known.set(entry, { item, parts });
  return parts;
}

export function toolPart(call: ToolCallView, key: string): ToolPart {
  const { iteration, status } = call;
  return keepPart(call, { type: 'tool', call, key, iteration, done: isSettledCall(status) } as const);
}

function makeParts({ entry, done, call, output }: PlacedItem): readonly Part[] {
  const { iteration, outputIndex, item } = entry;
  const at: PartBase = { key: `${iteration}/${outputIndex}`, iteration, done };
  if (call !== undefined) return [toolPart(call, at.key)];
  if (item.type === 'message') return messageParts(item, { ...at, ...defined({ agent: agentOf(item) }) });
  if (item.type === 'reasoning') {
    const text = textIn(item['summary']) || textIn(item['content']);
    return text === '' ? [] : [keepPart(item, { type: 'reasoning', text, ...at } as const)];
  }
  // The view shows each call once, at the first of its items.
  if (isCall(item) && output === undefined && callIdOf(withCallFields(entry)) !== undefined) return [];
  const name = hostedToolName(item);
  if (name === undefined) return [keepPart(item, { type: 'other', item, ...at } as const)];
  const status =
    entry.done || !done ? (textOf(item.status) ?? (done ? 'completed' : 'in_progress')) : 'incomplete';
  const part = { type: 'hosted_tool', name, status, item, ...defined({ output }), ...at } as const;
  return [keepPart(item, part), ...madeParts(item, { ...at, partial: !entry.done })];
}

/** The texts of a list of content parts, as paragraphs. */
function textIn(list: JsonValue | undefined): string {
  if (!Array.isArray(list)) return '';
  return list.flatMap((part: JsonValue) => textOf(fieldsOf(part)['text']) ?? []).join('\n\n');
}

import type { OutputItem } from '../../wire/items.ts';
import { callIdOf } from '../calls.ts';
import type { ItemView, ToolCallView } from './run-view.ts';

/** The key of an item: its iteration and output index, because some gateways change item ids within a stream. */
export function itemKey({ iteration, outputIndex }: Pick<ItemView, 'iteration' | 'outputIndex'>): string {
  return `${iteration}/${outputIndex}`;
}

/** The item with the fields of its call, which a server may not show to a page. */
export function withCallFields({ item, call }: Pick<ItemView, 'item' | 'call'>): OutputItem {
  return call === undefined
    ? item
    : { ...item, call_id: call.callId, name: call.name, namespace: call.namespace };
}

/** The key of an item's call. For other items, a key that no call has. */
export function itemCallKey(entry: ItemView): string {
  return `${entry.iteration}/${callIdOf(withCallFields(entry)) ?? ''}`;
}

/** The key of a call. Call ids may repeat in another iteration. */
export function callKey({ iteration, callId }: Pick<ToolCallView, 'iteration' | 'callId'>): string {
  return `${iteration}/${callId}`;
}

import { callIdOf } from '../calls.ts';
import { copying, sharing, type ListEditor } from './list-editor.ts';
import type { ItemView, ToolCallView } from './run-view.ts';

/** The lists of a view that grow with its responses. */
export interface ViewLists {
  readonly items: ListEditor<ItemView>;
  readonly calls: ListEditor<ToolCallView>;
}

export const copiedLists: ViewLists = { items: copying(), calls: copying() };

/** For one batch of events: see {@link sharing}. */
export function sharedLists(): ViewLists {
  return { items: sharing(), calls: sharing() };
}

/** An item is known by its iteration and its place in the output: some gateways change item ids within one stream. */
export function itemKey({ iteration, outputIndex }: Pick<ItemView, 'iteration' | 'outputIndex'>): string {
  return `${iteration}/${outputIndex}`;
}

/** The key of the call that an item is; for other items one that no call has. */
export function itemCallKey({ iteration, item }: Pick<ItemView, 'iteration' | 'item'>): string {
  return `${iteration}/${callIdOf(item) ?? ''}`;
}

/** Call ids may come again in another iteration. */
export function callKey({ iteration, callId }: Pick<ToolCallView, 'iteration' | 'callId'>): string {
  return `${iteration}/${callId}`;
}

import type { InputItem } from '../wire/items.ts';

/** An input as items: a text becomes a message of the user. A run that only continues an earlier one has no items. */
export function messageItems(input: string | readonly InputItem[]): readonly InputItem[] {
  if (input === '') return [];
  return typeof input === 'string' ? [{ role: 'user', content: input }] : input;
}

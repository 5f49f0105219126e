import type { InputItem } from '../wire/items.ts';
import { messageItems } from './message-items.ts';
import type { StoredItem } from './stored-item.ts';

/** The steered input that the create of each iteration contains, after the outputs. */
export function steeredItems(items: readonly StoredItem[]): ReadonlyMap<number, readonly InputItem[]> {
  const given = new Map<string, readonly InputItem[]>();
  const sent = new Map<number, readonly InputItem[]>();
  for (const item of items) {
    if (item.type === 'steer') given.set(item.steerId, messageItems(item.input));
    if (item.type === 'steer_sent')
      sent.set(
        item.iteration,
        item.steerIds.flatMap((steerId) => given.get(steerId) ?? []),
      );
  }
  return sent;
}

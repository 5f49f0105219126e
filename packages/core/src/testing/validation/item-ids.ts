import type { Item } from '../../wire/items.ts';
import { invalidRequest, type ApiError } from '../http/api-error.ts';
import { isReference } from '../world/conversation.ts';
import type { World } from '../world/world.ts';

function notPersisted(id: string): ApiError {
  return invalidRequest(
    `Item with id '${id}' not found. Items are not persisted when \`store\` is set to false. Try again with \`store\` set to true, or remove this item from your input.`,
    'input',
    null,
    404,
  );
}

/**
 * Whether the server would need a stored item that it does not have: for a reference, or for reasoning without
 * encrypted content. Other items are complete, so their ids need not be known.
 */
function isLost(item: Item, id: string, world: World): boolean {
  const owner = world.ownerOf(id);
  const stored = owner !== undefined && owner.store && world.find(owner.id) !== undefined;
  if (isReference(item)) return !stored;
  return item.type === 'reasoning' && !stored && typeof item['encrypted_content'] !== 'string';
}

/** The error for a repeated id in the whole conversation, or for an id of an item that the server does not have. */
export function itemIdError(
  before: readonly Item[],
  input: readonly Item[],
  world: World,
): ApiError | undefined {
  const seen = new Set(before.map((item) => item.id));
  for (const item of input) {
    const { id } = item;
    if (id === undefined || typeof id !== 'string') continue;
    if (seen.has(id)) {
      return invalidRequest(
        `Duplicate item found with id ${id}. Remove duplicate items from your input and try again.`,
        'input',
      );
    }
    seen.add(id);
    if (isLost(item, id, world)) return notPersisted(id);
  }
  return undefined;
}

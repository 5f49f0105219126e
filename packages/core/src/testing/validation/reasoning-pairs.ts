import type { Item } from '../../wire/items.ts';
import { invalidRequest, type ApiError } from '../http/api-error.ts';
import { isModelItem } from '../world/conversation.ts';
import type { World } from '../world/world.ts';

/** The reasoning item that directly precedes an item in the response that made both. */
function reasoningOf(item: Item, world: World): string | undefined {
  if (item.id === undefined || item.type === 'reasoning') return undefined;
  const output = world.ownerOf(item.id)?.output ?? [];
  const index = output.findIndex((made) => made.id === item.id);
  const before = output[index - 1];
  return before?.type === 'reasoning' ? before.id : undefined;
}

/**
 * Reasoning goes back with what it led to, and what it led to with it: both directions are refused when they are
 * split. Items that carry no id cannot be matched, and pass.
 */
export function reasoningError(input: readonly Item[], world: World): ApiError | undefined {
  const given = new Set(input.map((item) => item.id));
  for (const [index, item] of input.entries()) {
    if (item.type === 'reasoning') {
      const next = input[index + 1];
      if (next !== undefined && isModelItem(next)) continue;
      return invalidRequest(
        `Item '${item.id ?? ''}' of type 'reasoning' was provided without its required following item.`,
        'input',
      );
    }
    const reasoning = reasoningOf(item, world);
    if (reasoning === undefined || given.has(reasoning)) continue;
    return invalidRequest(
      `Item '${item.id ?? ''}' of type '${item.type ?? 'message'}' was provided without its required 'reasoning' item: '${reasoning}'.`,
      'input',
    );
  }
  return undefined;
}

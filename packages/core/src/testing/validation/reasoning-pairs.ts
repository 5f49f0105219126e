import type { Item, OutputItem } from '../../wire/items.ts';
import { invalidRequest, type ApiError } from '../http/api-error.ts';
import { isModelItem } from '../world/conversation.ts';
import type { World } from '../world/world.ts';

/** The item beside another one in the stored response that made both; the server remembers no other. */
function neighbour(id: string | undefined, offset: -1 | 1, world: World): OutputItem | undefined {
  const owner = id === undefined ? undefined : world.ownerOf(id);
  if (owner === undefined || !owner.store) return undefined;
  const index = owner.output.findIndex((made) => made.id === id);
  return owner.output[index + offset];
}

/** The reasoning item that directly precedes an item in the response that made both. */
function reasoningOf(item: Item, world: World): string | undefined {
  if (item.type === 'reasoning') return undefined;
  const before = neighbour(item.id, -1, world);
  return before?.type === 'reasoning' ? before.id : undefined;
}

/** Recorded with an edited message in place of the one that followed: its id decides, not its text. */
function isFollowed(reasoning: Item, next: Item | undefined, world: World): boolean {
  const made = neighbour(reasoning.id, 1, world);
  if (made !== undefined) return made.id === next?.id;
  return next !== undefined && isModelItem(next);
}

/**
 * Reasoning goes back with what it led to, and what it led to with it: both directions are refused when they are
 * split.
 */
export function reasoningError(input: readonly Item[], world: World): ApiError | undefined {
  const given = new Set(input.map((item) => item.id));
  for (const [index, item] of input.entries()) {
    if (item.type === 'reasoning') {
      if (isFollowed(item, input[index + 1], world)) continue;
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

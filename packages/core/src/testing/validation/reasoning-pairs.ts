import type { Item, OutputItem } from '../../wire/items.ts';
import { invalidRequest, type ApiError } from '../http/api-error.ts';
import { isModelItem } from '../world/conversation.ts';
import type { World } from '../world/world.ts';

/** The output of the response that made an item; empty if the response is not stored. */
function madeWith(id: string | undefined, world: World): readonly OutputItem[] {
  const owner = id === undefined ? undefined : world.ownerOf(id);
  return owner?.store === true ? owner.output : [];
}

/** The id of the reasoning item that directly precedes an item in the response that made both. */
function reasoningOf(item: Item, world: World): string | undefined {
  if (item.type === 'reasoning') return undefined;
  const made = madeWith(item.id, world);
  const before = made[made.findIndex(({ id }) => id === item.id) - 1];
  return before?.type === 'reasoning' ? before.id : undefined;
}

/**
 * Whether an item can be sent back. Input accepts `additional_tools` only with the role `developer`, and
 * `toResponseInputItems` of `openai` omits those with other roles.
 */
function canReturn({ type, role }: Item): boolean {
  return type !== 'additional_tools' || role === 'developer';
}

/**
 * Whether reasoning is followed by the item that followed it in its response. Recordings with an edited message show
 * that the API compares ids, not texts.
 */
function isFollowed(reasoning: Item, next: Item | undefined, world: World): boolean {
  const made = madeWith(reasoning.id, world);
  const after = made.slice(made.findIndex(({ id }) => id === reasoning.id) + 1);
  if (after.length === 0) return next !== undefined && isModelItem(next);
  const first = after.findIndex(canReturn);
  if (first === -1) return true;
  return after.slice(0, first + 1).some(({ id }) => id === next?.id);
}

/** The error for reasoning without the item that followed it, or for that item without its reasoning. */
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

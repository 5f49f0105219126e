import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';
import { parseSignedId } from '../ids/signed-id.ts';
import { isBare } from './bare-item.ts';

/** The API's id of an item by the name that its principal knows; undefined for what is no name of theirs. */
export type VerifyItem = (name: string) => Promise<string | undefined>;

export interface ResolvedItems {
  readonly items: JsonValue | undefined;
  /** The ids that are proven to be the principal's, and the names that they came by. */
  readonly owned: ReadonlyMap<string, string>;
}

/** Where an input item names itself, or the request that it approves. */
const places = ['id', 'approval_request_id'] as const;

/**
 * An item whose id is a name that is no longer good (expired, of a secret that is gone, of another principal) and that
 * carries its content: it passes without an id, which the API would not know. One that carries nothing is a reference.
 */
function withoutDeadName(item: JsonObject): JsonObject {
  const { id, ...rest } = item;
  const isDead = typeof id === 'string' && parseSignedId('item', id) !== undefined && !isBare(item);
  return isDead ? rest : item;
}

/**
 * Input items with the API's ids in place of the names that the proxy gave them. What is named so came to the principal
 * in a response of theirs, so the API may look it up for them.
 */
export async function resolveItems(items: JsonValue | undefined, verify: VerifyItem): Promise<ResolvedItems> {
  const owned = new Map<string, string>();
  if (!Array.isArray(items)) return { items, owned };
  const resolved: JsonValue[] = [];
  for (const item of items) {
    if (!isJsonObject(item)) {
      resolved.push(item);
      continue;
    }
    const found: [string, string][] = [];
    for (const place of places) {
      const name = item[place];
      const id = typeof name === 'string' ? await verify(name) : undefined;
      if (typeof name !== 'string' || id === undefined) continue;
      owned.set(id, name);
      found.push([place, id]);
    }
    const isNamed = found.some(([place]) => place === 'id');
    resolved.push({ ...(isNamed ? item : withoutDeadName(item)), ...Object.fromEntries(found) });
  }
  return { items: resolved, owned };
}

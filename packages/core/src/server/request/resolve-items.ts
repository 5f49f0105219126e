import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';
import { parseSignedId } from '../ids/signed-id.ts';
import { isBare } from './bare-item.ts';

/** Returns the API's id for an item's signed id; undefined if it is not a valid signed id of this principal. */
export type VerifyItem = (name: string) => Promise<string | undefined>;

export interface ResolvedItems {
  readonly items: JsonValue | undefined;
  /** The signed ids that are verified to be the principal's, by the API's ids. */
  readonly owned: ReadonlyMap<string, string>;
}

/** The fields in which an input item has its own id, or the id of the request that it approves. */
const places = ['id', 'approval_request_id'] as const;

/**
 * Removes a signed id that is no longer valid (expired, of a removed secret, of another principal) from an item with
 * content, because the API would not know the id. An item without content is a reference and stays unchanged.
 */
function withoutDeadName(item: JsonObject): JsonObject {
  const { id, ...rest } = item;
  const isDead = typeof id === 'string' && parseSignedId('item', id) !== undefined && !isBare(item);
  return isDead ? rest : item;
}

/** Verifies each signed id in the items once, and all at the same time, because a body may contain thousands. */
async function verified(
  items: readonly JsonValue[],
  verify: VerifyItem,
): Promise<ReadonlyMap<string, string>> {
  const names = new Set<string>();
  for (const item of items) {
    if (!isJsonObject(item)) continue;
    for (const place of places) if (typeof item[place] === 'string') names.add(item[place]);
  }
  const ids = new Map<string, string>();
  const check = async (name: string): Promise<void> => {
    const id = await verify(name);
    if (id !== undefined) ids.set(name, id);
  };
  await Promise.all([...names].map(check));
  return ids;
}

/**
 * Replaces signed ids in input items with the API's ids. The principal received these items in a response, so the API
 * may look them up.
 */
export async function resolveItems(items: JsonValue | undefined, verify: VerifyItem): Promise<ResolvedItems> {
  if (!Array.isArray(items)) return { items, owned: new Map() };
  const ids = await verified(items, verify);
  const idFor = (name: JsonValue | undefined): string | undefined =>
    typeof name === 'string' ? ids.get(name) : undefined;
  const resolved = items.map((item: JsonValue) => {
    if (!isJsonObject(item)) return item;
    const found = places.flatMap((place) => {
      const id = idFor(item[place]);
      return id === undefined ? [] : [[place, id] as const];
    });
    const base = idFor(item['id']) === undefined ? withoutDeadName(item) : item;
    return found.length === 0 ? base : { ...base, ...Object.fromEntries(found) };
  });
  return { items: resolved, owned: new Map([...ids].map(([name, id]) => [id, name])) };
}

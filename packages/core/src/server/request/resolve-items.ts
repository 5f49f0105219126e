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

/** The names in some items, each verified once and all at a time: a body has room for thousands. */
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
 * Input items with the API's ids in place of the names that the proxy gave them. What is named so came to the principal
 * in a response of theirs, so the API may look it up for them.
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

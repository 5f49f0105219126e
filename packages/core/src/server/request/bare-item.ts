import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';
import { carriesContent, hasParts } from './carries-content.ts';

/** Where parts stand. One that is no part may be an item, whatever it is filled with. */
const placesOfParts: readonly string[] = ['content', 'output'];

/**
 * Whether an object names itself by an id and carries nothing: the API would look its content up under the server's key.
 * `within` is the key that it stands under.
 */
export function isBare(item: JsonObject, within = 'input'): boolean {
  const { id, type = null } = item;
  if (type === 'item_reference') return true;
  // An image that is not sent along is looked up even where its id is odd.
  if (type === 'image_generation_call') return typeof item['result'] !== 'string' || item['result'] === '';
  if (id === undefined || id === null) return false;
  return placesOfParts.includes(within) ? !hasParts(item) : !carriesContent(item);
}

/** The id of what is referred to; undefined for what has none that could be judged. */
export function idOf(value: JsonValue | undefined): string | undefined {
  const id = isJsonObject(value) ? value['id'] : value;
  return typeof id === 'string' ? id : undefined;
}

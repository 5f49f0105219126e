import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';
import { carriesContent, hasParts } from './carries-content.ts';

/**
 * Keys that contain content parts. An object under such a key that is not a part may be an item, regardless of its
 * fields.
 */
const placesOfParts: readonly string[] = ['content', 'output'];

/**
 * Whether an object has an id and no content, so that the API would look up its content with the server's key. `within`
 * is the key that contains the object.
 */
export function isBare(item: JsonObject, within = 'input'): boolean {
  const { id, type = null } = item;
  if (type === 'item_reference') return true;
  // The API looks up an image that is not sent, even if its id is unusual.
  if (type === 'image_generation_call') return typeof item['result'] !== 'string' || item['result'] === '';
  if (id === undefined || id === null) return false;
  return placesOfParts.includes(within) ? !hasParts(item) : !carriesContent(item);
}

/** Returns the id of a reference; undefined if it has no id that could be checked. */
export function idOf(value: JsonValue | undefined): string | undefined {
  const id = isJsonObject(value) ? value['id'] : value;
  return typeof id === 'string' ? id : undefined;
}

import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';

/** Where an item of a type holds what it says (openai 7.59, `ResponseInputItem`). One of these has to be there. */
const contentOf: ReadonlyMap<JsonValue | undefined, readonly string[]> = new Map([
  ['message', ['content']],
  // A summary is what people are shown. The API looks the reasoning itself up by the item's id.
  ['reasoning', ['encrypted_content', 'content']],
  ['compaction', ['encrypted_content']],
  ['image_generation_call', ['result']],
]);

/** Fields of an item of any type that say only which one it is, and how it stands. */
const labels: ReadonlySet<string> = new Set([
  'type',
  'id',
  'object',
  'status',
  'role',
  'phase',
  'call_id',
  'server_label',
  'execution',
  'namespace',
  'created_by',
]);

function isFilled(value: JsonValue | undefined): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null && value !== '';
}

/** For items of other types an empty output or empty arguments say something. */
function says(value: JsonValue | undefined): boolean {
  return value !== undefined && value !== null;
}

/** Whether an object names itself by an id and carries nothing: the API would look its content up under the server's key. */
export function isBare(item: JsonObject): boolean {
  const { id, type = null } = item;
  if (type === 'item_reference') return true;
  const holders = contentOf.get(type);
  // An image that is not sent along is looked up even where its id is odd.
  if (type === 'image_generation_call') return typeof item['result'] !== 'string' || item['result'] === '';
  if (id === undefined || id === null) return false;
  if (holders !== undefined) return !holders.some((field) => isFilled(item[field]));
  return !Object.entries(item).some(([field, value]) => !labels.has(field) && says(value));
}

/** The id of what is referred to; undefined for what has none that could be judged. */
export function idOf(value: JsonValue | undefined): string | undefined {
  const id = isJsonObject(value) ? value['id'] : value;
  return typeof id === 'string' ? id : undefined;
}

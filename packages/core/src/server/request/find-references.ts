import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';
import type { ReferenceKind } from './reference.ts';

/** Something that a create refers to. Without an id it cannot be judged, and is refused. */
export interface Reference {
  readonly kind: ReferenceKind | 'response';
  readonly id: string | undefined;
  /** Where it stands: `input[2].content[0].file_id`. */
  readonly param: string;
}

/** Keys whose values resolve under the server's key, or are fetched or connected to by OpenAI, at whatever depth. */
const referringKeys: ReadonlyMap<string, Reference['kind']> = new Map([
  ['file_id', 'file'],
  ['file_ids', 'file'],
  ['conversation', 'conversation'],
  ['conversation_id', 'conversation'],
  ['prompt', 'prompt'],
  ['prompt_id', 'prompt'],
  ['vector_store_id', 'vector_store'],
  ['vector_store_ids', 'vector_store'],
  ['container', 'container'],
  ['container_id', 'container'],
  ['server_url', 'mcp_server'],
  ['connector_id', 'connector'],
  ['tunnel_id', 'connector'],
  ['skill_id', 'skill'],
  ['image_url', 'url'],
  ['file_url', 'url'],
  ['response_id', 'response'],
  ['previous_response_id', 'response'],
]);

/** The one place where an `image_url` carries its content. Anything else, blanks in front included, is an address. */
function isInline(kind: Reference['kind'], value: JsonValue): boolean {
  return kind === 'url' && typeof value === 'string' && value.startsWith('data:');
}

function idOf(value: JsonValue | undefined): string | undefined {
  const id = isJsonObject(value) ? value['id'] : value;
  return typeof id === 'string' ? id : undefined;
}

/** The easy form of a message has no type, but a role and content; an item reference may have neither. */
function isItemReference(item: JsonObject): boolean {
  const type = item['type'] ?? undefined;
  if (type === 'item_reference') return true;
  // An image that is not sent along is looked up by its id.
  if (type === 'image_generation_call') return typeof item['result'] !== 'string';
  return false;
}

/** Everything that `value` refers to, however deep it stands. */
export function findReferences(value: JsonValue | undefined, param: string): readonly Reference[] {
  if (Array.isArray(value)) {
    return value.flatMap((inner: JsonValue, index) => findReferences(inner, `${param}[${index}]`));
  }
  if (!isJsonObject(value)) return [];
  const found: Reference[] = [];
  if (isItemReference(value)) found.push({ kind: 'item', id: idOf(value), param });
  for (const [key, inner] of Object.entries(value)) {
    const at = param === '' ? key : `${param}.${key}`;
    const kind = referringKeys.get(key);
    if (kind !== undefined && inner !== null && inner !== undefined && !isInline(kind, inner)) {
      const values: readonly JsonValue[] = Array.isArray(inner) ? inner : [inner];
      for (const one of values) found.push({ kind, id: idOf(one), param: at });
    }
    found.push(...findReferences(inner, at));
  }
  return found;
}

import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';
import { idOf, isBare } from './bare-item.ts';
import { itemsThatBringTools } from './input-items.ts';
import { isAddress, isPlural, type ReferredKind, referredKind } from './referring-keys.ts';

/** An object that a create refers to. A reference without an id cannot be checked, and is refused. */
export interface Reference {
  readonly kind: ReferredKind;
  readonly id: string | undefined;
  /** The path of the reference: `input[2].content[0].file_id`. */
  readonly param: string;
}

/** Whether an address contains its content. Any other address, including one with leading spaces, is fetched. */
function isInline(kind: ReferredKind, value: JsonValue): boolean {
  return kind === 'url' && typeof value === 'string' && value.startsWith('data:');
}

/**
 * Whether an address is of a page that the model has seen. The API shows such addresses, and does not fetch them again.
 */
function isCited(object: JsonObject, key: string, within: string): boolean {
  const { type } = object;
  if (key !== 'url') return false;
  if (within === 'sources' || within === 'results') return true;
  return type === 'url_citation' || type === 'open_page' || type === 'find_in_page';
}

/** Items whose `tools` are checked as tools, or are a list that a server wrote. */
const itemsWithTools: ReadonlySet<JsonValue | undefined> = new Set(itemsThatBringTools).add('mcp_list_tools');

/**
 * Whether a key cannot refer to anything in its position: schemas (which may have a property `file_id`), and texts in a
 * prompt.
 */
function isInnocent(object: JsonObject, key: string, within: string): boolean {
  if (key === 'schema') return within === 'format';
  if (key === 'tools') return (within === '' || within === 'input') && itemsWithTools.has(object['type']);
  return within === 'variables' && typeof object[key] === 'string';
}

function referencesAt(
  key: string,
  kind: ReferredKind,
  value: JsonValue,
  param: string,
): readonly Reference[] {
  if (Array.isArray(value) && isPlural(key))
    return value.map((one: JsonValue) => ({ kind, id: Array.isArray(one) ? undefined : idOf(one), param }));
  return [{ kind, id: Array.isArray(value) ? undefined : idOf(value), param }];
}

/** Whether the values of a key are checked by its name, or are safety checks, which have ids but refer to nothing. */
function isJudgedBefore(key: string): boolean {
  return referredKind(key) !== undefined || key.endsWith('_safety_checks');
}

/** `key` is the key that contains the value, directly or in a list. */
function collect(value: JsonValue | undefined, key: string, param: string, found: Reference[]): void {
  if (typeof value === 'string') {
    if (!isJudgedBefore(key) && isAddress(key, value)) found.push({ kind: 'url', id: value, param });
  } else if (Array.isArray(value)) {
    for (const [index, inner] of value.entries()) {
      // The path of an address in a list is that of the list, as for a list of ids.
      collect(inner, key, typeof inner === 'string' ? param : `${param}[${index}]`, found);
    }
  } else if (isJsonObject(value)) {
    if (!isJudgedBefore(key) && isBare(value, key)) found.push({ kind: 'item', id: idOf(value), param });
    for (const name of Object.keys(value)) {
      const inner = value[name];
      if (inner === undefined || inner === null) continue;
      if (isInnocent(value, name, key) || isCited(value, name, key)) continue;
      const at = param === '' ? name : `${param}.${name}`;
      const kind = referredKind(name);
      if (kind !== undefined && !isInline(kind, inner)) {
        for (const reference of referencesAt(name, kind, inner, at)) found.push(reference);
      }
      collect(inner, name, at, found);
    }
  }
}

/** Returns everything that `value` refers to, at any depth. Known keys are recognized by name, others by their form. */
export function findReferences(value: JsonValue | undefined, param: string): readonly Reference[] {
  const found: Reference[] = [];
  collect(value, '', param, found);
  return found;
}

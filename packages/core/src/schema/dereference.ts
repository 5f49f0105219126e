import { isJsonObject, type JsonObject, type JsonValue } from '../wire/json.ts';

/** The maximum number of references in a chain. A circle of references would never end. */
const maxHops = 32;

/** `#` and the definitions at the root. The API does not follow other references, and libraries do not write them. */
const reference = /^#(?:\/(\$defs|definitions)\/([^/]+))?$/;

/** The schema behind `$ref`, or `schema` itself without one. Undefined for an unknown or external reference. */
export function dereference(schema: JsonValue | undefined, root: JsonObject): JsonValue | undefined {
  let target = schema;
  for (let hops = 0; isJsonObject(target) && typeof target.$ref === 'string'; hops += 1) {
    const [found, keyword = '', name = ''] = reference.exec(target.$ref) ?? [];
    if (!found || hops >= maxHops) return undefined;
    const definitions = root[keyword];
    // A JSON pointer has `~1` for `/` and `~0` for `~`.
    const key = name.replaceAll('~1', '/').replaceAll('~0', '~');
    target = keyword
      ? isJsonObject(definitions) && Object.hasOwn(definitions, key)
        ? definitions[key]
        : undefined
      : root;
  }
  return target;
}

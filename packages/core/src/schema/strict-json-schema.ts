import { isJsonObject, type JsonObject, type JsonValue } from '../wire/json.ts';
import { dereference } from './dereference.ts';
import { excludeEachOther } from './exclude-each-other.ts';
import { listOf, namesOf, typesOf } from './json-types.ts';
import { refuseSchema, type SchemaSubject } from './refuse-schema.ts';
import { acceptsNull } from './remove-optional-nulls.ts';
import { defined } from '../wire/defined.ts';

/** The keywords that are copied unchanged. */
const acceptedKeywords =
  /^(title|description|enum|const|multipleOf|(min|max)Items|(min|max|exclusiveMin|exclusiveMax)imum)$/;

/** The keywords that the API refuses, and that cannot be removed, because the model could not guess valid values. */
const refusedKeywords = /^(not|if|dependen.*|patternProperties|prefixItems|contains)$/;

/** The formats that the API accepts. For others it answers "'uri' is not a valid format". */
const formats = /^(date-time|time|date|duration|email|hostname|ipv4|ipv6|uuid)$/;

/** Look-around, back references, named groups, Unicode classes: not supported by the API (vercel/ai 21037). */
const unsupportedPattern = /\(\?[=!<]|\\[1-9kpP]/;

const anything = 'accepts anything, or nothing';

/**
 * Converts a schema for the API's strict mode: every object is closed, every property is required, optional properties
 * are nullable, and `oneOf` becomes `anyOf`. Keywords that only restrict values and that strict mode does not support
 * (`minLength`, `uniqueItems`, other formats) are removed. The validator, if there is one, still checks them. `schema`
 * is not changed.
 *
 * @throws ConfigurationError if strict mode cannot express the schema. The message names the place and the solution.
 */
export function toStrictJsonSchema(schema: JsonObject, subject: SchemaSubject): JsonObject {
  function refuse(path: string, why: string): never {
    const way = subject.option === 'parameters' ? 'Set `strict: false`, or pass' : 'Pass';
    return refuseSchema(
      subject,
      `cannot be strict: \`${path}\` ${why}. ${way} a closed \`{ jsonSchema, validate }\`.`,
    );
  }

  function strict(part: JsonValue | undefined, path: string): JsonObject {
    if (!isJsonObject(part)) return refuse(path, anything);
    const node = withoutAllOf(part, path);
    const unsupported = Object.keys(node).find((keyword) => refusedKeywords.test(keyword));
    if (unsupported) refuse(path, `uses \`${unsupported}\``);
    const { $ref, description, type, anyOf, oneOf, properties, items, format, pattern } = node;
    if (typeof $ref === 'string') {
      if (!dereference(node, schema) || anyOf || oneOf || properties || items)
        refuse(path, 'has a `$ref` that strict mode refuses');
      // The API refuses this with "$ref cannot have keywords {'description'}", but the model needs the description.
      return description === undefined ? { $ref } : { description, anyOf: [{ $ref }] };
    }

    const types = typesOf(node);
    const result: Record<string, JsonValue> = {};
    // Without a type the API answers "schema must have a 'type' key", even if constants imply the type.
    if (types.length > 0) result.type = type ?? (types.length > 1 ? types : String(types[0]));
    for (const [keyword, value = null] of Object.entries(node))
      if (acceptedKeywords.test(keyword)) result[keyword] = value;
    const alternatives = listOf(oneOf);
    const overlap = alternatives.some((one, index) =>
      alternatives.slice(index + 1).some((other) => !excludeEachOther(one, other, schema)),
    );
    if (overlap)
      refuse(
        path,
        'has a `oneOf` whose branches overlap; give each a required property with a constant of its own',
      );
    const branches = listOf(anyOf ?? oneOf).map((branch, index) => strict(branch, `${path}.anyOf[${index}]`));
    if (branches.length > 0) result.anyOf = branches;
    else if (types.length === 0) refuse(path, anything);
    if (types.includes('object')) Object.assign(result, closeObject(node, path));
    if (types.includes('array')) result.items = strict(items, `${path}[]`);
    // With a format, zod's pattern is redundant, and long patterns make the API fail (vercel/ai 16021).
    if (typeof format === 'string' && formats.test(format)) result.format = format;
    else if (typeof pattern === 'string' && !unsupportedPattern.test(pattern)) result.pattern = pattern;
    return result;
  }

  function closeObject(node: JsonObject, path: string): JsonObject {
    const {
      additionalProperties,
      unevaluatedProperties,
      properties = additionalProperties === false && {},
    } = node;
    if (additionalProperties || unevaluatedProperties || !isJsonObject(properties)) {
      return refuse(path, 'is a record or an open object (`additionalProperties`)');
    }
    const names = Object.keys(properties);
    const required = namesOf(node.required);
    const unknown = required.find((name) => !names.includes(name));
    if (unknown !== undefined) refuse(path, `requires "${unknown}", which it does not declare`);
    const entries = names.map((name) => {
      const property = strict(properties[name], `${path}.${name}`);
      return [
        name,
        required.includes(name) || acceptsNull(properties[name], schema) ? property : nullable(property),
      ];
    });
    // `fromEntries`, because an assignment would lose a property with the name `__proto__`.
    return { properties: Object.fromEntries(entries), required: names, additionalProperties: false };
  }

  /** Replaces `allOf` of one schema by that schema. Patterns in it, which zod writes for strings, only restrict. */
  function withoutAllOf(node: JsonObject, path: string): JsonObject {
    const { allOf, ...rest } = node;
    if (!allOf) return node;
    const [only = {}, other] = listOf(allOf).filter((part) => !isJsonObject(part) || !part.pattern);
    if (other !== undefined || !isJsonObject(only) || (only.properties && rest.properties)) {
      return refuse(path, 'uses `allOf`; merge its schemas into one');
    }
    return withoutAllOf({ ...only, ...rest }, path);
  }

  function strictDefinitions(keyword: '$defs' | 'definitions'): JsonObject {
    const definitions = schema[keyword];
    if (!isJsonObject(definitions)) return {};
    const entries = Object.entries(definitions).map(([name, part]) => [
      name,
      strict(part, `${subject.option}.${keyword}.${name}`),
    ]);
    return { [keyword]: Object.fromEntries(entries) };
  }

  // A whole schema may be a reference, but the API does not accept one at the root.
  const root = strict(dereference(schema, schema), subject.option);
  if (root.type !== 'object' || root.anyOf) {
    refuseSchema(subject, 'must be an object: the API does not accept a union, list or scalar at the root.');
  }
  return { ...root, ...strictDefinitions('$defs'), ...strictDefinitions('definitions') };
}

/** Adds `null` to a strict schema in a form that the API accepts: a list of types, or `anyOf`. */
function nullable(schema: JsonObject): JsonObject {
  const { description, ...rest } = schema;
  const { type, anyOf, properties, enum: constants = rest.const } = rest;
  if (type && !anyOf && !properties && constants === undefined)
    return { ...schema, type: [type, 'null'].flat() };
  const branches = Array.isArray(anyOf) && !type ? anyOf : [rest];
  return { ...defined({ description }), anyOf: [...branches, { type: 'null' }] };
}

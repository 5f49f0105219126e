import { isJsonObject, type JsonObject, type JsonValue } from '../wire/json.ts';
import { dereference } from './dereference.ts';
import { excludeEachOther } from './exclude-each-other.ts';
import { listOf, namesOf, typesOf } from './json-types.ts';
import { refuseSchema, type SchemaSubject } from './refuse-schema.ts';
import { acceptsNull } from './remove-optional-nulls.ts';
import { defined } from '../wire/defined.ts';

/** What strict mode takes as it is. */
const kept =
  /^(title|description|enum|const|multipleOf|(min|max)Items|(min|max|exclusiveMin|exclusiveMax)imum)$/;

/** What the API refuses, and the model could not guess if it were left out. */
const refused = /^(not|if|dependen.*|patternProperties|prefixItems|contains)$/;

/** "'uri' is not a valid format", says the API of others. */
const formats = /^(date-time|time|date|duration|email|hostname|ipv4|ipv6|uuid)$/;

/** Look-around, back references, named groups, Unicode classes: unknown to the API's pattern engine (vercel/ai 21037). */
const unsupportedPattern = /\(\?[=!<]|\\[1-9kpP]/;

const anything = 'accepts anything, or nothing';

/**
 * The schema as the API's strict mode takes it: every object closed, every property required, optional ones nullable,
 * `oneOf` written as `anyOf`. What only narrows values and is unknown to strict mode (`minLength`, `uniqueItems`,
 * other formats) is left out: the validator still holds it. `schema` is not changed.
 *
 * @throws ConfigurationError for what strict mode cannot say; the message names the place and the way out.
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
    const unsupported = Object.keys(node).find((keyword) => refused.test(keyword));
    if (unsupported) refuse(path, `uses \`${unsupported}\``);
    const { $ref, description, type, anyOf, oneOf, properties, items, format, pattern } = node;
    if (typeof $ref === 'string') {
      if (!dereference(node, schema) || anyOf || oneOf || properties || items)
        refuse(path, 'has a `$ref` that strict mode refuses');
      // "$ref cannot have keywords {'description'}", says the API; but the model needs the description.
      return description === undefined ? { $ref } : { description, anyOf: [{ $ref }] };
    }

    const types = typesOf(node);
    const result: Record<string, JsonValue> = {};
    // "schema must have a 'type' key", says the API, also where constants imply it.
    if (types.length > 0) result.type = type ?? (types.length > 1 ? types : String(types[0]));
    for (const [keyword, value = null] of Object.entries(node))
      if (kept.test(keyword)) result[keyword] = value;
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
    if (types.includes('object')) Object.assign(result, closed(node, path));
    if (types.includes('array')) result.items = strict(items, `${path}[]`);
    // Beside a format, zod's pattern says the same again, and long ones make the API fail (vercel/ai 16021).
    if (typeof format === 'string' && formats.test(format)) result.format = format;
    else if (typeof pattern === 'string' && !unsupportedPattern.test(pattern)) result.pattern = pattern;
    return result;
  }

  function closed(node: JsonObject, path: string): JsonObject {
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
    // `fromEntries`, as assigning a property called `__proto__` would lose it.
    return { properties: Object.fromEntries(entries), required: names, additionalProperties: false };
  }

  /** `allOf` of one schema is that schema. Patterns in it (zod writes a string with two checks so) only narrow. */
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

  // A schema may be a reference as a whole, but at the root the API takes none.
  const root = strict(dereference(schema, schema), subject.option);
  if (root.type !== 'object' || root.anyOf) {
    refuseSchema(subject, 'must be an object: the API takes no union, list or scalar at the root.');
  }
  return { ...root, ...strictDefinitions('$defs'), ...strictDefinitions('definitions') };
}

/** The strict schema with `null` added to its values, in the forms that the API takes: a list of types, or `anyOf`. */
function nullable(schema: JsonObject): JsonObject {
  const { description, ...rest } = schema;
  const { type, anyOf, properties, enum: constants = rest.const } = rest;
  if (type && !anyOf && !properties && constants === undefined)
    return { ...schema, type: [type, 'null'].flat() };
  const branches = Array.isArray(anyOf) && !type ? anyOf : [rest];
  return { ...defined({ description }), anyOf: [...branches, { type: 'null' }] };
}

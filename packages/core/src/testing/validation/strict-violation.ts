import { isJsonObject, wordOf, type JsonObject, type JsonValue } from '../../wire/json.ts';
import { at, pythonText, pythonTuple, type SchemaViolation } from './violation.ts';

/** Keywords that the API reports as "is not permitted". Its full list is not known, so other keywords are accepted. */
const notPermitted: readonly string[] = [
  'additionalItems',
  'allOf',
  'contains',
  'contentEncoding',
  'contentMediaType',
  'dependencies',
  'dependentRequired',
  'dependentSchemas',
  'else',
  'examples',
  'if',
  'maxContains',
  'maxLength',
  'maxProperties',
  'minContains',
  'minLength',
  'minProperties',
  'not',
  'oneOf',
  'patternProperties',
  'prefixItems',
  'propertyNames',
  'then',
  'unevaluatedItems',
  'unevaluatedProperties',
  'uniqueItems',
];

const reference = /^#\/(\$defs|definitions)\/([^/]+)$/;

const formats: readonly string[] = [
  'date-time',
  'time',
  'date',
  'duration',
  'email',
  'hostname',
  'ipv4',
  'ipv6',
  'uuid',
];

/**
 * The first rule of the API's strict mode that a schema breaks, with the API's message; undefined if it breaks none.
 *
 * @example
 * strictViolation({ type: 'object', properties: {}, required: [] })?.message
 * // "In context=(), 'additionalProperties' is required to be supplied and to be false."
 */
export function strictViolation(schema: JsonObject): SchemaViolation | undefined {
  return rootViolation(schema) ?? partViolation(schema, [], schema);
}

function rootViolation(schema: JsonObject): SchemaViolation | undefined {
  const combined = ['oneOf', 'anyOf', 'allOf', 'enum', 'not'].find((keyword) => keyword in schema);
  if (schema.type === 'object' && combined !== undefined) {
    const keywords = "'oneOf'/'anyOf'/'allOf'/'enum'/'not'";
    const message = `schema must have type 'object' and not have ${keywords} at the top level. Found '${combined}'.`;
    return { path: [], message };
  }
  // An empty schema counts as an object without properties.
  if (schema.type === 'object' || Object.keys(schema).length === 0) return undefined;
  const type = typeof schema.type === 'string' ? schema.type : 'None';
  return { path: [], message: `schema must be a JSON Schema of 'type: "object"', got 'type: "${type}"'.` };
}

function partViolation(
  part: JsonValue | undefined,
  path: readonly string[],
  root: JsonObject,
): SchemaViolation | undefined {
  if (!isJsonObject(part)) return at(path, `${pythonText(part)} is not of type 'object'.`);
  if (part.$ref !== undefined) return referenceViolation(part, path, root);
  const keyword = Object.keys(part).find((name) => notPermitted.includes(name));
  if (keyword !== undefined) return at(path, `'${keyword}' is not permitted.`);
  return (
    typeViolation(part, path) ??
    objectViolation(part, path, root) ??
    arrayViolation(part, path, root) ??
    stringViolation(part, path) ??
    listViolation(part.anyOf, [...path, 'anyOf'], root) ??
    mapViolation(part.$defs, [...path, '$defs'], root) ??
    mapViolation(part.definitions, [...path, 'definitions'], root)
  );
}

function referenceViolation(
  part: JsonObject,
  path: readonly string[],
  root: JsonObject,
): SchemaViolation | undefined {
  const { $ref, ...others } = part;
  const beside = Object.keys(others);
  if (beside.length > 0) {
    const keywords = beside.map(pythonText).join(', ');
    // The API omits "In" here.
    return { path, message: `context=${pythonTuple(path)}, $ref cannot have keywords {${keywords}}.` };
  }
  if ($ref === '#') return undefined;
  const target = typeof $ref === 'string' ? $ref : '';
  const [, keyword = '', name = ''] = reference.exec(target) ?? [];
  const definitions = root[keyword];
  const key = name.replaceAll('~1', '/').replaceAll('~0', '~');
  if (isJsonObject(definitions) && Object.hasOwn(definitions, key)) return undefined;
  if (keyword !== '')
    return at(path, `reference to component '${target}' which was not found in the schema.`);
  return at(path, 'reference can only point to definitions defined at the top level of the schema.');
}

function typeViolation(part: JsonObject, path: readonly string[]): SchemaViolation | undefined {
  const types = typesOf(part);
  if (types.length === 0) {
    const combined = Array.isArray(part.anyOf) || (path.length === 0 && Object.keys(part).length === 0);
    return combined ? undefined : at(path, "schema must have a 'type' key.");
  }
  const wrong = Array.isArray(part.enum)
    ? part.enum.find((value) => !types.some((type) => isOf(type, value)))
    : undefined;
  if (wrong === undefined) return undefined;
  const type = Array.isArray(part.type) ? `[${types.map(pythonText).join(', ')}]` : pythonText(types[0]);
  return at(path, `enum value ${wordOf(wrong)} does not validate against {'type': ${type}}.`);
}

function objectViolation(
  part: JsonObject,
  path: readonly string[],
  root: JsonObject,
): SchemaViolation | undefined {
  const bare = path.length === 0 && part.type === undefined;
  if (!bare && !typesOf(part).includes('object')) return undefined;
  if (!bare && part.additionalProperties !== false) {
    return at(path, "'additionalProperties' is required to be supplied and to be false.");
  }
  const { properties } = part;
  if (!isJsonObject(properties)) return at(path, 'object schema missing properties.');
  const names = Object.keys(properties);
  const required: readonly JsonValue[] = Array.isArray(part.required) ? part.required : [];
  const rule = "'required' is required to be supplied and to be an array including every key in properties.";
  const missing = names.find((name) => !required.includes(name));
  if (missing !== undefined) return at(path, `${rule} Missing '${missing}'.`);
  const extra = required.find((name) => typeof name !== 'string' || !names.includes(name));
  if (extra !== undefined) return at(path, `${rule} Extra required key ${pythonText(extra)} supplied.`);
  return mapViolation(properties, [...path, 'properties'], root);
}

function arrayViolation(
  part: JsonObject,
  path: readonly string[],
  root: JsonObject,
): SchemaViolation | undefined {
  if (!typesOf(part).includes('array')) return undefined;
  if (part.items === undefined) return at(path, 'array schema missing items.');
  return partViolation(part.items, [...path, 'items'], root);
}

function stringViolation(
  { format, pattern }: JsonObject,
  path: readonly string[],
): SchemaViolation | undefined {
  if (typeof format === 'string' && !formats.includes(format)) {
    return at(path, `'${format}' is not a valid format.`);
  }
  if (typeof pattern !== 'string' || !/\(\?<?[=!]/.test(pattern)) return undefined;
  const place = ['$', ...path, 'pattern'].join('.');
  return { path, message: `regex lookaround is not supported. Found at ${place}.` };
}

function listViolation(
  parts: JsonValue | undefined,
  path: readonly string[],
  root: JsonObject,
): SchemaViolation | undefined {
  return Array.isArray(parts) ? mapViolation(Object.fromEntries(parts.entries()), path, root) : undefined;
}

function mapViolation(
  parts: JsonValue | undefined,
  path: readonly string[],
  root: JsonObject,
): SchemaViolation | undefined {
  for (const [name, part] of isJsonObject(parts) ? Object.entries(parts) : []) {
    const violation = partViolation(part, [...path, name], root);
    if (violation !== undefined) return violation;
  }
  return undefined;
}

function typesOf({ type }: JsonObject): readonly string[] {
  const types: readonly JsonValue[] = Array.isArray(type) ? type : [type ?? null];
  return types.filter((each) => typeof each === 'string');
}

function isOf(type: string, value: JsonValue): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isJsonObject(value);
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

import { defined } from '../wire/defined.ts';
import type { JsonObject } from '../wire/json.ts';

/** The strict schema with `null` added to its values, in the forms that the API takes: a list of types, or `anyOf`. */
export function nullable(schema: JsonObject): JsonObject {
  const { description, ...rest } = schema;
  const { type, anyOf, properties, enum: constants = rest.const } = rest;
  if (type && !anyOf && !properties && constants === undefined)
    return { ...schema, type: [type, 'null'].flat() };
  const branches = Array.isArray(anyOf) && !type ? anyOf : [rest];
  return { ...defined({ description }), anyOf: [...branches, { type: 'null' }] };
}

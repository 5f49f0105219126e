import * as z from 'zod';
import { expect } from 'vitest';
import { ConfigurationError } from '../src/errors/configuration-error.ts';
import { strictViolation } from '../src/testing/validation/strict-violation.ts';
import { deepFreeze } from '../src/wire/deep-freeze.ts';
import { jsonCopy, type JsonObject } from '../src/wire/json.ts';
import { toStrictJsonSchema } from '../src/schema/strict-json-schema.ts';

export function strict(schema: JsonObject): JsonObject {
  const result = toStrictJsonSchema(deepFreeze(schema), { name: 'search', option: 'parameters' });
  expect(strictViolation(result)).toBeUndefined();
  return result;
}

/** The strict form of one property, which is optional unless `required` names it. */
export function property(schema: JsonObject, required: readonly string[] = []): unknown {
  const { properties } = strict({ type: 'object', properties: { p: schema }, required });
  return (properties as JsonObject).p;
}

export function fromZod(schema: z.ZodType): JsonObject {
  const { propertyNames: _, ...copy } = jsonCopy(z.toJSONSchema(schema, { io: 'input' })) as JsonObject;
  return copy;
}

export function refusal(schema: JsonObject): string {
  try {
    toStrictJsonSchema(deepFreeze(schema), { name: 'search', option: 'parameters' });
  } catch (error) {
    if (ConfigurationError.isInstance(error)) return error.message;
    throw error;
  }
  return 'accepted';
}

export const object = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({
  type: 'object',
  properties,
  ...more,
});

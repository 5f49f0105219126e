/**
 * `import '@longhaul/core/zod-mini'` lets `tool` and `defineAgent` accept schemas of `zod/mini`. They do not provide
 * JSON Schema themselves, so this entry adds zod's own converter. Import it before you define tools and agents.
 *
 * @packageDocumentation
 */
import { type $ZodType, toJSONSchema } from 'zod/v4/core';
import { addJsonSchemaWriter } from '../schema/json-schema-writers.ts';

function isZodSchema(schema: object): schema is $ZodType {
  return '_zod' in schema;
}

addJsonSchemaWriter((schema) => {
  if (!isZodSchema(schema)) return undefined;
  return ({ libraryOptions }) =>
    toJSONSchema(schema, { ...libraryOptions, io: 'input', target: 'draft-2020-12' });
});

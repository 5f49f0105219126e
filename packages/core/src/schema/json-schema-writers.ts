import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec';

/** Writes the JSON Schema of one schema's input. */
export type WriteJsonSchema = (options: StandardJSONSchemaV1.Options) => object;

/** Returns the function that writes the JSON Schema of a schema; undefined for schemas of other libraries. */
export type JsonSchemaWriter = (schema: object) => WriteJsonSchema | undefined;

const writers: JsonSchemaWriter[] = [];

/** Adds a writer for a library whose schemas do not provide JSON Schema. */
export function addJsonSchemaWriter(writer: JsonSchemaWriter): void {
  writers.push(writer);
}

/** Returns the function that writes a schema's JSON Schema: the schema's own, otherwise that of an added writer. */
export function jsonSchemaWriterOf(
  schema: StandardSchemaV1 | StandardJSONSchemaV1,
): WriteJsonSchema | undefined {
  const { '~standard': standard } = schema;
  if ('jsonSchema' in standard) return (options) => standard.jsonSchema.input(options);
  for (const writer of writers) {
    const write = writer(schema);
    if (write !== undefined) return write;
  }
  return undefined;
}

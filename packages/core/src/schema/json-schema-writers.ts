import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec';

/** Writes the JSON Schema of one schema's input. */
export type WriteJsonSchema = (options: StandardJSONSchemaV1.Options) => object;

/** Finds how the JSON Schema of a schema is written; undefined for schemas of other libraries. */
export type JsonSchemaWriter = (schema: object) => WriteJsonSchema | undefined;

const writers: JsonSchemaWriter[] = [];

/** Adds a writer for a library whose schemas do not provide JSON Schema. */
export function addJsonSchemaWriter(writer: JsonSchemaWriter): void {
  writers.push(writer);
}

/** How the JSON Schema of a schema is written: by the schema itself, otherwise by an added writer. */
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

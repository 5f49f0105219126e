import {
  type CompiledSchema,
  compileSchema,
  type InferOutput,
  type ReadResult,
  type SchemaSource,
} from '../src/schema/tool-schema.ts';

export function parameters<Source extends SchemaSource>(
  source: Source,
  strict = true,
): CompiledSchema<InferOutput<Source>> {
  return compileSchema(source, { name: 'search', option: 'parameters', strict });
}

export async function read(source: SchemaSource, raw: unknown, strict = true): Promise<ReadResult> {
  return parameters(source, strict).read(typeof raw === 'string' ? raw : JSON.stringify(raw));
}

export async function messageOf(source: SchemaSource, raw: unknown, strict = true): Promise<string> {
  const result = await read(source, raw, strict);
  return result.ok ? 'accepted' : result.message;
}

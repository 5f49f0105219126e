import { expectTypeOf, test } from 'vitest';
import * as z from 'zod';
import * as mini from 'zod/mini';
import {
  compileSchema,
  type InferInput,
  type InferOutput,
  type JsonSchemaSource,
  type SchemaSource,
} from './tool-schema.ts';

const zod = z.object({ city: z.string(), days: z.string().transform(Number).default(1) });
const subject = { name: 'search', option: 'parameters', strict: true } as const;

test('with a zod schema, the model writes its input and the tool receives its output', () => {
  expectTypeOf(zod).toExtend<SchemaSource>();
  expectTypeOf<InferInput<typeof zod>>().toEqualTypeOf<{ city: string; days?: string | undefined }>();
  expectTypeOf<InferOutput<typeof zod>>().toEqualTypeOf<{ city: string; days: number }>();
});

test('with a JSON Schema, the value has the awaited type of `validate`, or is unknown without it', () => {
  const jsonSchema = { type: 'object' };
  const source = {
    jsonSchema,
    validate: async (_value: unknown): Promise<{ city: string }> => ({ city: '' }),
  };
  expectTypeOf<InferOutput<typeof source>>().toEqualTypeOf<{ city: string }>();
  expectTypeOf<InferInput<typeof source>>().toBeUnknown();
  expectTypeOf<InferOutput<{ jsonSchema: object }>>().toBeUnknown();
  expectTypeOf<InferOutput<JsonSchemaSource<{ city: string }>>>().toEqualTypeOf<{ city: string }>();
});

test('the value has the output type, and exists only if it is valid', async () => {
  const result = await compileSchema(zod, subject).read('');
  if (result.ok) expectTypeOf(result.value).toEqualTypeOf<{ city: string; days: number }>();
  else expectTypeOf(result).not.toHaveProperty('value');
});

test('an interface is accepted as JSON Schema, and the argument of `validate` is unknown', () => {
  interface Schema {
    type: 'object';
  }
  const jsonSchema: Schema = { type: 'object' };
  const compiled = compileSchema(
    {
      jsonSchema,
      validate: (value) => {
        expectTypeOf(value).toBeUnknown();
        return 1;
      },
    },
    subject,
  );
  expectTypeOf(compiled.read).returns.resolves.toExtend<{ ok: boolean }>();
});

test('a schema of zod/mini has the same types as with zod', () => {
  const schema = mini.object({ city: mini.string(), days: mini.pipe(mini.string(), mini.transform(Number)) });
  const compiled = compileSchema(schema, subject);
  expectTypeOf(compiled.read).returns.resolves.extract<{ ok: true }>().toHaveProperty('value');
  expectTypeOf<InferInput<typeof schema>>().toEqualTypeOf<{ city: string; days: string }>();
  expectTypeOf<InferOutput<typeof schema>>().toEqualTypeOf<{ city: string; days: number }>();
  expectTypeOf(schema).toExtend<SchemaSource>();
});

test('a schema without JSON Schema is a type error', () => {
  expectTypeOf({ '~standard': mini.object({})['~standard'] }).not.toExtend<SchemaSource>();
  expectTypeOf({ type: 'object' }).not.toExtend<SchemaSource>();
});

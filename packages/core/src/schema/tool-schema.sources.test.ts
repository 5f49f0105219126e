import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { ConfigurationError } from '../errors/configuration-error.ts';
import { type SchemaSource } from './tool-schema.ts';
import { parameters, read, messageOf } from '../../test-support/read-schema.ts';

describe('{ jsonSchema }', () => {
  const jsonSchema = {
    type: 'object',
    properties: { a: { type: 'string' }, b: { type: 'number' } },
    required: ['b'],
  };

  test('is made strict', () => {
    expect(parameters({ jsonSchema }).wire).toEqual({
      type: 'object',
      properties: { a: { type: ['string', 'null'] }, b: { type: 'number' } },
      required: ['a', 'b'],
      additionalProperties: false,
    });
  });

  test('validates only with `validate`', async () => {
    expect(await read({ jsonSchema }, { a: null, b: 'no number' })).toEqual({
      ok: true,
      arguments: { b: 'no number' },
      value: { b: 'no number' },
    });
  });

  test('returns the value that `validate` resolves to', async () => {
    const validate = async (value: unknown): Promise<number> => Object.keys(value as object).length;
    expect(await read({ jsonSchema, validate }, { b: 1 })).toMatchObject({ ok: true, value: 1 });
  });

  test.each<[string, unknown, string]>([
    ['an error', new Error('b is too large'), 'b is too large'],
    [
      'an error with issues',
      new z.ZodError([{ code: 'custom', path: ['b'], message: 'too large', input: 1 }]),
      'too large',
    ],
    ['a string', 'b is too large', 'b is too large'],
    ['undefined', undefined, 'refused'],
    ['a value without a message', Object.create(null), 'refused'],
  ])('returns the message of a thrown value: %s', async (_, thrown, expected) => {
    const validate = (): never => {
      throw thrown;
    };
    const result = await read({ jsonSchema, validate }, { a: null, b: 1 });
    expect(result).toMatchObject({
      ok: false,
      message: expect.stringContaining(expected),
      arguments: { b: 1 },
    });
  });

  test('keeps the arguments unchanged if `validate` changes its argument', async () => {
    const validate = (value: unknown): unknown => Object.assign(value as object, { b: 2 });
    expect(await read({ jsonSchema, validate }, { b: 1 })).toEqual({
      ok: true,
      arguments: { b: 1 },
      value: { b: 2 },
    });
  });

  test('keeps the arguments unchanged if the tool changes the value', async () => {
    const result = await read({ jsonSchema }, { b: 1 });
    if (result.ok) Object.assign(result.value as object, { b: 2 });
    expect(result).toMatchObject({ arguments: { b: 1 }, value: { b: 2 } });
  });

  test('is copied, so that later changes have no effect', async () => {
    const mine = structuredClone(jsonSchema);
    const { wire, read: readLater } = parameters({ jsonSchema: mine });
    mine.required.push('a');
    expect(wire).toEqual(parameters({ jsonSchema }).wire);
    expect(await readLater('{"a":null,"b":1}')).toMatchObject({ arguments: { b: 1 } });
    expect(Object.isFrozen(mine.properties)).toBe(false);
  });
});

test('a custom Standard Schema is accepted, with issues whose path has segments', async () => {
  const schema: StandardSchemaV1<{ a: string }, number> & StandardJSONSchemaV1<{ a: string }, number> = {
    '~standard': {
      version: 1,
      vendor: 'mine',
      validate: (value) =>
        (value as { a: string }).a === 'x'
          ? { value: 1 }
          : { issues: [{ message: 'must be x', path: [{ key: 'a' }, 0] }, { message: 'and more' }] },
      jsonSchema: {
        input: () => ({ type: 'object', properties: { a: { type: 'string' } }, required: ['a'] }),
        output: () => ({ type: 'number' }),
      },
    },
  };
  expect(await read(schema, { a: 'x' })).toEqual({ ok: true, arguments: { a: 'x' }, value: 1 });
  expect(await messageOf(schema, { a: 'y' })).toBe(
    'Invalid arguments for tool "search":\n- a.0: must be x\n- and more',
  );
  const callable = Object.assign(() => 0, schema);
  expect(await read(callable, { a: 'x' })).toMatchObject({ ok: true });
});

describe('throws a ConfigurationError immediately for a source without JSON Schema:', () => {
  function refusal(source: unknown): ConfigurationError {
    try {
      parameters(source as SchemaSource);
    } catch (error) {
      if (ConfigurationError.isInstance(error)) return error;
    }
    return expect.fail('no ConfigurationError');
  }

  const circle: Record<string, unknown> = { type: 'object' };
  circle.properties = { circle };
  const validate = (): StandardSchemaV1.Result<unknown> => ({ value: 1 });

  test.each<[string, unknown]>([
    [
      'a Standard Schema without JSON Schema, such as zod 3',
      { '~standard': { version: 1, vendor: 'zod', validate } },
    ],
    ['undefined', undefined],
    ['null', null],
    ['a bare JSON Schema', { type: 'object', properties: {} }],
    ['a string', { jsonSchema: '{}' }],
    ['a list', { jsonSchema: [] }],
    ['a circular schema', { jsonSchema: circle }],
    ['a bigint', { jsonSchema: { type: 'object', maxProperties: 1n } }],
  ])('%s', (_, source) => {
    const error = refusal(source);
    expect(error.message).toMatch(/^tool "search": `parameters` has no JSON Schema/);
    expect(error.message).toContain(
      "Pass a schema of `zod` 4, one of `zod/mini` after `import '@longhaul/core/zod-mini'`",
    );
    expect(error.option).toBe('parameters');
  });

  test('without a JavaScript error about a missing property', () => {
    const source = { '~standard': { version: 1, vendor: 'zod', validate } };
    expect(refusal(source).message).not.toContain('undefined');
  });

  test("with the library's error for a type that JSON Schema cannot express", () => {
    const error = refusal(z.object({ at: z.date() }));
    expect(error.message).toContain('Date cannot be represented');
    expect(error.cause).toBeInstanceOf(Error);
  });

  test('and for a schema that cannot be strict', () => {
    expect(refusal(z.object({ a: z.record(z.string(), z.string()) })).message).toContain('`parameters.a`');
  });
});

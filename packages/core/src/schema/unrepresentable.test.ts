import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { defineAgent } from '../agent/define-agent.ts';
import { tool } from '../agent/tool.ts';
import { ConfigurationError } from '../errors/configuration-error.ts';
import type { SchemaSource } from './tool-schema.ts';

function refusal(parameters: SchemaSource, strict = true): string {
  try {
    tool({ name: 't', parameters, strict });
  } catch (error) {
    if (ConfigurationError.isInstance(error)) return error.message;
  }
  return expect.fail('no ConfigurationError');
}

describe('a schema with types that JSON cannot represent (issue 13)', () => {
  test.each<[name: string, schema: z.ZodType, place: string, advice: string]>([
    ['z.date()', z.object({ at: z.date() }), '`parameters.at`', 'z.iso.datetime()'],
    ['z.coerce.date()', z.object({ at: z.coerce.date() }), '`parameters.at`', 'z.iso.datetime()'],
    ['an optional z.date()', z.object({ at: z.date().optional() }), '`parameters.at`', 'z.iso.datetime()'],
    [
      'in a list',
      z.object({ a: z.object({ d: z.array(z.date()) }) }),
      '`parameters.a.d[]`',
      'z.iso.datetime()',
    ],
    [
      'in a union',
      z.object({ a: z.union([z.string(), z.date()]) }),
      '`parameters.a.anyOf[1]`',
      'z.iso.datetime()',
    ],
    ['z.bigint()', z.object({ id: z.bigint() }), '`parameters.id`', 'z.string()'],
    ['z.int64()', z.object({ id: z.int64() }), '`parameters.id`', 'z.string()'],
    ['a literal bigint', z.object({ id: z.literal([1n]) }), '`parameters.id`', 'literal'],
    ['z.map()', z.object({ m: z.map(z.string(), z.number()) }), '`parameters.m`', 'z.array(z.object('],
    ['z.set()', z.object({ s: z.set(z.string()) }), '`parameters.s`', 'z.array('],
    ['z.symbol()', z.object({ s: z.symbol() }), '`parameters.s`', 'z.string()'],
    ['z.undefined()', z.object({ u: z.undefined() }), '`parameters.u`', '.optional()'],
    ['z.void()', z.object({ u: z.void() }), '`parameters.u`', '.optional()'],
    ['z.nan()', z.object({ n: z.nan() }), '`parameters.n`', 'z.number()'],
    ['z.custom()', z.object({ c: z.custom<URL>() }), '`parameters.c`', '.refine('],
    ['z.instanceof()', z.object({ c: z.instanceof(URL) }), '`parameters.c`', '.refine('],
    [
      'a transform without a schema before it',
      z.object({ t: z.transform(Number) }),
      '`parameters.t`',
      '.transform(',
    ],
    ['z.file()', z.object({ f: z.file() }), '`parameters.f`', 'base64'],
    ['z.file() deep inside', z.object({ f: z.array(z.file()) }), '`parameters.f[]`', 'base64'],
  ])('throws with the place and an alternative: %s', (_name, schema, place, advice) => {
    for (const strict of [true, false]) {
      const message = refusal(schema, strict);
      expect(message).toContain(place);
      expect(message).toContain(advice);
      expect(message).not.toContain('Pass a schema of');
    }
  });

  test('throws with all places', () => {
    const message = refusal(z.object({ from: z.date(), to: z.date(), id: z.bigint() }));
    for (const place of ['`parameters.from`', '`parameters.to`', '`parameters.id`'])
      expect(message).toContain(place);
  });

  test('throws with the place of a function', () => {
    const message = refusal(z.object({ f: z.custom<() => void>((value) => typeof value === 'function') }));
    expect(message).toContain('`parameters.f`');
  });

  test('throws with the place in the output of an agent', () => {
    const define = (): unknown => defineAgent({ name: 'a', model: 'm', output: z.object({ at: z.date() }) });
    expect(define).toThrow(/^agent "a": `output`.*`output\.at`.*z\.iso\.datetime\(\)/s);
  });

  test('of another library throws with its error and an alternative', () => {
    const fail = (): never => {
      throw new Error('The "date" schema cannot be converted to JSON Schema.');
    };
    const validate = (value: unknown): { readonly value: unknown } => ({ value });
    const jsonSchema = { input: fail, output: fail };
    const message = refusal({ '~standard': { version: 1, vendor: 'other', validate, jsonSchema } });
    expect(message).toContain('date');
    expect(message).toContain('ISO');
    expect(message).not.toContain('Pass a schema of');
  });

  test('is accepted if it is written as advised', () => {
    const at = z.codec(z.iso.datetime(), z.date(), {
      decode: (text) => new Date(text),
      encode: (date) => date.toISOString(),
    });
    const id = z.string().regex(/^\d+$/).transform(BigInt);
    const pairs = z.array(z.object({ key: z.string(), value: z.number() }));
    expect(() => tool({ name: 't', parameters: z.object({ at, id, pairs }) })).not.toThrow();
  });
});

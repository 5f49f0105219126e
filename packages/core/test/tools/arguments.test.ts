import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { outputsIn } from '../../test-support/outputs-in.ts';
import { tool } from '../../src/agent/tool.ts';
import { ConfigurationError } from '../../src/errors/configuration-error.ts';
import type { SchemaSource } from '../../src/schema/tool-schema.ts';
import { isJsonObject, type JsonValue } from '../../src/wire/json.ts';
import { calling } from '../../test-support/calling-tool.ts';

function wireOf(parameters: SchemaSource, options: { strict?: boolean } = {}): JsonValue | undefined {
  return tool({ name: 't', parameters, execute: () => 'ok', ...options }).definition['parameters'];
}

describe('strict mode', () => {
  test('forbids additional properties, requires every property, and makes optional ones nullable', () => {
    const parameters = z.object({
      city: z.string(),
      days: z.number().optional(),
      at: z.object({ h: z.int().optional() }),
    });
    expect(wireOf(parameters)).toMatchObject({
      type: 'object',
      additionalProperties: false,
      required: ['city', 'days', 'at'],
      properties: {
        city: { type: 'string' },
        days: { type: ['number', 'null'] },
        at: { additionalProperties: false, required: ['h'] },
      },
    });
  });

  test('drops `$schema` and `default`, and writes oneOf as anyOf', () => {
    const union = z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('a'), n: z.number() }),
      z.object({ kind: z.literal('b'), s: z.string() }),
    ]);
    const text = JSON.stringify(wireOf(z.object({ union, tone: z.string().default('kind') })));
    expect(text).toContain('anyOf');
    for (const gone of ['oneOf', '$schema', '"default"']) expect(text).not.toContain(gone);
  });

  test.each<[string, z.ZodObject]>([
    ['a record', z.object({ tags: z.record(z.string(), z.string()) })],
    ['an open object', z.object({ any: z.looseObject({ a: z.string() }) })],
  ])('rejects %s, and the error has its path and a solution', (_name, parameters) => {
    const define = () => wireOf(parameters);
    expect(define).toThrow(ConfigurationError);
    expect(define).toThrow(/(tags|any)[\s\S]*strict: false[\s\S]*jsonSchema/);
    expect(() => wireOf(parameters, { strict: false })).not.toThrow();
  });

  test('sends a schema that the emulator accepts as strict', async () => {
    const s = calling(
      { city: 'x', days: null },
      { parameters: z.object({ city: z.string(), days: z.number().optional() }) },
    );
    await s.settle(s.start().result());
    expect(s.creates()[0]?.['tools']).toMatchObject([{ type: 'function', name: 't', strict: true }]);
  });
});

describe('arguments', () => {
  const parameters = z.object({
    opt: z.string().optional(),
    nul: z.string().nullable(),
    both: z.string().nullish(),
  });

  test('lose a null only if the schema makes the property optional and does not accept null', async () => {
    const s = calling({ opt: null, nul: null, both: null }, { parameters });
    const run = s.start();
    await s.settle(run.result());
    expect(s.seen).toEqual([{ nul: null, both: null }]);
    expect(run.view.toolCalls).toMatchObject([{ arguments: { nul: null, both: null } }]);
  });

  test('lose a null by the same rule in arrays and union branches', async () => {
    const item = z.union([
      z.object({ kind: z.literal('a'), note: z.string().optional() }),
      z.object({ kind: z.literal('b'), note: z.string().nullable() }),
    ]);
    const s = calling(
      {
        items: [
          { kind: 'a', note: null },
          { kind: 'b', note: null },
        ],
      },
      { parameters: z.object({ items: z.array(item) }) },
    );
    await s.settle(s.start().result());
    expect(s.seen).toEqual([{ items: [{ kind: 'a' }, { kind: 'b', note: null }] }]);
  });

  test('are {} if the model sends ""', async () => {
    const s = calling('', {});
    const run = s.start();
    await s.settle(run.result());
    expect(s.seen).toEqual([{}]);
    expect(run.view.toolCalls).toMatchObject([{ rawArguments: '', arguments: {} }]);
  });

  test.each<[JsonValue]>([[null], [0], [false], ['text'], [[1]]])(
    'may be %j at the top level',
    async (value) => {
      const s = calling(JSON.stringify(value), { parameters: { jsonSchema: {} }, strict: false });
      const run = s.start();
      await s.settle(run.result());
      expect(s.seen).toEqual([value]);
      expect(run.view.toolCalls[0]?.arguments).toEqual(value);
    },
  );

  test('are validated by { jsonSchema } only with `validate`', async () => {
    const jsonSchema = {
      type: 'object',
      properties: { n: { type: 'number' } },
      required: ['n'],
      additionalProperties: false,
    };
    const without = calling({ n: 'three' }, { parameters: { jsonSchema } });
    await without.settle(without.start().result());
    expect(without.seen).toEqual([{ n: 'three' }]);
    const validate = (value: unknown): number => {
      const n: unknown = isJsonObject(value) ? value['n'] : undefined;
      if (typeof n !== 'number') throw new Error('n must be a number');
      return n * 2;
    };
    const bad = calling({ n: 'three' }, { parameters: { jsonSchema, validate } });
    await bad.settle(bad.start().result());
    expect(bad.seen).toEqual([]);
    expect(outputsIn(bad.creates()[1])).toEqual({ call_t: expect.stringContaining('n must be a number') });
    const good = calling({ n: 21 }, { parameters: { jsonSchema, validate } });
    await good.settle(good.start().result());
    expect(good.seen).toEqual([42]);
  });

  test('that are invalid fail the call, and its output states the problem and its path', async () => {
    const s = calling({ city: 7 }, { parameters: z.object({ city: z.string() }) });
    const run = s.start();
    await s.settle(run.result());
    expect(run.view.toolCalls).toMatchObject([
      { status: 'failed', arguments: { city: 7 }, error: { code: 'invalid_arguments' } },
    ]);
    expect(outputsIn(s.creates()[1])).toEqual({ call_t: expect.stringMatching(/^Error: .*"t".*city/s) });
  });

  test('are validated before the call waits for approval', async () => {
    const s = calling({ city: 7 }, { parameters: z.object({ city: z.string() }), needsApproval: true });
    const run = s.start();
    await s.settle(run.result());
    expect(run.view.toolCalls).toMatchObject([{ status: 'failed' }]);
  });
});

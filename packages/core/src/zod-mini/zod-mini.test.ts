import { describe, expect, test, vi } from 'vitest';
import * as classic from 'zod';
import * as z from 'zod/mini';
import { defineAgent } from '../agent/define-agent.ts';
import { tool } from '../agent/tool.ts';
import { ConfigurationError } from '../errors/configuration-error.ts';
import { compileSchema, type SchemaSource } from '../schema/tool-schema.ts';
import './index.ts';

const { _default: withDefault } = z;

test('without the entry, a schema of zod/mini throws, and the message names the import', async () => {
  vi.resetModules();
  const { tool: freshTool } = await import('../agent/tool.ts');
  const make = (): unknown => freshTool({ name: 't', parameters: z.object({}) });
  expect(make).toThrow(/has no JSON Schema.*`import '@longhaul\/core\/zod-mini'`/);
});

test('schemas with ids that contain each other are written once', () => {
  let parameters: z.ZodMiniType = z.object({ a: z.string() });
  for (let depth = 0; depth < 24; depth += 1) {
    z.globalRegistry.add(parameters, { id: `Level${depth}` });
    parameters = z.object({ x: parameters, y: parameters });
  }
  const { definition } = tool({ name: 't', parameters });
  expect(JSON.stringify(definition).length).toBeLessThan(20_000);
});

describe('for the parameters of a tool and the output of an agent', () => {
  const cases: readonly [name: string, mini: SchemaSource, zod: SchemaSource, raw: unknown][] = [
    [
      'optionals, defaults and nullish properties',
      z.object({
        city: z.string().check(z.describe('Where.')),
        days: z.optional(z.int().check(z.minimum(1))),
        unit: withDefault(z.enum(['c', 'f']), 'c'),
        note: z.nullish(z.string()),
      }),
      classic.object({
        city: classic.string().describe('Where.'),
        days: classic.int().min(1).optional(),
        unit: classic.enum(['c', 'f']).default('c'),
        note: classic.string().nullish(),
      }),
      { city: 'Paris', days: null, unit: null, note: null },
    ],
    [
      'a transform',
      z.object({ count: z.pipe(z.string(), z.transform(Number)) }),
      classic.object({ count: classic.string().transform(Number) }),
      { count: '3' },
    ],
    [
      'a discriminated union',
      z.object({
        step: z.discriminatedUnion('do', [
          z.object({ do: z.literal('say'), text: z.string() }),
          z.object({ do: z.literal('wait'), ms: z.optional(z.number()) }),
        ]),
      }),
      classic.object({
        step: classic.discriminatedUnion('do', [
          classic.object({ do: classic.literal('say'), text: classic.string() }),
          classic.object({ do: classic.literal('wait'), ms: classic.number().optional() }),
        ]),
      }),
      { step: { do: 'wait', ms: null } },
    ],
  ];

  test.each(cases)('%s: the API and the tool receive the same as with zod', async (_name, mini, zod, raw) => {
    for (const option of ['parameters', 'output'] as const) {
      for (const strict of [true, false]) {
        const [one, other] = [mini, zod].map((source) =>
          compileSchema(source, { name: 'a', option, strict }),
        );
        expect(one?.wire).toEqual(other?.wire);
        expect(await one?.read(JSON.stringify(raw))).toEqual(await other?.read(JSON.stringify(raw)));
      }
    }
  });

  test('an invalid value is reported with its path', async () => {
    const parameters = z.object({ city: z.string('not a text') });
    expect(await tool({ name: 'a', parameters }).read('{"city":1}')).toMatchObject({
      ok: false,
      message: 'Invalid arguments for tool "a":\n- city: not a text',
    });
  });

  test('an asynchronous check is awaited', async () => {
    const parameters = z.object({
      id: z.string().check(z.refine(async (id) => id === 'known', 'unknown id')),
    });
    expect(await tool({ name: 'a', parameters }).read('{"id":"known"}')).toMatchObject({ ok: true });
    expect(await tool({ name: 'a', parameters }).read('{"id":"x"}')).toMatchObject({ ok: false });
  });

  test('the result of `z.toJSONSchema` is accepted as a schema', async () => {
    const parameters = z.toJSONSchema(z.object({ city: z.string() }), { io: 'input' });
    const made = tool({ name: 'a', parameters });
    expect(made.definition).toMatchObject({ parameters: { properties: { city: { type: 'string' } } } });
    expect(await made.read('{"city":1}')).toMatchObject({ ok: false });
  });
});

describe('a type that JSON cannot represent', () => {
  test.each<[string, z.ZodMiniType, string, string]>([
    ['z.date()', z.object({ at: z.date() }), '`parameters.at`', 'z.iso.datetime()'],
    ['in a list', z.object({ a: z.object({ d: z.array(z.date()) }) }), '`parameters.a.d[]`', 'z.iso.'],
    ['in a union', z.object({ a: z.union([z.string(), z.date()]) }), '`parameters.a.anyOf[1]`', 'z.iso.'],
    ['in a record', z.object({ a: z.record(z.string(), z.date()) }), '`parameters.a.*`', 'z.iso.'],
    ['z.bigint()', z.object({ id: z.bigint() }), '`parameters.id`', 'z.string()'],
    ['a literal bigint', z.object({ id: z.literal([1n]) }), '`parameters.id`', 'literal'],
    ['z.map()', z.object({ m: z.map(z.string(), z.number()) }), '`parameters.m`', 'z.array(z.object('],
    ['z.set()', z.object({ s: z.set(z.string()) }), '`parameters.s`', 'z.array('],
    ['z.undefined()', z.object({ u: z.undefined() }), '`parameters.u`', '.optional()'],
    ['z.custom()', z.object({ c: z.custom<URL>() }), '`parameters.c`', '.refine('],
    ['a bare transform', z.object({ t: z.transform(Number) }), '`parameters.t`', '.transform('],
    ['z.file()', z.object({ f: z.file() }), '`parameters.f`', 'base64'],
  ])('throws with the place and an alternative: %s', (_name, parameters, place, advice) => {
    for (const strict of [true, false]) {
      const make = (): unknown => tool({ name: 't', parameters, strict });
      expect(make).toThrow(ConfigurationError);
      expect(make).toThrow(place);
      expect(make).toThrow(advice);
    }
  });

  test('in the output of an agent', () => {
    const define = (): unknown => defineAgent({ name: 'a', model: 'm', output: z.object({ at: z.date() }) });
    expect(define).toThrow(/^agent "a": `output`.*`output\.at`.*z\.iso\.datetime\(\)/s);
  });
});

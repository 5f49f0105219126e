import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as classic from 'zod';
import * as z from 'zod/mini';
import { defineAgent } from '../agent/define-agent.ts';
import { tool } from '../agent/tool.ts';
import { ConfigurationError } from '../errors/configuration-error.ts';
import { compileSchema, type SchemaSource } from './tool-schema.ts';
import { zodJsonSchema } from './zod-json-schema.ts';

const { _default: withDefault } = z;

/** The JSON Schema that zod itself writes, without the keywords that are not sent. */
function writtenByZod(schema: z.ZodMiniType): unknown {
  const { $schema: _, ...own } = z.toJSONSchema(schema, { io: 'input' });
  return JSON.parse(
    JSON.stringify(own, (keyword, value: unknown) => (keyword === 'propertyNames' ? undefined : value)),
  );
}

function written(schema: unknown): unknown {
  return JSON.parse(JSON.stringify(zodJsonSchema(schema).schema));
}

const Tree = z.object({
  value: z.string(),
  get children() {
    return z.array(Tree);
  },
});

describe('writes the same JSON Schema as zod:', () => {
  test.each<[string, z.ZodMiniType]>([
    ['a string with checks', z.string().check(z.minLength(2), z.maxLength(5), z.regex(/^a/))],
    ['several patterns', z.string().check(z.startsWith('a'), z.includes('b'))],
    ['an exact length', z.string().check(z.length(3))],
    ['an e-mail address', z.email()],
    ['a URL', z.url()],
    ['a UUID', z.uuid()],
    ['a date and time', z.iso.datetime()],
    ['a local date and time', z.iso.datetime({ local: true })],
    ['a date', z.iso.date()],
    ['a time', z.iso.time()],
    ['a duration', z.iso.duration()],
    ['an IP address', z.ipv4()],
    ['a number', z.number()],
    ['a range', z.number().check(z.gte(1), z.lt(9))],
    ['the stricter of two limits', z.number().check(z.gte(5), z.gt(1), z.lte(5), z.lt(9))],
    ['an open range', z.number().check(z.positive(), z.multipleOf(0.5))],
    ['multiples of two numbers', z.number().check(z.multipleOf(2), z.multipleOf(-3))],
    ['an integer', z.int().check(z.gte(1))],
    ['an integer of 32 bits', z.int32()],
    ['a float of 32 bits', z.float32()],
    ['a boolean', z.boolean()],
    ['null', z.null()],
    ['anything', z.any()],
    ['nothing', z.never()],
    ['an enum', z.enum(['a', 'b'])],
    ['an enum with one value', z.enum(['a'])],
    ['an enum of numbers', z.enum({ A: 0, B: 1 })],
    ['a literal', z.literal('a')],
    ['literals', z.literal(['a', 1, null])],
    ['the literal null', z.literal(null)],
    ['a template literal', z.templateLiteral(['a', z.number()])],
    ['a list', z.array(z.string()).check(z.minLength(1), z.maxLength(3))],
    ['a tuple', z.tuple([z.string(), z.optional(z.number())], z.boolean())],
    ['a closed tuple', z.tuple([z.string(), z.number()])],
    ['an object', z.object({ a: z.string(), b: z.optional(z.number()), c: z.nullable(z.boolean()) })],
    ['an empty object', z.object({})],
    ['a strict object', z.strictObject({ a: z.string() })],
    ['a loose object', z.looseObject({ a: z.string() })],
    ['an object with other properties', z.catchall(z.object({ a: z.string() }), z.number())],
    ['an extended object', z.extend(z.object({ a: z.string() }), { b: z.string() })],
    ['a partial object', z.partial(z.object({ a: z.string(), b: z.number() }))],
    ['a record', z.record(z.string(), z.number())],
    ['a record with known keys', z.record(z.enum(['a', 'b']), z.number())],
    ['a partial record', z.partialRecord(z.enum(['a', 'b']), z.number())],
    ['a union of types', z.union([z.string(), z.number(), z.nullable(z.boolean())])],
    ['a union of objects', z.union([z.object({ a: z.string() }), z.object({ b: z.string() })])],
    [
      'a discriminated union',
      z.discriminatedUnion('t', [z.object({ t: z.literal('a') }), z.object({ t: z.literal('b') })]),
    ],
    ['a nullable object', z.nullable(z.object({ a: z.string() }))],
    ['an intersection', z.intersection(z.object({ a: z.string() }), z.object({ b: z.optional(z.string()) }))],
    ['an intersection of other types', z.intersection(z.string(), z.string().check(z.minLength(2)))],
    ['a default', z.object({ a: withDefault(z.string(), 'x'), b: z.prefault(z.array(z.string()), ['y']) })],
    ['a readonly list', z.readonly(z.array(z.string()))],
    ['a required optional', z.object({ a: z.nonoptional(z.optional(z.string())) })],
    ['a transform', z.object({ a: z.pipe(z.string(), z.transform(Number)) })],
    [
      'a transform that comes first',
      z.object({
        a: z.pipe(
          z.transform((value: unknown) => (value ? String(value) : undefined)),
          z.optional(z.string()),
        ),
      }),
    ],
    [
      'a codec',
      z.codec(z.iso.datetime(), z.date(), {
        decode: (text) => new Date(text),
        encode: (date) => date.toISOString(),
      }),
    ],
    ['a coercion', z.coerce.number()],
    ['a refinement', z.object({ a: z.string() }).check(z.refine(() => true))],
    ['a lazy schema', z.object({ a: z.lazy(() => z.string()) })],
    ['a description', z.object({ a: z.optional(z.string().check(z.describe('Inner.'))) })],
    ['metadata', z.string().check(z.meta({ title: 'T', examples: ['x'] }), z.minLength(2))],
    ['recursion', Tree],
    ['recursion below the root', z.object({ tree: Tree, other: z.nullable(Tree) })],
    ['one schema in two places', z.tuple([z.email(), z.email()])],
  ])('%s', (_name, schema) => {
    expect(written(schema)).toEqual(writtenByZod(schema));
  });

  const leaf = fc.oneof(
    fc.constant(z.string()),
    fc.nat(9).map((least) => z.string().check(z.minLength(least), z.maxLength(least + 3))),
    fc.constant(z.email()),
    fc.integer().map((least) => z.int().check(z.gte(least))),
    fc.constant(z.number().check(z.gt(0))),
    fc.constant(z.boolean()),
    fc.constant(z.null()),
    fc.array(fc.string(), { minLength: 1, maxLength: 3 }).map((values) => z.literal(values)),
    fc.constant(z.enum(['a', 'b'])),
  );
  const { schema: anySchema } = fc.letrec<{ schema: z.ZodMiniType }>((tie) => ({
    schema: fc.oneof(
      { maxDepth: 4 },
      leaf,
      tie('schema').map((inner) => z.optional(inner)),
      tie('schema').map((inner) => z.nullable(inner)),
      tie('schema').map((inner) => z.array(inner)),
      tie('schema').map((inner) => z.readonly(inner)),
      tie('schema').map((inner) => z.lazy(() => inner)),
      tie('schema').map((inner) => z.pipe(inner, z.transform(String))),
      fc
        .array(tie('schema'), { minLength: 2, maxLength: 3 })
        .map(([one, two, ...others]) => z.union([one ?? z.null(), two ?? z.null(), ...others])),
      fc
        .dictionary(fc.constantFrom('a', 'b', 'c', 'd'), tie('schema'), { maxKeys: 4 })
        .map((shape) => z.object(shape)),
    ),
  }));

  test('any schema', () => {
    fc.assert(
      fc.property(anySchema, (schema) => {
        expect(written(schema)).toEqual(writtenByZod(schema));
      }),
      { numRuns: 500 },
    );
  });
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

  test('a type of a later version of zod throws, and the message names `z.toJSONSchema`', () => {
    const later = { '~standard': z.string()['~standard'], _zod: { def: { type: 'money' } } };
    const make = (): unknown => tool({ name: 't', parameters: later });
    expect(make).toThrow('`parameters`: this type of zod is unknown here');
    expect(make).toThrow('pass `z.toJSONSchema(schema, { io: "input" })`');
  });

  test('in the output of an agent', () => {
    const define = (): unknown => defineAgent({ name: 'a', model: 'm', output: z.object({ at: z.date() }) });
    expect(define).toThrow(/^agent "a": `output`.*`output\.at`.*z\.iso\.datetime\(\)/s);
  });
});

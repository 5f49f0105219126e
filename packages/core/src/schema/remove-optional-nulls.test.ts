import * as z from 'zod';
import { describe, expect, test } from 'vitest';
import { deepFreeze } from '../wire/deep-freeze.ts';
import { jsonCopy, type JsonObject, type JsonValue } from '../wire/json.ts';
import { removeOptionalNulls } from './remove-optional-nulls.ts';

function remove(schema: z.ZodType | JsonObject, value: JsonValue): JsonValue {
  const json = schema instanceof z.ZodType ? (z.toJSONSchema(schema, { io: 'input' }) as JsonObject) : schema;
  return removeOptionalNulls(deepFreeze(value), deepFreeze(jsonCopy(json)));
}

describe('removes a null if the property is optional and does not accept null:', () => {
  const Inner = z.object({ note: z.string().optional(), id: z.number() });

  test.each<[string, z.ZodType, JsonValue, JsonValue]>([
    ['at the top', z.object({ a: z.string().optional() }), { a: null }, {}],
    ['with a default', z.object({ a: z.string().default('x') }), { a: null }, {}],
    ['in an object', z.object({ o: Inner }), { o: { note: null, id: 1 } }, { o: { id: 1 } }],
    [
      'in an optional object',
      z.object({ o: Inner.optional() }),
      { o: { note: null, id: 1 } },
      { o: { id: 1 } },
    ],
    ['an optional object itself', z.object({ o: Inner.optional() }), { o: null }, {}],
    ['in a list', z.object({ l: z.array(Inner) }), { l: [{ note: null, id: 1 }] }, { l: [{ id: 1 }] }],
    ['in a list of lists', z.array(z.array(Inner)), [[{ note: null, id: 1 }]], [[{ id: 1 }]]],
    ['of an enum', z.object({ a: z.enum(['x']).optional() }), { a: null }, {}],
    ['of a union', z.object({ a: z.union([z.string(), Inner]).optional() }), { a: null }, {}],
    ['in a record', z.record(z.string(), Inner), { k: { note: null, id: 1 } }, { k: { id: 1 } }],
    ['in a tuple', z.tuple([z.string(), Inner]), ['', { note: null, id: 1 }], ['', { id: 1 }]],
    ['before a transform', z.object({ a: z.string().transform(Number).optional() }), { a: null }, {}],
  ])('%s', (_, schema, written, meant) => {
    expect(remove(schema, written)).toEqual(meant);
    expect(schema.safeParse(meant).success).toBe(true);
  });
});

describe('keeps all other nulls for the validator (agent-framework 7108):', () => {
  test.each<[string, z.ZodType, JsonValue]>([
    ['of a nullable property', z.object({ a: z.string().nullable() }), { a: null }],
    ['of a nullish property', z.object({ a: z.string().nullish() }), { a: null }],
    [
      'of an optional property whose union has null',
      z.object({ a: z.union([z.string(), z.null()]).optional() }),
      { a: null },
    ],
    ['of an optional property that accepts anything', z.object({ a: z.unknown().optional() }), { a: null }],
    ['of a required property', z.object({ a: z.string() }), { a: null }],
    ['of a property that the schema does not have', z.object({}), { a: null }],
    ['in a list', z.object({ a: z.array(z.string().optional()) }), { a: [null, 'x'] }],
    ['in a record', z.record(z.string(), z.string()), { a: null }],
    ['at the top', z.object({ a: z.string().optional() }), null],
  ])('%s', (_, schema, value) => {
    expect(remove(schema, value)).toEqual(value);
  });

  test('keeps all falsy values', () => {
    const schema = z.object({ n: z.number(), s: z.string(), b: z.boolean() }).partial();
    expect(remove(schema, { n: 0, s: '', b: false })).toEqual({ n: 0, s: '', b: false });
    for (const value of [0, '', false, null]) expect(remove(schema, value)).toBe(value);
  });
});

describe('in a union, uses the branch that fits', () => {
  const Shape = z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('open'), by: z.string().optional(), at: z.number().nullable() }),
    z.object({ kind: z.literal('shut'), by: z.string().nullable(), at: z.number().optional() }),
  ]);

  test('by its discriminator', () => {
    expect(remove(Shape, { kind: 'open', by: null, at: null })).toEqual({ kind: 'open', at: null });
    expect(remove(Shape, { kind: 'shut', by: null, at: null })).toEqual({ kind: 'shut', by: null });
    expect(remove(z.array(Shape), [{ kind: 'shut', by: null, at: null }])).toEqual([
      { kind: 'shut', by: null },
    ]);
  });

  test('by its discriminator, even if no other property fits', () => {
    const schema = z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('a'), note: z.string().nullable() }),
      z.object({ kind: z.literal('b'), note: z.string().optional(), x: z.number(), y: z.number() }),
    ]);
    expect(remove(schema, { kind: 'b', note: null, x: 'no number' })).toEqual({ kind: 'b', x: 'no number' });
  });

  test('by a discriminator inside an object', () => {
    const branch = (kind: string, note: z.ZodType): z.ZodType =>
      z.object({ meta: z.object({ kind: z.literal(kind) }), note });
    const schema = z.union([branch('a', z.string().optional()), branch('b', z.string().nullable())]);
    expect(remove(schema, { meta: { kind: 'a' }, note: null })).toEqual({ meta: { kind: 'a' } });
    expect(remove(schema, { meta: { kind: 'b' }, note: null })).toEqual({ meta: { kind: 'b' }, note: null });
  });

  test('by its properties', () => {
    const schema = z.union([
      z.object({ city: z.string(), note: z.string().nullable() }),
      z.object({ country: z.string(), note: z.string().optional() }),
    ]);
    expect(remove(schema, { country: 'FR', note: null })).toEqual({ country: 'FR' });
    expect(remove(schema, { city: 'Paris', note: null })).toEqual({ city: 'Paris', note: null });
  });

  test('by a property that only one branch requires or declares', () => {
    const requires = z.union([
      z.object({ note: z.string().nullable(), id: z.string() }),
      z.object({ note: z.string().optional() }),
    ]);
    expect(remove(requires, { note: null })).toEqual({});
    const has = z.union([
      z.object({ note: z.string().nullable() }),
      z.object({ note: z.string().optional(), constructor: z.string().optional() }),
    ]);
    expect(remove(has, { note: null, constructor: 'x' })).toEqual({ constructor: 'x' });
  });

  test('by its type', () => {
    const schema = z.object({
      v: z.union([
        z.string(),
        z.array(z.object({ n: z.number().optional() })),
        z.object({ n: z.number().optional() }),
      ]),
    });
    expect(remove(schema, { v: { n: null } })).toEqual({ v: {} });
    expect(remove(schema, { v: [{ n: null }] })).toEqual({ v: [{}] });
    expect(remove(schema, { v: 'n' })).toEqual({ v: 'n' });
  });

  test('and of branches that fit equally, the one that accepts the null', () => {
    const schema = z.union([z.object({ a: z.string().optional() }), z.object({ a: z.number().nullable() })]);
    expect(remove(schema, { a: null })).toEqual({ a: null });
  });
});

describe('follows references', () => {
  const Tree = z.object({
    name: z.string().optional(),
    get children() {
      return z.array(Tree).optional();
    },
  });

  test('of a recursive schema, at every depth', () => {
    const written = { name: null, children: [{ name: 'a', children: [{ name: null, children: null }] }] };
    expect(remove(Tree, written)).toEqual({ children: [{ name: 'a', children: [{}] }] });
  });

  test('to a definition that accepts null', () => {
    const $defs = {
      maybe: { anyOf: [{ $ref: '#/$defs/text' }, { type: 'null' }] },
      text: { type: 'string' },
    };
    const schema = {
      type: 'object',
      properties: { a: { $ref: '#/$defs/maybe' }, b: { $ref: '#/$defs/text' } },
      $defs,
    };
    expect(remove(schema, { a: null, b: null })).toEqual({ a: null });
  });

  test('that lead back from allOf, and stops', () => {
    const schema = { allOf: [{ type: 'object', properties: { a: { type: 'string' } } }, { $ref: '#' }] };
    expect(remove(schema, { a: null, b: [{}] })).toEqual({ b: [{}] });
    expect(remove(schema, [[]])).toEqual([[]]);
  });

  test('that are unknown or circular, and stops', () => {
    const $defs = {
      a: { $ref: '#/$defs/b' },
      b: { $ref: '#/$defs/a' },
      c: { anyOf: [{ $ref: '#/$defs/c' }] },
    };
    for (const name of ['a', 'c', 'missing']) {
      const schema = { type: 'object', properties: { p: { $ref: `#/$defs/${name}` } }, $defs };
      expect(remove(schema, { p: { q: null } })).toEqual({ p: { q: null } });
    }
  });
});

test('reads the parts of allOf as one schema', () => {
  const part = (name: string): JsonObject => ({ type: 'object', properties: { [name]: { type: 'string' } } });
  expect(remove({ allOf: [part('a'), part('b')] }, { a: null, b: null, c: null })).toEqual({ c: null });
});

test('reads a recursive union in linear time, not in exponential time', () => {
  const branch = (kind: string): JsonObject => ({
    type: 'object',
    properties: { kind: { const: kind }, next: { $ref: '#' }, note: { type: 'string' } },
    required: ['kind'],
  });
  const schema = { anyOf: [branch('a'), branch('b'), branch('c')] };
  let written: JsonValue = { kind: 'c', next: null, note: null };
  let meant: JsonValue = { kind: 'c' };
  for (let depth = 0; depth < 100; depth += 1) {
    written = { kind: 'b', next: written, note: null };
    meant = { kind: 'b', next: meant };
  }
  expect(remove(schema, written)).toEqual(meant);
});

test('accepts names that every object inherits', () => {
  const schema: JsonObject = {
    type: 'object',
    properties: { a: { type: 'string' } },
    required: ['constructor'],
  };
  const written = JSON.parse('{"constructor":null,"toString":null,"__proto__":{"polluted":true},"a":null}');
  const meant = remove(schema, written);
  expect(Object.keys(meant as JsonObject)).toEqual(['constructor', 'toString', '__proto__']);
  expect(Object.getPrototypeOf(meant)).toBe(Object.prototype);
});

import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { JsonObject } from '../wire/json.ts';
import { strict, property, fromZod, refusal, object } from '../../test-support/strict-schema.ts';

describe('objects', () => {
  test('closes every object and requires every property, at any depth', () => {
    const point = object({ x: { type: 'number' } }, { required: ['x'] });
    const schema = object({ at: point, path: { type: 'array', items: point } }, { required: ['at', 'path'] });
    const closed = { ...point, additionalProperties: false };
    expect(strict(schema)).toEqual({
      type: 'object',
      properties: { at: closed, path: { type: 'array', items: closed } },
      required: ['at', 'path'],
      additionalProperties: false,
    });
  });

  test('writes an object without properties for a tool without parameters', () => {
    expect(strict(fromZod(z.object({})))).toEqual(object({}, { required: [], additionalProperties: false }));
    expect(strict({ type: 'object', additionalProperties: false })).toEqual(
      object({}, { required: [], additionalProperties: false }),
    );
  });

  test('keeps the order of properties, because the model writes in this order', () => {
    const { properties, required } = strict(
      fromZod(z.object({ b: z.string(), a: z.string().optional(), c: z.string() })),
    );
    expect(Object.keys(properties as JsonObject)).toEqual(['b', 'a', 'c']);
    expect(required).toEqual(['b', 'a', 'c']);
  });

  test('accepts properties with the names of keywords or of prototype members', () => {
    const text = { type: 'string' };
    const names = ['not', 'default', '$schema', 'properties', '$ref', 'constructor', '__proto__'];
    const properties = Object.fromEntries(names.map((name) => [name, text]));
    expect(strict(object(properties, { required: names })).properties).toEqual(properties);
  });
});

describe('optional properties become nullable', () => {
  test.each([
    ['a type, as a list of types', { type: 'string' }, { type: ['string', 'null'] }],
    ['a list of types', { type: ['string', 'number'] }, { type: ['string', 'number', 'null'] }],
    [
      'a list',
      { type: 'array', items: { type: 'string' } },
      { type: ['array', 'null'], items: { type: 'string' } },
    ],
    [
      'an enum, whose constants would refuse null',
      { type: 'string', enum: ['a', 'b'] },
      { anyOf: [{ type: 'string', enum: ['a', 'b'] }, { type: 'null' }] },
    ],
    ['a constant', { const: 3 }, { anyOf: [{ type: 'number', const: 3 }, { type: 'null' }] }],
    [
      'a union, with one more branch',
      { anyOf: [{ type: 'string' }, { type: 'number' }] },
      { anyOf: [{ type: 'string' }, { type: 'number' }, { type: 'null' }] },
    ],
    [
      'an object, in anyOf with null',
      object({}),
      { anyOf: [object({}, { required: [], additionalProperties: false }), { type: 'null' }] },
    ],
  ])('%s', (_, schema, expected) => {
    expect(property(schema)).toEqual(expected);
    const description = 'The purpose.';
    expect(property({ ...schema, description })).toEqual({ ...expected, description });
  });

  test.each([
    ['a type', { type: ['string', 'null'] }],
    ['an enum', { type: ['string', 'null'], enum: ['a', null] }],
    ['null itself', { type: 'null' }],
    ['a union', { anyOf: [{ type: 'string' }, { type: 'null' }] }],
  ])('does not change a schema that accepts null: %s', (_, schema) => {
    expect(property(schema)).toEqual(schema);
  });

  test('but required properties do not', () => {
    expect(property({ type: 'string' }, ['p'])).toEqual({ type: 'string' });
  });

  test('and an optional reference becomes a union with null, unless its target accepts null', () => {
    const $defs = { text: { type: 'string' }, maybe: { type: ['string', 'null'] } };
    const schema = object({ a: { $ref: '#/$defs/text' }, b: { $ref: '#/$defs/maybe' } }, { $defs });
    expect(strict(schema).properties).toEqual({
      a: { anyOf: [{ $ref: '#/$defs/text' }, { type: 'null' }] },
      b: { $ref: '#/$defs/maybe' },
    });
  });
});

describe('unions', () => {
  test('writes a discriminated union as anyOf', () => {
    const shape = z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('circle'), radius: z.number() }),
      z.object({ kind: z.enum(['square', 'rhombus']), side: z.number().optional() }),
    ]);
    const { properties } = strict(fromZod(z.object({ shape })));
    const { shape: written } = properties as Record<string, JsonObject>;
    expect(written).not.toHaveProperty('oneOf');
    expect(written?.anyOf).toMatchObject([
      {
        properties: { kind: { const: 'circle' } },
        required: ['kind', 'radius'],
        additionalProperties: false,
      },
      {
        properties: { side: { type: ['number', 'null'] } },
        required: ['kind', 'side'],
        additionalProperties: false,
      },
    ]);
  });

  const branch = (kind: JsonObject, more: JsonObject = {}): JsonObject =>
    object({ kind, ...more }, { required: ['kind'] });

  test.each<[string, readonly JsonObject[]]>([
    ['their types differ', [{ type: 'string' }, { type: 'number' }, object({})]],
    ['their constants differ', [{ const: 'a' }, { enum: ['b', 'c'] }]],
    [
      'a required property has another type in each',
      [branch({ type: 'string' }), branch({ type: 'number' })],
    ],
    [
      'one is a union whose branches all differ',
      [{ type: 'string' }, { oneOf: [{ type: 'null' }, { const: 1 }] }],
    ],
  ])('writes oneOf as anyOf if %s', (_, oneOf) => {
    expect(property({ oneOf }, ['p'])).toHaveProperty('anyOf');
  });

  test.each<[string, readonly JsonObject[]]>([
    ['an integer is a number', [{ type: 'integer' }, { type: 'number' }]],
    ['constants are shared', [{ enum: ['a', 'b'] }, { enum: ['b', 'c'] }]],
    ['the discriminator is optional', [branch({ const: 'a' }), object({ kind: { const: 'b' } })]],
    ['the objects have no discriminator', [branch({ type: 'string' }), branch({ type: 'string' })]],
    ['both accept null', [{ type: ['string', 'null'] }, { type: ['number', 'null'] }]],
    ['one is an overlapping union', [{ type: 'string' }, { oneOf: [{ type: 'null' }, { const: 'a' }] }]],
  ])('refuses overlapping branches of oneOf: %s', (_, oneOf) => {
    expect(refusal(object({ p: { oneOf } }))).toContain('overlap');
  });

  test('follows branches that are references', () => {
    const $defs = { a: branch({ const: 'a' }), b: branch({ const: 'b' }) };
    const schema = object(
      { p: { oneOf: [{ $ref: '#/$defs/a' }, { $ref: '#/$defs/b' }] } },
      { $defs, required: ['p'] },
    );
    expect(strict(schema).properties).toEqual({
      p: { anyOf: [{ $ref: '#/$defs/a' }, { $ref: '#/$defs/b' }] },
    });
  });

  test('finds a discriminator behind recursive properties', () => {
    const next = { oneOf: ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => ({ $ref: `#/$defs/${name}` })) };
    const node = (kind: string): JsonObject =>
      object({ left: next, right: next, kind: { const: kind } }, { required: ['left', 'right', 'kind'] });
    const $defs = Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => [name, node(name)]));
    expect(strict(object({ p: next }, { $defs, required: ['p'] })).properties).toHaveProperty('p.anyOf');
  });

  test('refuses recursive branches without a discriminator, and stops comparing them', () => {
    const node = (name: string): JsonObject =>
      object({ next: { $ref: `#/$defs/${name}` } }, { required: ['next'] });
    const $defs = { a: node('b'), b: node('a'), c: { anyOf: [{ $ref: '#/$defs/c' }] } };
    for (const [one, other] of [
      ['a', 'b'],
      ['a', 'c'],
    ]) {
      const p = { oneOf: [{ $ref: `#/$defs/${one}` }, { $ref: `#/$defs/${other}` }] };
      expect(refusal(object({ p }, { $defs }))).toContain('overlap');
    }
  });
});

describe('keywords', () => {
  test('removes $schema, default, propertyNames and unknown keywords', () => {
    const schema = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      ...object(
        { p: { type: 'string', default: 'x', examples: ['y'], 'x-note': 1 } },
        { propertyNames: { maxLength: 3 } },
      ),
    };
    expect(strict(schema)).toEqual(
      object({ p: { type: ['string', 'null'] } }, { required: ['p'], additionalProperties: false }),
    );
  });

  test('keeps the keywords that strict mode accepts', () => {
    const kept = [
      { type: 'string', title: 'T', description: 'D', format: 'date-time' },
      { type: 'string', pattern: '^@[a-z]+$' },
      { type: 'number', minimum: 1, maximum: 9, multipleOf: 2 },
      { type: 'integer', exclusiveMinimum: 0, exclusiveMaximum: 10 },
      { type: 'array', items: { type: 'string', enum: ['a'] }, minItems: 1, maxItems: 2 },
      { type: 'string', const: 'a' },
    ];
    for (const schema of kept) expect(property(schema, ['p'])).toEqual(schema);
  });

  test('removes lengths, uniqueness, and formats that the API does not accept', () => {
    expect(property({ type: 'string', minLength: 1, maxLength: 9, format: 'uri' }, ['p'])).toEqual({
      type: 'string',
    });
    expect(property({ type: 'array', items: { type: 'string' }, uniqueItems: true }, ['p'])).toEqual({
      type: 'array',
      items: { type: 'string' },
    });
  });

  test('removes patterns that the API cannot read (vercel/ai 21037)', () => {
    for (const pattern of [
      '^(?!a)',
      'a(?=b)',
      '(?<=a)b',
      String.raw`(a)\1`,
      String.raw`\p{L}+`,
      '(?<name>a)',
    ]) {
      expect(property({ type: 'string', pattern }, ['p'])).toEqual({ type: 'string' });
    }
  });

  test("removes zod's pattern if there is a format (vercel/ai 16021)", () => {
    const schema = fromZod(z.object({ mail: z.email(), day: z.iso.date(), id: z.uuid(), page: z.url() }));
    expect(strict(schema).properties).toEqual({
      mail: { type: 'string', format: 'email' },
      day: { type: 'string', format: 'date' },
      id: { type: 'string', format: 'uuid' },
      page: { type: 'string' },
    });
  });

  test('keeps a string with two checks, which zod writes as allOf, as a string', () => {
    const schema = fromZod(z.object({ p: z.string().startsWith('a').endsWith('b') }));
    expect(strict(schema).properties).toEqual({ p: { type: 'string' } });
  });

  test('replaces allOf of one schema by that schema and keeps the description', () => {
    const schema = { description: 'D', allOf: [{ type: 'string', enum: ['a'] }] };
    expect(property(schema, ['p'])).toEqual({ type: 'string', enum: ['a'], description: 'D' });
    expect(refusal(object({ p: { allOf: [object({}), object({})] } }))).toContain('`allOf`');
    expect(refusal(object({ p: object({ a: {} }, { allOf: [object({ b: {} })] }) }))).toContain('`allOf`');
  });

  test('adds a type that other keywords imply', () => {
    expect(property({ properties: {} }, ['p'])).toEqual(
      object({}, { required: [], additionalProperties: false }),
    );
    expect(property({ items: { type: 'string' } }, ['p'])).toEqual({
      type: 'array',
      items: { type: 'string' },
    });
    expect(property({ enum: ['a', 1, null] }, ['p'])).toEqual({
      type: ['string', 'number', 'null'],
      enum: ['a', 1, null],
    });
  });
});

test('does not change a strict schema', () => {
  const schema = fromZod(
    z.object({
      a: z.string().optional(),
      b: z.enum(['x']).optional().describe('B'),
      c: z.discriminatedUnion('k', [z.object({ k: z.literal(1) }), z.object({ k: z.literal(2) })]).optional(),
    }),
  );
  expect(strict(strict(schema))).toEqual(strict(schema));
});

import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { ConfigurationError } from '../errors/configuration-error.ts';
import { strictViolation } from '../testing/validation/strict-violation.ts';
import { deepFreeze } from '../wire/deep-freeze.ts';
import type { JsonObject } from '../wire/json.ts';
import { jsonCopy } from '../wire/json-copy.ts';
import { toStrictJsonSchema } from './strict-json-schema.ts';

function strict(schema: JsonObject): JsonObject {
  const result = toStrictJsonSchema(deepFreeze(schema), { name: 'search', option: 'parameters' });
  expect(strictViolation(result)).toBeUndefined();
  return result;
}

/** The strict form of one property, optional unless said otherwise. */
function property(schema: JsonObject, required: readonly string[] = []): unknown {
  const { properties } = strict({ type: 'object', properties: { p: schema }, required });
  return (properties as JsonObject).p;
}

function fromZod(schema: z.ZodType): JsonObject {
  const { propertyNames: _, ...copy } = jsonCopy(z.toJSONSchema(schema, { io: 'input' })) as JsonObject;
  return copy;
}

function refusal(schema: JsonObject): string {
  try {
    toStrictJsonSchema(deepFreeze(schema), { name: 'search', option: 'parameters' });
  } catch (error) {
    if (ConfigurationError.isInstance(error)) return error.message;
    throw error;
  }
  return 'accepted';
}

const object = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({
  type: 'object',
  properties,
  ...more,
});

describe('objects', () => {
  test('every object is closed and every property required, at any depth', () => {
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

  test('a tool without parameters has an object without properties', () => {
    expect(strict(fromZod(z.object({})))).toEqual(object({}, { required: [], additionalProperties: false }));
    expect(strict({ type: 'object', additionalProperties: false })).toEqual(
      object({}, { required: [], additionalProperties: false }),
    );
  });

  test('the order of properties is kept: the model writes in this order', () => {
    const { properties, required } = strict(
      fromZod(z.object({ b: z.string(), a: z.string().optional(), c: z.string() })),
    );
    expect(Object.keys(properties as JsonObject)).toEqual(['b', 'a', 'c']);
    expect(required).toEqual(['b', 'a', 'c']);
  });

  test('properties called like keywords or like parts of a prototype are properties', () => {
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
      'an object, beside null',
      object({}),
      { anyOf: [object({}, { required: [], additionalProperties: false }), { type: 'null' }] },
    ],
  ])('%s', (_, schema, expected) => {
    expect(property(schema)).toEqual(expected);
    const description = 'what it is for';
    expect(property({ ...schema, description })).toEqual({ ...expected, description });
  });

  test.each([
    ['a type', { type: ['string', 'null'] }],
    ['an enum', { type: ['string', 'null'], enum: ['a', null] }],
    ['null itself', { type: 'null' }],
    ['a union', { anyOf: [{ type: 'string' }, { type: 'null' }] }],
  ])('what accepts null already is left alone: %s', (_, schema) => {
    expect(property(schema)).toEqual(schema);
  });

  test('required ones stay as they are', () => {
    expect(property({ type: 'string' }, ['p'])).toEqual({ type: 'string' });
  });

  test('an optional reference becomes a choice between it and null, unless what it leads to accepts null', () => {
    const $defs = { text: { type: 'string' }, maybe: { type: ['string', 'null'] } };
    const schema = object({ a: { $ref: '#/$defs/text' }, b: { $ref: '#/$defs/maybe' } }, { $defs });
    expect(strict(schema).properties).toEqual({
      a: { anyOf: [{ $ref: '#/$defs/text' }, { type: 'null' }] },
      b: { $ref: '#/$defs/maybe' },
    });
  });
});

describe('unions', () => {
  test('a discriminated union is written as anyOf', () => {
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
  ])('branches exclude each other when %s', (_, oneOf) => {
    expect(property({ oneOf }, ['p'])).toHaveProperty('anyOf');
  });

  test.each<[string, readonly JsonObject[]]>([
    ['an integer is a number', [{ type: 'integer' }, { type: 'number' }]],
    ['constants are shared', [{ enum: ['a', 'b'] }, { enum: ['b', 'c'] }]],
    ['the discriminator is optional', [branch({ const: 'a' }), object({ kind: { const: 'b' } })]],
    ['nothing tells the objects apart', [branch({ type: 'string' }), branch({ type: 'string' })]],
    ['null is in both', [{ type: ['string', 'null'] }, { type: ['number', 'null'] }]],
    ['one is a union that overlaps', [{ type: 'string' }, { oneOf: [{ type: 'null' }, { const: 'a' }] }]],
  ])('overlapping branches of oneOf are refused: %s', (_, oneOf) => {
    expect(refusal(object({ p: { oneOf } }))).toContain('overlap');
  });

  test('branches by reference are followed', () => {
    const $defs = { a: branch({ const: 'a' }), b: branch({ const: 'b' }) };
    const schema = object(
      { p: { oneOf: [{ $ref: '#/$defs/a' }, { $ref: '#/$defs/b' }] } },
      { $defs, required: ['p'] },
    );
    expect(strict(schema).properties).toEqual({
      p: { anyOf: [{ $ref: '#/$defs/a' }, { $ref: '#/$defs/b' }] },
    });
  });

  test('a discriminator is found behind recursive properties', () => {
    const next = { oneOf: ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => ({ $ref: `#/$defs/${name}` })) };
    const node = (kind: string): JsonObject =>
      object({ left: next, right: next, kind: { const: kind } }, { required: ['left', 'right', 'kind'] });
    const $defs = Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => [name, node(name)]));
    expect(strict(object({ p: next }, { $defs, required: ['p'] })).properties).toHaveProperty('p.anyOf');
  });

  test('recursive branches without a discriminator are refused, not compared for ever', () => {
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
  test('$schema, default, propertyNames and keywords of no meaning are dropped', () => {
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

  test('what strict mode takes is kept', () => {
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

  test("what only narrows and the API refuses is left to the validator: lengths, uniqueness, formats it doesn't know", () => {
    expect(property({ type: 'string', minLength: 1, maxLength: 9, format: 'uri' }, ['p'])).toEqual({
      type: 'string',
    });
    expect(property({ type: 'array', items: { type: 'string' }, uniqueItems: true }, ['p'])).toEqual({
      type: 'array',
      items: { type: 'string' },
    });
  });

  test('patterns that the API cannot read are left out (vercel/ai 21037)', () => {
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

  test("a format stands for zod's pattern beside it (vercel/ai 16021)", () => {
    const schema = fromZod(z.object({ mail: z.email(), day: z.iso.date(), id: z.uuid(), page: z.url() }));
    expect(strict(schema).properties).toEqual({
      mail: { type: 'string', format: 'email' },
      day: { type: 'string', format: 'date' },
      id: { type: 'string', format: 'uuid' },
      page: { type: 'string' },
    });
  });

  test('a string with two checks, which zod writes as allOf, stays a string', () => {
    const schema = fromZod(z.object({ p: z.string().startsWith('a').endsWith('b') }));
    expect(strict(schema).properties).toEqual({ p: { type: 'string' } });
  });

  test('allOf of one schema is that schema, with the description beside it', () => {
    const schema = { description: 'D', allOf: [{ type: 'string', enum: ['a'] }] };
    expect(property(schema, ['p'])).toEqual({ type: 'string', enum: ['a'], description: 'D' });
    expect(refusal(object({ p: { allOf: [object({}), object({})] } }))).toContain('`allOf`');
    expect(refusal(object({ p: object({ a: {} }, { allOf: [object({ b: {} })] }) }))).toContain('`allOf`');
  });

  test('a type is written where other keywords imply it', () => {
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

describe('references', () => {
  test('definitions are made strict, and recursion stays a reference', () => {
    const Category = z.object({
      name: z.string(),
      get children() {
        return z.array(Category).optional();
      },
    });
    const result = strict(fromZod(z.object({ tree: Category })));
    expect(result.properties).toEqual({ tree: { $ref: '#/$defs/__schema0' } });
    expect(result.$defs).toEqual({
      __schema0: object(
        {
          name: { type: 'string' },
          children: { type: ['array', 'null'], items: { $ref: '#/$defs/__schema0' } },
        },
        { required: ['name', 'children'], additionalProperties: false },
      ),
    });
  });

  test('definitions of draft 7 are definitions as well', () => {
    const definitions = { point: object({ x: { type: 'number' } }) };
    const result = strict(object({ at: { $ref: '#/definitions/point' } }, { definitions, required: ['at'] }));
    expect(result).toMatchObject({
      definitions: { point: { required: ['x'], additionalProperties: false } },
    });
  });

  test('a schema that is a reference as a whole has what it leads to at its root', () => {
    const Tree = z
      .object({
        value: z.string(),
        get next() {
          return Tree.optional();
        },
      })
      .meta({ id: 'Tree / of values' });
    const result = strict(fromZod(Tree));
    expect(result).toMatchObject({ type: 'object', required: ['value', 'next'] });
    expect(result.properties).toMatchObject({
      next: { anyOf: [{ $ref: '#/$defs/Tree ~1 of values' }, { type: 'null' }] },
    });
  });

  test('a description beside a reference, which the API refuses, goes beside a union of one', () => {
    const $defs = { text: { type: 'string' } };
    const schema = object(
      { p: { $ref: '#/$defs/text', description: 'D', default: 'x' } },
      { $defs, required: ['p'] },
    );
    expect(strict(schema).properties).toEqual({ p: { description: 'D', anyOf: [{ $ref: '#/$defs/text' }] } });
  });

  test.each([
    ['out of the schema', { $ref: 'https://example.com/schema' }],
    ['to no definition', { $ref: '#/$defs/missing' }],
    ['to what every object inherits', { $ref: '#/$defs/constructor' }],
    ['into a property', { $ref: '#/properties/q' }],
    ['with more structure beside them', { $ref: '#', properties: { a: {} } }],
  ])('references are refused that lead %s', (_, p) => {
    expect(refusal(object({ p, q: { type: 'string' } }, { $defs: {} }))).toContain(
      '`parameters.p` has a `$ref`',
    );
  });
});

describe('what strict mode cannot say is a ConfigurationError that names the place and the way out', () => {
  test.each([
    [
      'a record',
      z.object({ filter: z.object({ labels: z.record(z.string(), z.string()) }) }),
      'filter.labels',
    ],
    ['an open object', z.object({ rows: z.array(z.looseObject({ a: z.string() })) }), 'rows[]'],
    ['an object with a catch-all', z.object({ a: z.object({}).catchall(z.number()) }), 'a'],
    ['anything', z.object({ a: z.unknown() }), 'a'],
    ['a tuple', z.object({ at: z.tuple([z.number(), z.number()]) }), 'at'],
    [
      'a union branch',
      z.object({ a: z.union([z.string(), z.record(z.string(), z.string())]) }),
      'a.anyOf[1]',
    ],
    ['nothing', z.object({ a: z.never() }), 'a'],
  ])('%s', (_, schema, place) => {
    const message = refusal(fromZod(schema));
    expect(message).toContain(`tool "search": \`parameters\` cannot be strict: \`parameters.${place}\` `);
    expect(message).toContain('`strict: false`');
    expect(message).toContain('`{ jsonSchema, validate }`');
  });

  test.each([
    ['an object without properties', { type: 'object' }],
    ['pattern properties', object({}, { patternProperties: { a: { type: 'string' } } })],
    ['unevaluated properties', object({}, { unevaluatedProperties: { type: 'string' } })],
    ['a condition', object({}, { if: { required: ['a'] } })],
    ['dependent properties', object({}, { dependentRequired: { a: ['b'] } })],
    ['a negation', { type: 'string', not: { const: 'a' } }],
    ['a required property that is not declared', object({}, { required: ['a'] })],
    ['a list of anything', { type: 'array' }],
  ])('%s', (_, p) => {
    expect(refusal(object({ p }))).toMatch(/`parameters\.p(\[\])?`/);
  });

  test.each([
    ['a union', { anyOf: [object({}), object({ a: { type: 'string' } })] }],
    ['a union beside properties', object({}, { anyOf: [object({})] })],
    ['a list', { type: 'array', items: { type: 'string' } }],
    ['a text', { type: 'string' }],
    ['nullable', { type: ['object', 'null'], properties: {} }],
  ])('a root that is no object: %s', (_, schema) => {
    expect(refusal(schema)).toContain('must be an object');
  });

  test('of an output the message names the agent, and no option that outputs lack', () => {
    const schema = fromZod(z.object({ a: z.record(z.string(), z.string()) }));
    const subject = { name: 'weather', option: 'output' } as const;
    expect(() => toStrictJsonSchema(schema, subject)).toThrow(
      /^agent "weather": `output`.*`output\.a`(?!.*strict: false)/,
    );
  });
});

test('a strict schema is strict already', () => {
  const schema = fromZod(
    z.object({
      a: z.string().optional(),
      b: z.enum(['x']).optional().describe('B'),
      c: z.discriminatedUnion('k', [z.object({ k: z.literal(1) }), z.object({ k: z.literal(2) })]).optional(),
    }),
  );
  expect(strict(strict(schema))).toEqual(strict(schema));
});

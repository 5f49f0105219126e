import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { toStrictJsonSchema } from './strict-json-schema.ts';
import { strict, fromZod, refusal, object } from '../../test-support/strict-schema.ts';

describe('references', () => {
  test('makes definitions strict and keeps the references of recursive schemas', () => {
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

  test('accepts the definitions of draft 7', () => {
    const definitions = { point: object({ x: { type: 'number' } }) };
    const result = strict(object({ at: { $ref: '#/definitions/point' } }, { definitions, required: ['at'] }));
    expect(result).toMatchObject({
      definitions: { point: { required: ['x'], additionalProperties: false } },
    });
  });

  test('replaces a reference at the root by its definition', () => {
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

  test('moves a description, which the API refuses next to a reference, to a union with one branch', () => {
    const $defs = { text: { type: 'string' } };
    const schema = object(
      { p: { $ref: '#/$defs/text', description: 'D', default: 'x' } },
      { $defs, required: ['p'] },
    );
    expect(strict(schema).properties).toEqual({ p: { description: 'D', anyOf: [{ $ref: '#/$defs/text' }] } });
  });

  test.each([
    ['outside the schema', { $ref: 'https://example.com/schema' }],
    ['to a missing definition', { $ref: '#/$defs/missing' }],
    ['to a property that every object inherits', { $ref: '#/$defs/constructor' }],
    ['into a property', { $ref: '#/properties/q' }],
    ['with other structure next to it', { $ref: '#', properties: { a: {} } }],
  ])('refuses a reference %s', (_, p) => {
    expect(refusal(object({ p, q: { type: 'string' } }, { $defs: {} }))).toContain(
      '`parameters.p` has a `$ref`',
    );
  });
});

describe('throws a ConfigurationError with the place and the solution for', () => {
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
    ['a union with properties', object({}, { anyOf: [object({})] })],
    ['a list', { type: 'array', items: { type: 'string' } }],
    ['a string', { type: 'string' }],
    ['a nullable object', { type: ['object', 'null'], properties: {} }],
  ])('a root that is not an object: %s', (_, schema) => {
    expect(refusal(schema)).toContain('must be an object');
  });

  test('an output, with the name of the agent and without options that outputs do not have', () => {
    const schema = fromZod(z.object({ a: z.record(z.string(), z.string()) }));
    const subject = { name: 'weather', option: 'output' } as const;
    expect(() => toStrictJsonSchema(schema, subject)).toThrow(
      /^agent "weather": `output`.*`output\.a`(?!.*strict: false)/,
    );
  });
});

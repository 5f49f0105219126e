import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { toStrictJsonSchema } from './strict-json-schema.ts';
import { strict, fromZod, refusal, object } from '../../test-support/strict-schema.ts';

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

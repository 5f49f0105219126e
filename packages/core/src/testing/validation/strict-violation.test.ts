import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../wire/json.ts';
import { strictViolation } from './strict-violation.ts';

function closed(properties: JsonObject, more: JsonObject = {}): JsonObject {
  return {
    type: 'object',
    properties,
    required: Object.keys(properties),
    additionalProperties: false,
    ...more,
  };
}

const text = { type: 'string' };

test('a valid schema has no violation', () => {
  const schema = closed(
    {
      city: { type: 'string', description: 'D', pattern: '^[a-z]+$', title: 'T' },
      unit: { type: ['string', 'null'], enum: ['c', 'f', null], default: 'c' },
      at: { type: 'string', format: 'date-time' },
      days: { type: 'integer', minimum: 1, maximum: 9, enum: [1, 2] },
      rows: {
        type: 'array',
        items: { anyOf: [closed({}), { $ref: '#/$defs/a~1b' }, { $ref: '#' }] },
        minItems: 1,
      },
    },
    {
      $defs: { 'a/b': closed({ next: { anyOf: [{ $ref: '#/$defs/a~1b' }, { type: 'null' }] } }) },
      $schema: 'x',
    },
  );
  expect(strictViolation(schema)).toBeUndefined();
});

describe("the API's messages", () => {
  const required =
    "'required' is required to be supplied and to be an array including every key in properties.";

  test.each<[JsonObject, string]>([
    [
      closed({}, { additionalProperties: true }),
      "In context=(), 'additionalProperties' is required to be supplied and to be false.",
    ],
    [
      closed({ p: { type: 'object', properties: {} } }),
      "In context=('properties', 'p'), 'additionalProperties' is required to be supplied and to be false.",
    ],
    [closed({ a: text, b: text }, { required: ['a'] }), `In context=(), ${required} Missing 'b'.`],
    [
      closed({ a: text }, { required: ['a', 'k'] }),
      `In context=(), ${required} Extra required key 'k' supplied.`,
    ],
    [{}, 'In context=(), object schema missing properties.'],
    [{ type: 'object', additionalProperties: false }, 'In context=(), object schema missing properties.'],
    [closed({ l: { type: 'array' } }), "In context=('properties', 'l'), array schema missing items."],
    [closed({ a: {} }), "In context=('properties', 'a'), schema must have a 'type' key."],
    [closed({ a: { const: 1 } }), "In context=('properties', 'a'), schema must have a 'type' key."],
    [closed({ a: { oneOf: [text] } }), "In context=('properties', 'a'), 'oneOf' is not permitted."],
    [
      closed({ a: { type: 'string', minLength: 1 } }),
      "In context=('properties', 'a'), 'minLength' is not permitted.",
    ],
    [
      closed({ a: { type: 'string', format: 'uri' } }),
      "In context=('properties', 'a'), 'uri' is not a valid format.",
    ],
    [
      closed({ a: { type: 'string', pattern: '^(?!a)' } }),
      'regex lookaround is not supported. Found at $.properties.a.pattern.',
    ],
    [
      closed({ a: { type: 'string', enum: ['x', 0] } }),
      "In context=('properties', 'a'), enum value 0 does not validate against {'type': 'string'}.",
    ],
    [
      closed({ l: { type: 'array', items: { anyOf: [text, closed({}, { minProperties: 1 })] } } }),
      "In context=('properties', 'l', 'items', 'anyOf', '1'), 'minProperties' is not permitted.",
    ],
    [
      closed({ a: { $ref: '#/$defs/a', description: 'D' } }, { $defs: { a: text } }),
      "context=('properties', 'a'), $ref cannot have keywords {'description'}.",
    ],
    [
      closed({ a: { $ref: '#/properties/b' }, b: text }),
      "In context=('properties', 'a'), reference can only point to definitions defined at the top level of the schema.",
    ],
    [
      closed({}, { $defs: { a: { type: 'array' } } }),
      "In context=('$defs', 'a'), array schema missing items.",
    ],
    [closed({ "it's": {} }), `In context=('properties', "it's"), schema must have a 'type' key.`],
    [
      { type: 'array', items: text },
      `schema must be a JSON Schema of 'type: "object"', got 'type: "array"'.`,
    ],
    [{ anyOf: [closed({})] }, `schema must be a JSON Schema of 'type: "object"', got 'type: "None"'.`],
    [
      closed({}, { oneOf: [closed({})] }),
      "schema must have type 'object' and not have 'oneOf'/'anyOf'/'allOf'/'enum'/'not' at the top level. Found 'oneOf'.",
    ],
  ])('%j', (schema, message) => {
    expect(strictViolation(schema)?.message).toBe(message);
  });
});

test('the path locates the violation', () => {
  expect(strictViolation(closed({ a: closed({ b: {} }) }))?.path).toEqual([
    'properties',
    'a',
    'properties',
    'b',
  ]);
});

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { LonghaulError } from '../errors/longhaul-error.ts';
import { strictViolation } from '../testing/validation/strict-violation.ts';
import { deepFreeze } from '../wire/deep-freeze.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { removeOptionalNulls } from './remove-optional-nulls.ts';
import { toStrictJsonSchema } from './strict-json-schema.ts';

/** A schema, a value that fits it, and the form in which the model writes that value in strict mode. */
interface Sample {
  readonly schema: JsonObject;
  readonly meant: JsonValue;
  readonly written: JsonValue;
  readonly acceptsNull: boolean;
}

const scalar: fc.Arbitrary<Sample> = fc.oneof(
  fc.string().map((meant) => ({ schema: { type: 'string' }, meant, written: meant, acceptsNull: false })),
  fc.integer().map((meant) => ({ schema: { type: 'integer' }, meant, written: meant, acceptsNull: false })),
  fc.boolean().map((meant) => ({ schema: { type: 'boolean' }, meant, written: meant, acceptsNull: false })),
  fc
    .constantFrom('', 'x')
    .map((meant) => ({ schema: { enum: ['', 'x'] }, meant, written: meant, acceptsNull: false })),
  fc
    .constantFrom(null, 'x')
    .map((meant) => ({ schema: { type: ['string', 'null'] }, meant, written: meant, acceptsNull: true })),
);

const names = fc.constantFrom('a', 'b', 'c', 'default', 'not', 'constructor', '__proto__');

function objectOf(part: fc.Arbitrary<Sample>): fc.Arbitrary<Sample> {
  const property = fc.record({ name: names, part, optional: fc.boolean(), omitted: fc.boolean() });
  return fc.uniqueArray(property, { selector: ({ name }) => name, maxLength: 4 }).map((all) => {
    // In strict mode, a property that accepts null cannot be omitted: null means null.
    const kept = all.map((each) => ({
      ...each,
      omitted: each.omitted && each.optional && !each.part.acceptsNull,
    }));
    return {
      schema: {
        type: 'object',
        properties: Object.fromEntries(kept.map(({ name, part: { schema } }) => [name, schema])),
        required: kept.filter(({ optional }) => !optional).map(({ name }) => name),
      },
      meant: Object.fromEntries(
        kept.filter(({ omitted }) => !omitted).map(({ name, part: { meant } }) => [name, meant]),
      ),
      written: Object.fromEntries(
        kept.map(({ name, omitted, part: { written } }) => [name, omitted ? null : written]),
      ),
      acceptsNull: false,
    };
  });
}

function listOf(part: fc.Arbitrary<Sample>): fc.Arbitrary<Sample> {
  return part.map(({ schema, meant, written }) => ({
    schema: { type: 'array', items: schema },
    meant: [meant, meant],
    written: [written, written],
    acceptsNull: false,
  }));
}

/** A `oneOf` of objects that a constant distinguishes. The value may belong to any branch. */
function unionOf(part: fc.Arbitrary<Sample>): fc.Arbitrary<Sample> {
  const branches = fc.array(objectOf(part), { minLength: 1, maxLength: 3 });
  return fc.tuple(branches, fc.nat()).map(([all, choice]) => {
    const tagged = all.map((branch, index) => {
      const { properties, required } = branch.schema as { properties: JsonObject; required: string[] };
      const kind = { kind: `k${index}` };
      return {
        schema: {
          type: 'object',
          properties: { kind: { const: kind.kind }, ...properties },
          required: ['kind', ...required],
        },
        meant: { ...kind, ...(branch.meant as JsonObject) },
        written: { ...kind, ...(branch.written as JsonObject) },
      };
    });
    const { meant, written } = tagged[choice % tagged.length] ?? { meant: {}, written: {} };
    return { schema: { oneOf: tagged.map(({ schema }) => schema) }, meant, written, acceptsNull: false };
  });
}

function nullableOf(part: fc.Arbitrary<Sample>): fc.Arbitrary<Sample> {
  return fc.tuple(part, fc.boolean()).map(([{ schema, meant, written }, isNull]) => ({
    schema: { anyOf: [schema, { type: 'null' }] },
    meant: isNull ? null : meant,
    written: isNull ? null : written,
    acceptsNull: true,
  }));
}

const { root } = fc.letrec<{ part: Sample; root: Sample }>((tie) => ({
  part: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    objectOf(tie('part')),
    listOf(tie('part')),
    unionOf(tie('part')),
    nullableOf(tie('part')),
  ),
  root: objectOf(tie('part')),
}));

const subject = { name: 'search', option: 'parameters' } as const;
const runs = { numRuns: process.env.LONGHAUL_DEEP === '1' ? 20_000 : 500 };

test('a value is read without the nulls that the model wrote for omitted properties', () => {
  fc.assert(
    fc.property(root, ({ schema, meant, written }) => {
      expect(removeOptionalNulls(deepFreeze(written), deepFreeze(schema))).toEqual(meant);
      expect(removeOptionalNulls(meant, schema)).toEqual(meant);
    }),
    runs,
  );
});

test('a strict schema follows the rules of the API, and does not change when it is made strict again', () => {
  fc.assert(
    fc.property(root, ({ schema }) => {
      const strict = toStrictJsonSchema(deepFreeze(schema), subject);
      expect(strictViolation(strict)).toBeUndefined();
      expect(toStrictJsonSchema(strict, subject)).toEqual(strict);
    }),
    runs,
  );
});

function makeStrict(schema: JsonObject): unknown {
  try {
    return typeof toStrictJsonSchema(schema, subject) === 'object';
  } catch (error) {
    return LonghaulError.isInstance(error) ? error.code : error;
  }
}

test('with any JSON as a schema, both functions return a result or throw a ConfigurationError', () => {
  const keyword = fc.constantFrom(
    'type',
    'properties',
    'items',
    'anyOf',
    'oneOf',
    'allOf',
    '$ref',
    'enum',
    'required',
    '$defs',
    'additionalProperties',
    'const',
  );
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.constantFrom('object', 'array', '#', '#/$defs/a', ['a']),
  );
  const anySchema = fc.letrec((tie) => ({
    node: fc.dictionary(
      keyword,
      fc.oneof({ depthSize: 'small' }, value, tie('node'), fc.array(tie('node'), { maxLength: 2 })),
      { maxKeys: 4 },
    ),
  })).node as fc.Arbitrary<JsonObject>;
  fc.assert(
    fc.property(anySchema, fc.jsonValue(), (schema, json) => {
      removeOptionalNulls(json, schema);
      expect(makeStrict(schema)).toBeOneOf([true, 'configuration']);
    }),
    runs,
  );
});

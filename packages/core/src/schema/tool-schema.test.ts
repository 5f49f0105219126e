import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { JsonObject } from '../wire/json.ts';
import { compileSchema } from './tool-schema.ts';
import { parameters, read, messageOf } from '../../test-support/read-schema.ts';

const anyObject = { jsonSchema: { type: 'object', properties: {}, additionalProperties: true } };

describe('sends and reads a zod schema with', () => {
  test('optionals, defaults and nullish properties', async () => {
    const schema = z.object({
      city: z.string(),
      days: z.number().optional(),
      unit: z.enum(['c', 'f']).default('c'),
      note: z.string().nullish(),
    });
    expect(parameters(schema).wire).toEqual({
      type: 'object',
      properties: {
        city: { type: 'string' },
        days: { type: ['number', 'null'] },
        unit: { anyOf: [{ type: 'string', enum: ['c', 'f'] }, { type: 'null' }] },
        note: { type: ['string', 'null'] },
      },
      required: ['city', 'days', 'unit', 'note'],
      additionalProperties: false,
    });
    expect(await read(schema, { city: 'Paris', days: null, unit: null, note: null })).toEqual({
      ok: true,
      arguments: { city: 'Paris', note: null },
      value: { city: 'Paris', unit: 'c', note: null },
    });
  });

  test('transforms, pipes and codecs: the tool receives the output, and `arguments` has the input', async () => {
    const schema = z.object({
      count: z.string().transform(Number),
      at: z.codec(z.iso.datetime(), z.date(), {
        decode: (text) => new Date(text),
        encode: (date) => date.toISOString(),
      }),
      trimmed: z.string().pipe(z.string().transform((text) => text.trim())),
    });
    const written = { count: '3', at: '2026-11-22T00:00:00Z', trimmed: ' a ' };
    expect(await read(schema, written)).toEqual({
      ok: true,
      arguments: written,
      value: { count: 3, at: new Date('2026-11-22T00:00:00Z'), trimmed: 'a' },
    });
  });

  test('lists of objects, unions and recursion', async () => {
    const Step = z.discriminatedUnion('do', [
      z.object({ do: z.literal('say'), text: z.string(), loud: z.boolean().optional() }),
      z.object({
        do: z.literal('repeat'),
        get steps() {
          return z.array(Step);
        },
        times: z.number().nullable(),
      }),
    ]);
    const say = { do: 'say', text: '', loud: null };
    const result = await read(z.object({ steps: z.array(Step) }), {
      steps: [say, { do: 'repeat', steps: [{ ...say, loud: false }], times: null }],
    });
    expect(result).toMatchObject({
      ok: true,
      value: {
        steps: [
          { do: 'say', text: '' },
          { do: 'repeat', steps: [{ loud: false }], times: null },
        ],
      },
    });
    expect(result).not.toHaveProperty('value.steps[0].loud');
  });

  test('an async refinement, which is awaited', async () => {
    const schema = z.object({ id: z.string().refine(async (id) => id === 'known', 'unknown id') });
    expect(await read(schema, { id: 'known' })).toMatchObject({ ok: true });
    expect(await messageOf(schema, { id: 'x' })).toContain('id: unknown id');
  });
});

describe('without strict mode', () => {
  const schema = z.object({
    labels: z.record(z.string(), z.object({ note: z.string().optional() })),
    propertyNames: z.string().min(1).default('x'),
    point: z.tuple([z.number(), z.number()]),
  });

  test('sends the schema without $schema and propertyNames, which the API refuses (vercel/ai 20621)', () => {
    const { wire, strict } = parameters(schema, false);
    const { $schema: _, ...own } = z.toJSONSchema(schema, { io: 'input' });
    const { labels } = (own as unknown as { properties: { labels: JsonObject } }).properties;
    expect(labels).toHaveProperty('propertyNames');
    const { propertyNames: __, ...sent } = labels;
    expect(wire).toEqual({ ...own, properties: { ...own.properties, labels: sent } });
    expect(strict).toBe(false);
  });

  test('still removes a null for an optional property that does not accept null', async () => {
    expect(
      await read(schema, { labels: { a: { note: null } }, propertyNames: null, point: [0, 0] }, false),
    ).toMatchObject({
      ok: true,
      value: { labels: { a: {} }, propertyNames: 'x', point: [0, 0] },
    });
  });
});

test('freezes the sent schema deeply', () => {
  for (const strict of [true, false]) {
    const { wire } = parameters(z.object({ a: z.object({ b: z.enum(['c']) }) }), strict);
    const { a } = wire.properties as { a: { properties: { b: { enum: string[] } } } };
    expect(() => a.properties.b.enum.push('d')).toThrow(TypeError);
  }
});

describe('read', () => {
  test.each(['', ' \n'])('reads missing arguments as {}: %j', async (raw) => {
    expect(await read(z.object({}), raw)).toEqual({ ok: true, arguments: {}, value: {} });
    expect(await read(z.object({ a: z.string() }), raw)).toMatchObject({ ok: false, arguments: {} });
  });

  test('rejects a missing output', async () => {
    const output = compileSchema(z.object({}), { name: 'weather', option: 'output', strict: true });
    expect(await output.read('')).toMatchObject({
      ok: false,
      message: expect.stringContaining('The output is not valid'),
    });
    expect(await output.read('{}')).toMatchObject({ ok: true });
  });

  test.each([null, 0, false, 'text', []])('passes %j at the top to the validator', async (value) => {
    expect(await read(anyObject, JSON.stringify(value), false)).toEqual({
      ok: true,
      arguments: value,
      value,
    });
    expect(await read(z.object({}), JSON.stringify(value))).toMatchObject({ ok: false, arguments: value });
  });

  test.each(['{"a":', '{a:1}', '{"a":1}}', 'undefined'])(
    'returns a message for invalid or truncated JSON: %s',
    async (raw) => {
      const result = await read(anyObject, raw, false);
      expect(result).toMatchObject({ ok: false, message: expect.stringContaining('Not readable as JSON') });
      expect(result).not.toHaveProperty('arguments');
    },
  );

  test('lists issues with their paths', async () => {
    const schema = z.object({ rows: z.array(z.object({ n: z.number() })), city: z.string() });
    const message = await messageOf(schema, { rows: [{ n: 1 }, { n: 'x' }], city: null });
    expect(message).toMatch(/^Invalid arguments for tool "search":\n- rows\.1\.n: .+\n- city: .+$/);
  });

  test('limits the length of messages', async () => {
    const rows = z.object({ rows: z.array(z.number()) });
    const many = await messageOf(rows, { rows: Array.from({ length: 5000 }, () => 'x') });
    expect(many).toContain('and 4990 more');
    const name = '🚂'.repeat(5000);
    const strict = z.record(z.string(), z.number());
    for (const raw of [{ [name]: 'x' }, `{"${name}`, `"${name}"`]) {
      const message = await messageOf(strict, raw, false);
      expect(message.length).toBeLessThan(2100);
      expect(message.isWellFormed()).toBe(true);
    }
  });

  test.each<[string, string]>([
    ['lists', '['.repeat(100_000) + ']'.repeat(100_000)],
    ['objects', '{"a":'.repeat(50_000) + '1' + '}'.repeat(50_000)],
  ])('returns a message for JSON that is too deep for the stack: %s', async (_, raw) => {
    expect(await messageOf(anyObject, raw, false)).toContain('deeper');
  });

  test('reads a deep value of a recursive schema', async () => {
    const Node = z.object({
      get next() {
        return Node.optional();
      },
    });
    let deep: JsonObject = {};
    for (let depth = 0; depth < 200; depth += 1) deep = { next: deep };
    expect(await read(Node, JSON.stringify(deep).replace('{}', '{"next":null}'))).toMatchObject({
      ok: true,
      value: deep,
    });
  });

  test('rejects a property with the name __proto__ at any depth', async () => {
    for (const raw of ['{"__proto__":{"polluted":1}}', '{"a":[{"__proto__":null}]}']) {
      expect(await messageOf(anyObject, raw, false)).toContain('"__proto__"');
    }
    expect(await read(anyObject, '{"constructor":1}', false)).toMatchObject({
      ok: true,
      value: { constructor: 1 },
    });
    expect({}).not.toHaveProperty('polluted');
  });
});

test('an async check runs once, and its error becomes an issue instead of ending the process', async () => {
  let runs = 0;
  const schema = z.object({
    city: z.string().refine(async () => {
      runs += 1;
      await Promise.resolve();
      throw new Error('The database is away.');
    }),
  });
  expect(await read(schema, '{"city":"Rome"}')).toMatchObject({
    ok: false,
    message: expect.stringContaining('The database is away.'),
  });
  expect(runs).toBe(1);
});

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { shareStructure } from './share-structure.ts';

const json = fc.jsonValue({ maxDepth: 4 });

test('the result equals the new value, and an equal value is the old object', () => {
  fc.assert(
    fc.property(json, json, (before, next) => {
      const copies = [JSON.stringify(before), JSON.stringify(next)];
      expect(shareStructure(before, next)).toEqual(next);
      expect(shareStructure(before, structuredClone(before))).toBe(before);
      expect([before, next].map((value) => JSON.stringify(value))).toEqual(copies);
    }),
  );
});

test('the parts that are equal are the old objects', () => {
  const before = { items: [{ id: 1 }, { id: 2 }], usage: { tokens: 1 } };
  const next = shareStructure(before, { items: [{ id: 1 }, { id: 3 }, { id: 4 }], usage: { tokens: 1 } });
  expect(next.items[0]).toBe(before.items[0]);
  expect(next.items[1]).not.toBe(before.items[1]);
  expect(next.usage).toBe(before.usage);
});

test('a field that is removed, and a field named like an inherited one, make a difference', () => {
  expect(shareStructure({ a: 1, b: 2 }, { a: 1 })).toEqual({ a: 1 });
  const before = JSON.parse('{"a":1}');
  const next = JSON.parse('{"constructor":{"a":1}}');
  expect(JSON.stringify(shareStructure(before, next))).toBe('{"constructor":{"a":1}}');
  expect(JSON.stringify(shareStructure(before, JSON.parse('{"__proto__":{"a":1}}')))).toBe(
    '{"__proto__":{"a":1}}',
  );
});

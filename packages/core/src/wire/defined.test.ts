import { expect, test } from 'vitest';
import { defined } from './defined.ts';

test('omits fields without a value and keeps all others, so that `in` and JSON agree', () => {
  const fields = defined({ a: undefined, b: null, c: 0, d: '', e: false, f: [] });
  expect(fields).toStrictEqual({ b: null, c: 0, d: '', e: false, f: [] });
  expect('a' in fields).toBe(false);
});

test('keeps a field with the name of an object’s built-in property', () => {
  expect(Object.keys(defined(JSON.parse('{"__proto__":1,"toString":2}')))).toEqual(['__proto__', 'toString']);
});

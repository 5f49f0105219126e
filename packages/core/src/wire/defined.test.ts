import { expect, test } from 'vitest';
import { defined } from './defined.ts';

test('fields without a value are not there, those with any other are: `in` and JSON agree', () => {
  const fields = defined({ a: undefined, b: null, c: 0, d: '', e: false, f: [] });
  expect(fields).toStrictEqual({ b: null, c: 0, d: '', e: false, f: [] });
  expect('a' in fields).toBe(false);
});

test('a field may be called as every object has one', () => {
  expect(Object.keys(defined(JSON.parse('{"__proto__":1,"toString":2}')))).toEqual(['__proto__', 'toString']);
});

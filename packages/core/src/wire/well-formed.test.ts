import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { wellFormedCopy } from './well-formed.ts';

const half = '🔥'.slice(0, 1);
const otherHalf = '🔥'.slice(1);

test.each<[name: string, given: unknown, sent: unknown]>([
  ['a first half', `x${half}`, 'x\ufffd'],
  ['a second half', `${otherHalf}x`, '\ufffdx'],
  ['surrogates in the wrong order', otherHalf + half, '\ufffd\ufffd'],
  ['a whole emoji', 'x🔥', 'x🔥'],
  ['text about an escape', 'write \\ud83d for it', 'write \\ud83d for it'],
  ['a key', { [half]: 1 }, { '\ufffd': 1 }],
  ['a nested list', [{ a: [half, 1, null, true] }], [{ a: ['\ufffd', 1, null, true] }]],
])('replaces only lone surrogates, in %s (eliza 18079)', (_name, given, sent) => {
  expect(wellFormedCopy({ given })).toEqual({ given: sent });
});

test('keeps a key `__proto__`', () => {
  const given: object = JSON.parse(`{"__proto__":{"a":"\\ud83d"}}`);
  const copy = wellFormedCopy(given);
  expect(Object.hasOwn(copy, '__proto__')).toBe(true);
  expect(JSON.stringify(copy)).toBe('{"__proto__":{"a":"\ufffd"}}');
});

test('any JSON becomes well-formed, and well-formed JSON is unchanged', () => {
  const text = fc
    .array(fc.constantFrom('a', '\\', 'u', 'd83d', half, otherHalf, '"'))
    .map((parts) => parts.join(''));
  const value = fc.letrec((tie) => ({
    json: fc.oneof(text, fc.integer(), fc.constant(null), tie('list'), tie('object')),
    list: fc.array(tie('json'), { maxLength: 4 }),
    object: fc.dictionary(text, tie('json'), { maxKeys: 4 }),
  })).json;
  fc.assert(
    fc.property(value, (given) => {
      const copy = wellFormedCopy({ given });
      const sent = JSON.stringify(copy);
      expect(sent.isWellFormed() && !/(?<!\\)(\\\\)*\\ud[89a-f]/.test(sent)).toBe(true);
      expect(wellFormedCopy(copy)).toEqual(copy);
    }),
  );
});

test('treats undefined as JSON does', () => {
  const given = { a: undefined, b: [undefined, 1], c: null };
  expect(JSON.stringify(wellFormedCopy(given))).toBe(JSON.stringify(given));
});

test('shares no mutable value with its source', () => {
  const given = { list: [{ a: 1 }] };
  const copy = wellFormedCopy(given);
  expect(copy.list).not.toBe(given.list);
  expect(copy.list[0]).not.toBe(given.list[0]);
});

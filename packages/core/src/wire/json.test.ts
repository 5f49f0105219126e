import { expect, test } from 'vitest';
import { textOf, wordOf } from './json.ts';

test.each([['a'], [' '], ['0']])('returns the text of %j', (text) => {
  expect(textOf(text)).toBe(text);
});

test.each([[''], [undefined], [null], [0], [false], [{}], [['a']]])('returns undefined for %j', (value) => {
  expect(textOf(value)).toBeUndefined();
});

test('reads an object in place of a word as an empty text, even one that cannot be converted to a string', () => {
  const odd: unknown[] = [{}, [], null, JSON.parse('{"toString":1}'), JSON.parse('[{"toString":null}]')];
  expect(odd.map(wordOf)).toEqual(['', '', '', '', '']);
  expect(['x', 5, true, undefined].map(wordOf)).toEqual(['x', '5', 'true', 'undefined']);
});

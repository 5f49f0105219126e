import { expect, test } from 'vitest';
import { textOf, wordOf } from './text-of.ts';

test.each([['a'], [' '], ['0']])('%j says something', (text) => {
  expect(textOf(text)).toBe(text);
});

test.each([[''], [undefined], [null], [0], [false], [{}], [['a']]])('%j says nothing', (value) => {
  expect(textOf(value)).toBeUndefined();
});

test('an object in the place of a word is none, also one that cannot be made a text', () => {
  const odd: unknown[] = [{}, [], null, JSON.parse('{"toString":1}'), JSON.parse('[{"toString":null}]')];
  expect(odd.map(wordOf)).toEqual(['', '', '', '', '']);
  expect(['x', 5, true, undefined].map(wordOf)).toEqual(['x', '5', 'true', 'undefined']);
});

import { expect, test } from 'vitest';
import { textOf } from './text-of.ts';

test.each([['a'], [' '], ['0']])('%j says something', (text) => {
  expect(textOf(text)).toBe(text);
});

test.each([[''], [undefined], [null], [0], [false], [{}], [['a']]])('%j says nothing', (value) => {
  expect(textOf(value)).toBeUndefined();
});

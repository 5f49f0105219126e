import { expect, test } from 'vitest';
import { jsonTokens } from './json-tokens.ts';

const value = { text: 'a "quoted": 1', n: -1.5e3, list: [true, null, 'x\\'], '12': {} };

test('the joined tokens are equal to the printed text', () => {
  const printed = JSON.stringify(value, null, 2);
  expect(
    jsonTokens(printed)
      .map(({ text }) => text)
      .join(''),
  ).toBe(printed);
});

test('distinguishes keys, strings, numbers and words, even if a string looks like a key', () => {
  const kinds = jsonTokens(JSON.stringify(value)).filter(({ kind }) => kind !== 'plain');
  expect(kinds).toEqual([
    { kind: 'key', text: '"12"' },
    { kind: 'key', text: '"text"' },
    { kind: 'string', text: '"a \\"quoted\\": 1"' },
    { kind: 'key', text: '"n"' },
    { kind: 'number', text: '-1500' },
    { kind: 'key', text: '"list"' },
    { kind: 'word', text: 'true' },
    { kind: 'word', text: 'null' },
    { kind: 'string', text: '"x\\\\"' },
  ]);
});

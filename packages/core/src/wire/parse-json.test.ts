import { expect, test } from 'vitest';
import { boundedJson } from './parse-json.ts';

test.each(['1', 'null', '"a"', '[]', '{"a":[1,{"b":null}]}'])('reads %s', (text) => {
  expect(boundedJson(text)).toEqual(JSON.parse(text));
});

test.each([
  ['[', ']'],
  ['{"a":', '}'],
])(
  'accepts 256 levels of %s and rejects any deeper value, which would overflow recursive functions',
  (open, close) => {
    const nested = (depth: number): string => `${open.repeat(depth)}1${close.repeat(depth)}`;
    expect(JSON.stringify(boundedJson(nested(256)))).toBe(nested(256));
    for (const depth of [257, 5_000, 500_000]) expect(() => boundedJson(nested(depth))).toThrow('256 levels');
  },
);

test('finds a deep value behind a long flat one', () => {
  const long = `[${'1,'.repeat(5_000)}${'['.repeat(300)}${']'.repeat(300)}]`;
  expect(() => boundedJson(long)).toThrow('nested deeper');
  expect(boundedJson(`[${'[],'.repeat(5_000)}1]`)).toHaveLength(5_001);
});

test('throws for invalid JSON', () => {
  expect(() => boundedJson('<html>')).toThrow(SyntaxError);
});

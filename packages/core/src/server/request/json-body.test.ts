import { describe, expect, test, vi } from 'vitest';
import { Refusal } from '../refusal.ts';
import { parseJsonBody } from './json-body.ts';

function refusal(text: string): Refusal {
  try {
    parseJsonBody(text);
  } catch (error) {
    if (error instanceof Refusal) return error;
  }
  throw new Error('The body was accepted.');
}

test('reads an object', () => {
  expect(parseJsonBody('{"model":"m","input":[{"role":"user"}]}')).toEqual({
    model: 'm',
    input: [{ role: 'user' }],
  });
});

test.each(['', '{', 'null', '[]', '"text"', '1', '{}{}', '{"a":NaN}', "{'a':1}"])('refuses %s', (text) => {
  expect(refusal(text).status).toBe(400);
});

test('refuses more than 64 levels of nesting', () => {
  const bomb = `{"input":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
  expect(refusal(bomb).message).toContain('nested deeper');
  const objects = `${'{"a":'.repeat(65)}1${'}'.repeat(65)}`;
  expect(refusal(objects).message).toContain('nested deeper');
  expect(() => parseJsonBody(`${'{"a":'.repeat(64)}1${'}'.repeat(64)}`)).not.toThrow();
});

test('refuses keys that would change the prototype of a copy, at any depth', () => {
  expect(refusal('{"__proto__":{"model":"m"}}').status).toBe(400);
  expect(refusal('{"input":[{"content":[{"__proto__":{"file_id":"file-1"}}]}]}').status).toBe(400);
  // The escape spells the same key.
  expect(refusal('{"\\u005f_proto__":{}}').status).toBe(400);
  expect(({} as { model?: string }).model).toBeUndefined();
});

/** The bounds limit the cost of parsing: a body over a bound is refused before it is parsed. */
describe('refuses a body of many small parts before it is parsed (attack: 400,000 keys)', () => {
  const list = (count: number, part: (index: number) => string): string =>
    Array.from({ length: count }, (_, index) => part(index)).join(',');

  test.each([
    ['one item with 400,000 keys', `{"input":[{${list(400_000, (index) => `"k${index}":1`)}}]}`],
    ['an array of 400,000 numbers', `{"input":[${list(400_000, () => '1')}]}`],
    ['400,000 empty objects', `{"input":[${list(400_000, () => '{}')}]}`],
    ['400,000 empty strings', `{"input":[${list(400_000, () => '""')}]}`],
    ['an object with more keys than the API uses', `{"a":{${list(6_000, (index) => `"${index}":0`)}}}`],
    ['the same with spaces and escapes', `{ "a" : { ${list(6_000, (index) => ` "\\"${index}" : null `)} } }`],
    ['a key of megabytes', `{"${'k'.repeat(1_000_000)}":1}`],
  ])('%s', (_, text) => {
    const parse = vi.spyOn(JSON, 'parse');
    expect(refusal(text)).toMatchObject({ status: 400, code: 'invalid_json' });
    expect(parse).not.toHaveBeenCalled();
    parse.mockRestore();
  });
});

test('accepts the body of a long conversation, and brackets in its strings', () => {
  const item = {
    type: 'message',
    role: 'user',
    content: [{ type: 'input_text', text: '{"a":[1,2,{}]},:"' }],
  };
  const body = { model: 'm', input: Array.from({ length: 5_000 }, () => item) };
  expect(parseJsonBody(JSON.stringify(body))).toEqual(body);
  const properties = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`p${index}`, {}]));
  expect(parseJsonBody(JSON.stringify({ properties }))).toEqual({ properties });
});

test('accepts a string of megabytes, such as an image', () => {
  const text = `{"input":"${'x'.repeat(3_000_000)}\\\\"}`;
  expect(String(parseJsonBody(text)['input'])).toHaveLength(3_000_001);
});

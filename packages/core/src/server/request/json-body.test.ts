import { expect, test } from 'vitest';
import { Refusal } from '../refusal.ts';
import { parseJsonBody } from './json-body.ts';

function refusal(text: string): Refusal {
  try {
    parseJsonBody(text);
  } catch (error) {
    if (error instanceof Refusal) return error;
  }
  throw new Error('The body was taken.');
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

test('refuses a depth bomb, before anything walks or writes it', () => {
  const bomb = `{"input":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
  expect(refusal(bomb).message).toContain('nested deeper');
  const objects = `${'{"a":'.repeat(65)}1${'}'.repeat(65)}`;
  expect(refusal(objects).message).toContain('nested deeper');
  expect(() => parseJsonBody(`${'{"a":'.repeat(64)}1${'}'.repeat(64)}`)).not.toThrow();
});

test('refuses keys that would change the prototype of a copy, wherever they stand', () => {
  expect(refusal('{"__proto__":{"model":"m"}}').status).toBe(400);
  expect(refusal('{"input":[{"content":[{"__proto__":{"file_id":"file-1"}}]}]}').status).toBe(400);
  // By its escape it is the same key.
  expect(refusal('{"\\u005f_proto__":{}}').status).toBe(400);
  expect(({} as { model?: string }).model).toBeUndefined();
});

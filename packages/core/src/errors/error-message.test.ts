import { expect, test } from 'vitest';
import { errorMessage } from './error-message.ts';

class Silent extends Error {
  override readonly name = 'Silent';
}

class Trap extends Error {
  override get message(): string {
    throw new Error('sprung');
  }
}

/** Clients assign a server's answer to `message`, so it may be any value. */
function saying(message: unknown): Error {
  const error = new Error('');
  Reflect.set(error, 'message', message);
  return error;
}

const circle: { self?: unknown } = {};
circle.self = circle;

test.each<[string, unknown, string]>([
  ['an error', new Error('No such city.'), 'No such city.'],
  ['an error without a message by its name', new Silent(''), 'Silent'],
  ['an abort', new DOMException('The user left.', 'AbortError'), 'The user left.'],
  ['an object with a message', { message: 'Busy.' }, 'Busy.'],
  ['a string', 'Busy.', 'Busy.'],
  ['an object', { code: 5 }, '{"code":5}'],
  ['undefined', undefined, 'undefined'],
  ['null', null, 'null'],
  ['a symbol', Symbol('busy'), 'Symbol(busy)'],
  ['an error whose message is an object', saying({ detail: 'No.' }), '{"detail":"No."}'],
  ['an error whose message is a number', saying(5), '5'],
  ['an error whose message is a symbol', saying(Symbol('no')), 'Symbol(no)'],
  ['a circle', circle, 'an unprintable value was thrown'],
  ['an error that throws when it is read', new Trap(), 'an unprintable value was thrown'],
])('describes %s', (_name, thrown, message) => {
  expect(errorMessage(thrown)).toBe(message);
});

test('truncates a long message without dividing a character', () => {
  const message = errorMessage(new Error('🏃'.repeat(4_000).slice(1)));
  expect(message).toHaveLength(4_001);
  expect(message.endsWith('…')).toBe(true);
  expect(message.isWellFormed()).toBe(true);
});

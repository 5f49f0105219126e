import { describe, expect, test } from 'vitest';
import { mustBe, mustBeJson, mustBeOptions } from './must-be.ts';

interface Options {
  readonly name?: string;
  readonly act?: () => void;
  readonly quick?: boolean;
  readonly delayMs?: number;
  readonly anything?: unknown;
  readonly mode?: 'fast' | 'slow';
}

/** Checks options whose types may be wrong, as in JavaScript. */
function check(options: unknown, group?: string): () => void {
  const kinds = {
    name: 'string',
    act: 'function',
    quick: 'boolean',
    delayMs: 'number',
    anything: 'any',
    mode: ['fast', 'slow'],
  };
  return () => Reflect.apply(mustBeOptions<Options>, undefined, [options, 'make', kinds, group]);
}

test('the error names the owner, the option and the valid values', () => {
  expect(() => mustBe(false, 'tool "t"', 'name', 'a word')).toThrow(
    expect.objectContaining({
      code: 'configuration',
      option: 'name',
      message: 'tool "t": `name` must be a word.',
    }),
  );
  expect(() => mustBe(true, 'tool "t"', 'name', 'a word')).not.toThrow();
});

describe('options', () => {
  test.each([
    [{}],
    [{ name: '', act: () => undefined, quick: false, delayMs: 0.5, anything: null, mode: 'slow' }],
    [{ name: undefined, unknown: undefined }],
    [Object.create({ inherited: true })],
  ])('accepts %o', (options) => {
    expect(check(options)).not.toThrow();
  });

  test.each([
    ['options', undefined, 'an object'],
    ['options', null, 'an object'],
    ['options', 'fast', 'an object'],
    ['name', { name: 5 }, 'a string'],
    ['act', { act: 'now' }, 'a function'],
    ['quick', { quick: 'yes' }, 'a boolean'],
    ['quick', { quick: null }, 'a boolean'],
    ['delayMs', { delayMs: '5' }, 'a finite number above 0'],
    ['delayMs', { delayMs: 0 }, 'a finite number above 0'],
    ['delayMs', { delayMs: Number.NaN }, 'a finite number above 0'],
    ['delayMs', { delayMs: Number.POSITIVE_INFINITY }, 'a finite number above 0'],
    ['mode', { mode: 'quick' }, 'one of fast, slow'],
    ['delay', { delay: 5 }, 'one of these options: name, act, quick, delayMs, anything, mode'],
    [
      'toString',
      { toString: (): string => '' },
      'one of these options: name, act, quick, delayMs, anything, mode',
    ],
  ])('`%s` of %o must be %s', (option, options, what) => {
    expect(check(options)).toThrow(
      expect.objectContaining({ option, message: `make: \`${option}\` must be ${what}.` }),
    );
  });

  test('names options within an option by their path', () => {
    expect(check({ delay: 5 }, 'polling')).toThrow(expect.objectContaining({ option: 'polling.delay' }));
    expect(check(5, 'polling')).toThrow(expect.objectContaining({ option: 'polling' }));
  });
});

test('copies a value for JSON, and rejects values that JSON cannot represent', () => {
  const given = { a: [1, { b: 2 }] };
  const copy = mustBeJson<typeof given>(given, 'start', 'input');
  expect(copy).toEqual(given);
  expect(copy.a).not.toBe(given.a);
  const circle: { self?: unknown } = {};
  circle.self = circle;
  for (const bad of [circle, 1n, { deep: [1n] }, () => 'late', undefined]) {
    expect(() => mustBeJson(bad, 'start', 'input')).toThrow(
      expect.objectContaining({ code: 'configuration', option: 'input' }),
    );
  }
});

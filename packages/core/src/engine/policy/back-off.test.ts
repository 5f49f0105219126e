import { describe, expect, test } from 'vitest';
import { backOff } from './back-off.ts';

describe('back-off', () => {
  test('doubles from try to try, up to its ceiling', () => {
    expect([1, 2, 3, 4, 7, 8, 100].map((tries) => backOff(tries, 0))).toEqual([
      500, 1_000, 2_000, 4_000, 30_000, 30_000, 30_000,
    ]);
  });

  test('is shaved by up to a quarter, so that many runs do not try in step', () => {
    expect(backOff(1, 1)).toBe(375);
    expect(backOff(100, 1)).toBe(22_500);
  });

  test('takes another beginning and ceiling', () => {
    expect(backOff(2, 0, 200, 300)).toBe(300);
  });
});

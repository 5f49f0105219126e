import { describe, expect, test } from 'vitest';
import { backOff, pauseAfter, serverDelay } from './retry-delay.ts';

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

test.each([1e12, 3_600_001, Number.MAX_VALUE])('a server may ask for an hour at most, not %d ms', (asked) => {
  expect(serverDelay(asked)).toBe(3_600_000);
  expect(pauseAfter(asked, 500)).toBe(3_600_000);
});

test.each([
  [0, 500, 500],
  [1, 500, 500],
  [undefined, 500, 500],
  [700, 500, 700],
])('asked for %s ms and with an own pause of %d ms, the larger counts', (asked, own, pause) => {
  expect(pauseAfter(asked, own)).toBe(pause);
});

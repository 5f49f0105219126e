import { describe, expect, test } from 'vitest';
import { backOff, pauseAfter, serverDelay } from './retry-delay.ts';

describe('backOff', () => {
  test('doubles with each retry, up to its maximum', () => {
    expect([1, 2, 3, 4, 7, 8, 100].map((tries) => backOff(tries, 0))).toEqual([
      500, 1_000, 2_000, 4_000, 30_000, 30_000, 30_000,
    ]);
  });

  test('is reduced by up to a quarter, so that many runs do not retry at the same time', () => {
    expect(backOff(1, 1)).toBe(375);
    expect(backOff(100, 1)).toBe(22_500);
  });

  test('accepts another first delay and maximum', () => {
    expect(backOff(2, 0, 200, 300)).toBe(300);
  });
});

test.each([1e12, 3_600_001, Number.MAX_VALUE])('serverDelay limits %d ms to an hour', (asked) => {
  expect(serverDelay(asked)).toBe(3_600_000);
  expect(pauseAfter(asked, 500)).toBe(3_600_000);
});

test.each([
  [0, 500, 500],
  [1, 500, 500],
  [undefined, 500, 500],
  [700, 500, 700],
])(
  'with %s ms from the server and a back-off of %d ms, pauseAfter returns the larger',
  (asked, own, pause) => {
    expect(pauseAfter(asked, own)).toBe(pause);
  },
);

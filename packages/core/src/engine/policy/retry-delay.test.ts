import { describe, expect, test } from 'vitest';
import { backOff, pauseAfter, serverDelay, statedDelayMs } from './retry-delay.ts';

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

test.each([
  ['Rate limit reached for gpt-6 (TPM): Limit 30000. Please try again in 22s. Visit https://x.', 22_000],
  ['Please try again in 1m30s.', 90_000],
  ['Please try again in 1m30.5s.', 90_500],
  ['Please try again in 6m0s.', 360_000],
  ['Please try again in 250ms.', 250],
  ['Please try again in 1.337s.', 1_337],
  ['Try again in 20 seconds.', 20_000],
  ['please retry after 2 minutes', 120_000],
  ['Please wait for 1 hour 5 minutes', 3_900_000],
  ['You can retry your request in about 3 seconds', 3_000],
  ['RETRY AFTER 7 SECS', 7_000],
])('a message states its delay: %s (codex 2131)', (message, ms) => {
  expect(statedDelayMs(message)).toBe(ms);
});

test.each([
  '',
  'Rate limit reached.',
  'Please try again later.',
  'Please try again in a moment.',
  'Used 22s of audio.',
  'Requests in 1m: 500.',
  'Try again in 5 parsecs.',
])('a message states none: %s', (message) => {
  expect(statedDelayMs(message)).toBeUndefined();
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

import { describe, expect, test } from 'vitest';
import { pollDelay } from './poll-delay.ts';

const options = { minMs: 1_000, maxMs: 30_000, fraction: 0.05 };

describe('the delay until the next poll', () => {
  test.each([
    ['the minimum at first', 0, 1_000],
    ['the minimum while the fraction is below it', 10_000, 1_000],
    ['a fraction of the time waited so far', 100_000, 5_000],
    ['the maximum in the end', 3_600_000, 30_000],
  ])('is %s', (_name, waitedMs, expected) => {
    expect(pollDelay(options, waitedMs, 0.5)).toBe(expected);
  });

  test('has at most 20 % of jitter in total, within the minimum and the maximum', () => {
    expect(pollDelay(options, 200_000, 0)).toBeCloseTo(9_000);
    expect(pollDelay(options, 200_000, 1)).toBeCloseTo(11_000);
    expect(pollDelay(options, 20_000, 0)).toBe(1_000);
    expect(pollDelay(options, 600_000, 1)).toBe(30_000);
  });

  test('delays a result by at most a few percent, and polls a job of an hour about 190 times', () => {
    const polls: number[] = [];
    for (let waited = 0; waited < 3_600_000; ) {
      const delay = pollDelay(options, waited, 0.5);
      expect(delay).toBeLessThanOrEqual(Math.max(1_000, waited * 0.05));
      waited += delay;
      polls.push(waited);
    }
    expect(polls.length).toBeLessThan(200);
    // Until the maximum delay, at ten minutes, the number of polls grows with the logarithm of the wait.
    expect(polls.filter((at) => at < 600_000).length).toBeLessThan(100);
  });
});

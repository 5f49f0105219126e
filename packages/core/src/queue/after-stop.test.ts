import { expect, test } from 'vitest';
import { waitForAgent } from './after-stop.ts';

test('a run whose agent a worker does not have is tried again after a second, and then after twice the time', () => {
  let savedMs = 0;
  const waits = Array.from({ length: 8 }, () => {
    const waitMs = waitForAgent(savedMs);
    savedMs += waitMs;
    return waitMs;
  });
  expect(waits).toEqual([1_000, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000]);
});

test('a clock that is behind the last save does not shorten the delay', () => {
  expect(waitForAgent(-5_000)).toBe(1_000);
});

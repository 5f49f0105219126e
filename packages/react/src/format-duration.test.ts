import { expect, test } from 'vitest';
import { formatDuration } from './format-duration.ts';

test.each([
  [0, '0:00'],
  [999, '0:01'],
  [59_400, '0:59'],
  [59_600, '1:00'],
  [65_000, '1:05'],
  [3_599_000, '59:59'],
  [3_661_000, '1:01:01'],
  [90_000_000, '25:00:00'],
  [-5, '0:00'],
])('%i ms is formatted as %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

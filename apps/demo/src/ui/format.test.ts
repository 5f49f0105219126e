import { expect, test } from 'vitest';
import { formatAgo, formatDuration, shortId } from './format.ts';

test.each([
  [0, '0 ms'],
  [-5, '0 ms'],
  [840, '840 ms'],
  [3_249, '3.2 s'],
  [245_000, '4 min 05 s'],
  [7_800_000, '2 h 10 min'],
])('a duration of %i ms is written %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test('formats a time relative to now', () => {
  const now = Date.UTC(2026, 10, 12, 12);
  expect(formatAgo(now - 30_000, now)).toBe('just now');
  expect(formatAgo(now - 4 * 60_000, now)).toBe('4 min ago');
  expect(formatAgo(now - 3 * 3_600_000, now)).toBe('3 h ago');
});

test('a long id keeps its start and its end', () => {
  expect(shortId('resp_0123456789abcdef0123456789')).toBe('resp_0123…456789');
  expect(shortId('resp_1')).toBe('resp_1');
});

import { expect, test } from 'vitest';
import { axisTicks } from './axis-ticks.ts';

test('ticks are at round times, and a label that does not fit is empty', () => {
  expect(axisTicks(9_300, 5).map(({ label }) => label)).toEqual(['0 s', '2 s', '4 s', '6 s', '8 s']);
  expect(axisTicks(95_000, 5).map(({ label }) => label)).toEqual(['0 s', '30 s', '1:00', '']);
  expect(axisTicks(5 * 3_600_000, 5).map(({ label }) => label)).toEqual([
    '0 s',
    '1 h',
    '2 h',
    '3 h',
    '4 h',
    '',
  ]);
});

test.each([1, 80, 999, 12_345, 3_599_999, 1e9])(
  'an axis of %i ms has a tick at 0 and at most seven ticks',
  (length) => {
    const ticks = axisTicks(length, 6);
    expect(ticks[0]).toMatchObject({ at: 0 });
    expect(ticks.length).toBeLessThanOrEqual(7);
  },
);

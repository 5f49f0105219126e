import { expect, test } from 'vitest';
import { countRun } from './counted-run.ts';

/** More than the digits of longer numbers come to, less than one byte a leg would. */
const digits = 128;

test('a leg sends and saves as much at the end of 200 legs as at the beginning, but for longer numbers (I7)', async () => {
  const { legs } = await countRun(200);
  const early = legs[1];
  const late = legs[198];
  expect(late?.saves).toBe(early?.saves);
  expect(late?.sent).toBeLessThan((early?.sent ?? 0) + digits);
  expect(late?.saved).toBeLessThan((early?.saved ?? 0) + digits);
  expect(late?.head).toBeLessThan((early?.head ?? 0) + digits);
});

test('what a leg saves at the end of 200 legs is longer by the digits of its numbers, and by no other byte (I7)', async () => {
  const { legs } = await countRun(200);
  expect(legs[1]?.savedWithoutNumbers).toBeGreaterThan(5_000);
  expect(legs[198]?.savedWithoutNumbers).toBe(legs[1]?.savedWithoutNumbers);
});

test('a leg with one call is saved three times: before and after the create, and before the tool', async () => {
  const { legs } = await countRun(3);
  expect(legs.map(({ saves }) => saves)).toEqual([3, 3, 2]);
});

test('what a run sends, saves and is remembered by grows with its legs and no faster', async () => {
  const hundred = await countRun(100);
  const two = await countRun(200);
  for (const part of ['sent', 'saved', 'snapshot'] as const) {
    expect(two[part] / hundred[part]).toBeGreaterThan(1.9);
    expect(two[part] / hundred[part]).toBeLessThan(2.02);
  }
});

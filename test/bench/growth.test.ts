import { expect, test } from 'vitest';
import { countRun } from './counted-run.ts';

/** More than the digits of longer numbers come to, less than one byte an iteration would. */
const digits = 128;

test('an iteration sends and saves as much at the end of 200 iterations as at the beginning, but for longer numbers (I7)', async () => {
  const { iterations } = await countRun(200);
  const early = iterations[1];
  const late = iterations[198];
  expect(late?.saves).toBe(early?.saves);
  expect(late?.sent).toBeLessThan((early?.sent ?? 0) + digits);
  expect(late?.saved).toBeLessThan((early?.saved ?? 0) + digits);
  expect(late?.head).toBeLessThan((early?.head ?? 0) + digits);
});

test('what an iteration saves at the end of 200 iterations is longer by the digits of its numbers, and by no other byte (I7)', async () => {
  const { iterations } = await countRun(200);
  expect(iterations[1]?.savedWithoutNumbers).toBeGreaterThan(5_000);
  expect(iterations[198]?.savedWithoutNumbers).toBe(iterations[1]?.savedWithoutNumbers);
});

test('an iteration with one call is saved three times: before and after the create, and before the tool', async () => {
  const { iterations } = await countRun(3);
  expect(iterations.map(({ saves }) => saves)).toEqual([3, 3, 2]);
});

test('what a run sends, saves and is remembered by grows with its iterations and no faster', async () => {
  const hundred = await countRun(100);
  const two = await countRun(200);
  for (const part of ['sent', 'saved', 'snapshot'] as const) {
    expect(two[part] / hundred[part]).toBeGreaterThan(1.9);
    expect(two[part] / hundred[part]).toBeLessThan(2.02);
  }
});

import { expect, test } from 'vitest';
import { countRun } from './counted-run.ts';

/** The allowed difference in bytes, for the digits of larger numbers. It is less than one byte per iteration. */
const digits = 128;

test('iteration 199 sends and saves as many bytes as iteration 2, except for digits (I7)', async () => {
  const { iterations } = await countRun(200);
  const early = iterations[1];
  const late = iterations[198];
  expect(late?.saves).toBe(early?.saves);
  expect(late?.sent).toBeLessThan((early?.sent ?? 0) + digits);
  expect(late?.saved).toBeLessThan((early?.saved ?? 0) + digits);
  expect(late?.head).toBeLessThan((early?.head ?? 0) + digits);
});

test('without numbers, iteration 199 saves exactly as many bytes as iteration 2 (I7)', async () => {
  const { iterations } = await countRun(200);
  expect(iterations[1]?.savedWithoutNumbers).toBeGreaterThan(5_000);
  expect(iterations[198]?.savedWithoutNumbers).toBe(iterations[1]?.savedWithoutNumbers);
});

test('an iteration with one call has three saves: before and after the create, and before the tool', async () => {
  const { iterations } = await countRun(3);
  expect(iterations.map(({ saves }) => saves)).toEqual([3, 3, 2]);
});

test('the sent bytes, the saved bytes and the snapshot of a run grow linearly with its iterations', async () => {
  const hundred = await countRun(100);
  const two = await countRun(200);
  for (const part of ['sent', 'saved', 'snapshot'] as const) {
    expect(two[part] / hundred[part]).toBeGreaterThan(1.9);
    expect(two[part] / hundred[part]).toBeLessThan(2.02);
  }
});

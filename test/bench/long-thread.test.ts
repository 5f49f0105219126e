import { expect, test } from 'vitest';
import { longThread, threadId } from './long-thread.ts';

/** The allowed difference in bytes, for the digits of larger numbers and times. */
const digits = 100;

test('a turn after 60 turns reads, writes and commits as much as one after 6', async () => {
  const [short, long] = [await longThread(6), await longThread(60)];
  const [early, late] = [await short.turn(), await long.turn()];
  expect(early.read).toBeGreaterThan(40_000);
  expect(late.commits).toBe(early.commits);
  expect(Math.abs(late.read - early.read)).toBeLessThan(digits);
  expect(Math.abs(late.written - early.written)).toBeLessThan(digits);
});

test('the list of a thread’s runs has at most 300 bytes for each run', async () => {
  const { runner, cost } = await longThread(30);
  cost.read = 0;
  expect(await runner.listThreadRuns(threadId)).toHaveLength(30);
  expect(cost.read / 30).toBeLessThan(300);
});

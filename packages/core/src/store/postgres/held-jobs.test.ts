import { expect, test } from 'vitest';
import { holdJobs } from './held-jobs.ts';
import type { RenewalThread } from './renewal-thread.ts';

test('two workers on one store do not replace the jobs of each other in the thread', () => {
  const held = new Map<string, unknown>();
  const thread: RenewalThread = {
    renewed: ({ key, values }) => void held.set(key, values[1]),
    close: async () => undefined,
  };
  const queue = { table: 'job', queue: 'longhaul' };
  for (const [worker, id] of [
    ['one', 'a'],
    ['two', 'b'],
    ['one', 'c'],
  ] as const)
    holdJobs(thread, worker, queue, [{ id, retryCount: 0 }]);
  expect([...held.values()]).toEqual([['c'], ['b']]);
});

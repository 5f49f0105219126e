import { expect, test } from 'vitest';
import { failedTasks } from './turbo-summary.ts';

test('names the tasks that ran and failed, not those that were skipped because of them', () => {
  const tasks = [
    { taskId: '//#check:lint', execution: { exitCode: 1 } },
    { taskId: '//#check:format', execution: { exitCode: 0 } },
    { taskId: '@longhaul/core#build', execution: { exitCode: null, error: 'spawn failed' } },
    { taskId: '@longhaul/core#check:publint', execution: null },
    { taskId: '@longhaul/react#build' },
  ];
  expect(failedTasks({ tasks })).toEqual(['//#check:lint', '@longhaul/core#build']);
});

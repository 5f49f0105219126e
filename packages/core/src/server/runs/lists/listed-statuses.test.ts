import { expect, test } from 'vitest';
import { ListedStatuses } from './listed-statuses.ts';

const one = { runId: 'one', status: 'queued' } as const;
const two = { runId: 'two', status: 'completed' } as const;

test('the first query is not a change, and each difference after it is one', () => {
  const list = new ListedStatuses();
  expect(list.replace([two, one])).toBe(false);
  expect(list.replace([two, one])).toBe(false);
  expect(list.replace([two, { ...one, status: 'in_progress' }])).toBe(true);
  expect(list.replace([two])).toBe(true);
  expect(list.replace([one, two])).toBe(true);
});

test('a change that this process has seen is not a change for the next query', () => {
  const list = new ListedStatuses();
  list.replace([one]);
  expect(list.record('one', 'completed')).toBe(true);
  expect(list.record('one', 'completed')).toBe(false);
  expect(list.record('two', 'completed')).toBe(true);
  expect(list.replace([two, { ...one, status: 'completed' }])).toBe(false);
});

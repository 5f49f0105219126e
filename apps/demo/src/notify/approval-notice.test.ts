import { expect, test } from 'vitest';
import { newlyWaiting } from './approval-notice.ts';

test('a conversation is announced once, when it begins to wait', () => {
  const a = { threadId: 'a', title: 'A', status: 'in_progress' } as const;
  const waits = { ...a, status: 'requires_action' } as const;
  expect(newlyWaiting([a], [waits])).toEqual([waits]);
  expect(newlyWaiting([waits], [waits])).toEqual([]);
  expect(newlyWaiting([], [waits])).toEqual([waits]);
  expect(newlyWaiting(undefined, [waits])).toEqual([]);
  expect(newlyWaiting([waits], [{ ...waits, status: 'completed' }])).toEqual([]);
});

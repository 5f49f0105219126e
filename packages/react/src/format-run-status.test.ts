import { expect, test } from 'vitest';
import { formatRunStatus } from './format-run-status.ts';

test('returns the English label of a status', () => {
  expect(formatRunStatus('requires_action')).toBe('Waiting for you');
  expect(formatRunStatus('idle')).toBe('Not started');
});

test("prefers the app's own labels", () => {
  const labels = { queued: 'In der Warteschlange' };
  expect(formatRunStatus('queued', labels)).toBe('In der Warteschlange');
  expect(formatRunStatus('failed', labels)).toBe('Failed');
});

import { expect, test } from 'vitest';
import { formatRunStatus } from './format-run-status.ts';

test('says a status in words', () => {
  expect(formatRunStatus('requires_action')).toBe('Waiting for you');
  expect(formatRunStatus('idle')).toBe('Not started');
});

test("says it in the app's own words where it has some", () => {
  const labels = { queued: 'In der Warteschlange' };
  expect(formatRunStatus('queued', labels)).toBe('In der Warteschlange');
  expect(formatRunStatus('failed', labels)).toBe('Failed');
});

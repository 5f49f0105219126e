import { expect, test } from 'vitest';
import { isRunId, matchRunsRoute } from './runs-route.ts';

test.each([
  ['/runs', { kind: 'runs' }],
  ['/api/longhaul/runs', { kind: 'runs' }],
  ['/api/events', { kind: 'streams' }],
  ['/events', { kind: 'streams' }],
  ['/runs/a', { kind: 'run', runId: 'a' }],
  ['/runs/a/events', { kind: 'events', runId: 'a' }],
  ['/runs/a/decisions', { kind: 'decisions', runId: 'a' }],
  ['/runs/a/cancel', { kind: 'cancel', runId: 'a' }],
  ['/runs/a/resume', { kind: 'resume', runId: 'a' }],
  ['/runs/a/calls/call%2F1/lease', { kind: 'lease', runId: 'a', callId: 'call/1' }],
  ['/my/runs/app/runs/a/events', { kind: 'events', runId: 'a' }],
  ['/runs/app/events', { kind: 'events', runId: 'app' }],
])('%s is served', (path, route) => {
  expect(matchRunsRoute(path)).toEqual(route);
});

test.each([
  '/',
  '/run',
  '/runs/',
  '/runs/a/',
  '/runs/a/delete',
  '/runs/a/calls//lease',
  '/runs/a/calls/%zz/lease',
  '/runs/a/calls/b',
  '/runs/a/b/c/d',
  '/runs//cancel',
  // Without the id, these would be routes of all runs.
  '/runs//events',
  '/api/longhaul/runs//runs',
  '/runs/a//events',
  '/api//events',
  '//runs',
  '/events/',
])('%s is not served', (path) => {
  expect(matchRunsRoute(path)).toBeUndefined();
});

test('ids of runs have 1 to 64 letters, digits, `_` and `-`', () => {
  expect(['a', 'A-b_9', 'x'.repeat(64)].every(isRunId)).toBe(true);
  expect(['', 'x'.repeat(65), 'a b', 'a/b', '../a', 'ä', 'a\n', 7, null].some(isRunId)).toBe(false);
});

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
  ['/threads', { kind: 'threads' }],
  ['/api/longhaul/threads', { kind: 'threads' }],
  ['/threads/a', { kind: 'thread', threadId: 'a' }],
  ['/threads/a%2Fb%20c', { kind: 'thread', threadId: 'a/b c' }],
  ['/threads/cancel', { kind: 'thread', threadId: 'cancel' }],
  ['/threads/events', { kind: 'thread', threadId: 'events' }],
  // A handler below `runs`, and below `threads`.
  ['/runs/threads', { kind: 'threads' }],
  ['/runs/threads/a', { kind: 'thread', threadId: 'a' }],
  ['/runs/threads/cancel', { kind: 'thread', threadId: 'cancel' }],
  ['/threads/runs', { kind: 'runs' }],
  ['/threads/runs/a', { kind: 'run', runId: 'a' }],
  ['/threads/runs/a/cancel', { kind: 'cancel', runId: 'a' }],
  ['/threads/threads', { kind: 'threads' }],
])('%s is served', (path, route) => {
  expect(matchRunsRoute(path, false)).toEqual(route);
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
  '/threads/',
  '/threads//a',
  '/threads/a/b',
  '/threads/%zz',
])('%s is not served', (path) => {
  expect(matchRunsRoute(path, false)).toBeUndefined();
});

test('ids of runs have 1 to 64 letters, digits, `_` and `-`', () => {
  expect(['a', 'A-b_9', 'x'.repeat(64)].every(isRunId)).toBe(true);
  expect(
    ['', 'x'.repeat(65), 'a b', 'a/b', '../a', 'ä', 'a\n', 'runs', 'threads', 7, null].some(isRunId),
  ).toBe(false);
});

test.each(['/api/runs/events', '/runs/events', '/api/runs/app/events', '/api/events', '/threads/events'])(
  '%s with the parameter `runs` is the stream of several runs, so a handler can be mounted below `runs`',
  (path) => {
    expect(matchRunsRoute(path, true)).toEqual({ kind: 'streams' });
  },
);

test('the parameter `runs` changes no other route', () => {
  expect(matchRunsRoute('/runs/events', false)).toEqual({ kind: 'run', runId: 'events' });
  expect(matchRunsRoute('/api/runs', true)).toEqual({ kind: 'runs' });
  expect(matchRunsRoute('/runs//events', true)).toBeUndefined();
});

import type { RunEvent, WaitingView } from '@longhaul/core';
import { expect, test } from 'vitest';
import { serverRequests } from './server-requests.ts';

const waiting: WaitingView = {
  mode: 'stream',
  attempt: 0,
  responseId: 'r',
  responseStatus: 'in_progress',
  startedAt: 0,
};
const about = { iteration: 0, attempts: [], waiting } as const;
const started = {
  type: 'iteration.started',
  iteration: 0,
  attempt: 0,
  strategy: 'chain',
  mode: 'stream',
} as const;

type Body = RunEvent extends infer Event
  ? Event extends RunEvent
    ? Omit<Event, 'seq' | 'at'>
    : never
  : never;

/** Numbers the events. Each is 10 ms after the one before. */
function eventsOf(...bodies: readonly Body[]): RunEvent[] {
  return bodies.map((body, index): RunEvent => ({ ...body, seq: index + 1, at: index * 10 }));
}

test('a create that is answered by a stream is a stream until the end of its iteration', () => {
  const events = eventsOf(
    started,
    { ...about, type: 'response.status', responseId: 'r', status: 'queued' },
    { ...about, type: 'stream.connected' },
    { ...about, type: 'stream.dropped', reason: 'network' },
    { ...about, type: 'stream.connected' },
  );
  expect(serverRequests('run', events)).toMatchObject([
    { kind: 'stream', runId: 'run', startedAt: 0, answeredAt: 10, endedAt: 30, problem: 'network' },
    { kind: 'stream', responseId: 'r', startedAt: 40 },
  ]);
  expect(serverRequests('run', events)[1]).not.toHaveProperty('runId');
});

test('polls follow a create without a stream', () => {
  const polling = { ...about, waiting: { ...waiting, mode: 'poll' } } as const;
  const events = eventsOf(
    { ...started, mode: 'poll' },
    { ...polling, type: 'response.status', responseId: 'r', status: 'queued' },
    { ...polling, type: 'poll' },
    {
      ...polling,
      waiting: { ...polling.waiting, error: { code: 'http', message: 'HTTP 503' } },
      type: 'poll',
    },
  );
  expect(serverRequests('run', events)).toMatchObject([
    { kind: 'create', startedAt: 0, endedAt: 10 },
    { kind: 'poll', startedAt: 20, endedAt: 20 },
    { kind: 'poll', problem: 'HTTP 503' },
  ]);
});

test('a request that a process left open ends when the next process resumes the run', () => {
  const events = eventsOf(started, { type: 'run.resumed' }, { ...about, type: 'stream.connected' });
  expect(serverRequests('run', events)).toMatchObject([
    { kind: 'create', endedAt: 10, problem: 'the process of the server ended' },
    { kind: 'stream', startedAt: 20 },
  ]);
});

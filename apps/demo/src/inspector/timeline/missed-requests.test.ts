import type { IterationView, RunEvent } from '@longhaul/core';
import { expect, test } from 'vitest';
import type { WireSpan } from '../../trace/wire-span.ts';
import { withMissedRequests } from './missed-requests.ts';

const attempt = {
  responseId: 'r',
  strategy: 'first',
  status: 'completed',
  mode: 'stream',
  polls: 0,
  reconnects: 0,
} as const;
const iteration: IterationView = {
  index: 0,
  responseId: 'r',
  status: 'completed',
  text: '',
  toolCallIds: [],
  startedAt: 10,
  endedAt: 50,
  attempts: [attempt],
};
const started: RunEvent = {
  type: 'iteration.started',
  iteration: 0,
  attempt: 0,
  strategy: 'first',
  mode: 'stream',
  seq: 1,
  at: 10,
};

test('a stream whose start was not received is the only request of its iteration', () => {
  const seen: WireSpan = {
    id: 'server/4',
    kind: 'stream',
    iteration: 0,
    startedAt: 30,
    endedAt: 50,
    bytes: 0,
  };
  const { spans, isIncomplete } = withMissedRequests('run', [iteration], [], [seen]);
  expect(spans).toMatchObject([
    { kind: 'stream', runId: 'run', responseId: 'r', startedAt: 10, endedAt: 50 },
  ]);
  expect(spans).toHaveLength(1);
  expect(isIncomplete).toBe(false);
});

test('a stream that continues has no end', () => {
  const { endedAt: _endedAt, ...active } = iteration;
  const { spans } = withMissedRequests('run', [active], [], []);
  expect(spans).toHaveLength(1);
  expect(spans[0]).not.toHaveProperty('endedAt');
});

test('a create that was received is not added again', () => {
  const span: WireSpan = { id: 'server/1', kind: 'stream', iteration: 0, startedAt: 10, bytes: 0 };
  const { spans, isIncomplete } = withMissedRequests('run', [iteration], [started], [span]);
  expect(spans).toEqual([span]);
  expect(isIncomplete).toBe(false);
});

test('polls without an event are missing, because the view has no times of them', () => {
  const polled = { ...iteration, attempts: [{ ...attempt, mode: 'poll', polls: 2 } as const] };
  const poll: WireSpan = { id: 'server/5', kind: 'poll', iteration: 0, startedAt: 40, endedAt: 40, bytes: 0 };
  const missing = withMissedRequests('run', [polled], [], [poll]);
  expect(missing.spans).toMatchObject([{ kind: 'create', startedAt: 10, endedAt: 10 }, { kind: 'poll' }]);
  expect(missing.isIncomplete).toBe(true);
  const complete = withMissedRequests('run', [polled], [], [poll, { ...poll, id: 'server/6' }]);
  expect(complete.isIncomplete).toBe(false);
});

import type { IterationView } from '@longhaul/core';
import { expect, test } from 'vitest';
import type { WireSpan } from '../../trace/wire-span.ts';
import { requestBars } from './request-bars.ts';

const iteration: IterationView = {
  index: 0,
  responseId: 'resp_1',
  status: 'cancelled',
  text: '',
  toolCallIds: [],
  startedAt: 0,
  attempts: [
    {
      responseId: 'resp_1',
      strategy: 'chain',
      status: 'cancelled',
      mode: 'stream',
      polls: 0,
      reconnects: 0,
    },
  ],
};

function span(id: string, kind: WireSpan['kind'], startedAt: number): WireSpan {
  return { id, kind, responseId: 'resp_1', startedAt, endedAt: startedAt + 1, bytes: 0, status: 200 };
}

test('a request for the status after a cancel is not shown as a poll, which the run does not count', () => {
  const spans = [span('a', 'poll', 1), span('b', 'cancel', 5), span('c', 'poll', 6)];
  const bars = requestBars(iteration, { spans, events: [] });
  expect(bars.map(({ kind, title }) => [kind, title])).toEqual([
    ['poll', 'Poll'],
    ['request', 'Cancel'],
    ['request', 'Status after the cancel'],
  ]);
});

import { emptyView, type RunEvent, type RunView } from '@longhaul/core';
import { expect, test } from 'vitest';
import type { WireSpan } from '../../trace/wire-span.ts';
import { timelineOf } from './timeline-of.ts';

const view: RunView = {
  ...emptyView,
  runId: 'run-1',
  status: 'running_tools',
  createdAt: 1_000,
  updatedAt: 9_000,
  iterations: [
    {
      index: 0,
      responseId: 'resp_1',
      status: 'completed',
      text: '',
      toolCallIds: ['call_1'],
      startedAt: 1_000,
      endedAt: 6_000,
      attempts: [
        {
          responseId: 'resp_1',
          strategy: 'first',
          status: 'completed',
          mode: 'poll',
          polls: 1,
          reconnects: 0,
        },
      ],
    },
  ],
  toolCalls: [
    {
      callId: 'call_1',
      name: 'save_note',
      arguments: {},
      rawArguments: '{}',
      status: 'running',
      iteration: 0,
      startedAt: 8_000,
    },
  ],
};

const waiting = { mode: 'poll', responseId: 'resp_1', attempt: 0, startedAt: 1_200 } as const;
const attempts = view.iterations[0]?.attempts ?? [];
const events: readonly RunEvent[] = [
  {
    seq: 1,
    at: 1_200,
    type: 'response.status',
    iteration: 0,
    attempts,
    responseId: 'resp_1',
    status: 'queued',
    waiting: { ...waiting, responseStatus: 'queued' },
  },
  {
    seq: 2,
    at: 3_000,
    type: 'poll',
    iteration: 0,
    attempts,
    waiting: { ...waiting, responseStatus: 'in_progress' },
  },
  {
    seq: 3,
    at: 6_500,
    type: 'decision.needed',
    iteration: 0,
    callId: 'call_1',
    name: 'save_note',
    kind: 'approval',
    arguments: {},
  },
  { seq: 4, at: 8_000, type: 'decision.made', iteration: 0, callId: 'call_1', decision: 'approve' },
  { seq: 5, at: 8_500, type: 'run.resumed' },
];

const spans: readonly WireSpan[] = [
  {
    id: 'a',
    kind: 'create',
    runId: 'run-1',
    iteration: 0,
    startedAt: 1_000,
    endedAt: 1_200,
    status: 200,
    bytes: 10,
  },
  { id: 'b', kind: 'poll', responseId: 'resp_1', startedAt: 2_900, endedAt: 3_000, status: 503, bytes: 10 },
  {
    id: 'c',
    kind: 'stream',
    responseId: 'resp_1',
    startedAt: 3_100,
    endedAt: 5_000,
    bytes: 900,
    problem: 'reset',
  },
  { id: 'd', kind: 'poll', responseId: 'resp_of_another_run', startedAt: 3_000, bytes: 0 },
];

function barsOf(label: string): readonly (readonly [string, number, number | undefined, boolean])[] {
  const row = timelineOf(view, { events, spans }).rows.find((one) => one.label === label);
  return (row?.bars ?? []).map(({ tone, from, to, isBroken }) => [tone, from, to, isBroken]);
}

test('an iteration shows the statuses of its response', () => {
  expect(barsOf('Iteration 1')).toEqual([
    ['queued', 1_200, 3_000, false],
    ['working', 3_000, 6_000, false],
  ]);
});

test('an iteration has all its requests, and no request of another run', () => {
  expect(barsOf('Requests')).toEqual([
    ['good', 1_000, 1_200, false],
    ['bad', 2_900, 3_000, true],
    // The stream received data before it failed.
    ['working', 3_100, 5_000, true],
  ]);
});

test('a call shows the wait for a person, and then its execution', () => {
  expect(barsOf('save_note')).toEqual([
    ['person', 6_500, 8_000, false],
    ['tools', 8_000, undefined, false],
  ]);
});

test('the view is enough for a timeline without events and requests', () => {
  const { rows } = timelineOf(view, { events: [], spans: [] });
  expect(rows.map(({ label, bars }) => [label, bars.length])).toEqual([
    ['Iteration 1', 1],
    ['save_note', 1],
  ]);
});

test('a resume is a mark, and an active run has no end', () => {
  const timeline = timelineOf(view, { events, spans });
  expect(timeline.marks).toMatchObject([{ from: 8_500, title: 'Resumed' }]);
  expect(timeline.to).toBeUndefined();
  expect(timelineOf({ ...view, status: 'completed' }, { events, spans }).to).toBe(9_000);
});

test('no response is in progress between a failed response and the next create', () => {
  const failed: RunEvent = {
    seq: 3,
    at: 4_000,
    type: 'attempt.failed',
    iteration: 0,
    attempt: 0,
    attempts,
    error: { code: 'server_error', message: 'It failed.' },
    retryAt: 5_500,
  };
  const again: RunEvent = {
    seq: 4,
    at: 5_600,
    type: 'response.status',
    iteration: 0,
    attempts,
    responseId: 'resp_2',
    status: 'queued',
    waiting: { ...waiting, responseId: 'resp_2', responseStatus: 'queued' },
  };
  const { rows } = timelineOf(view, { events: [...events.slice(0, 2), failed, again], spans: [] });
  const times = (label: string): unknown =>
    rows.find((row) => row.label === label)?.bars.map(({ title, from, to }) => [title, from, to]);
  expect(times('Iteration 1')).toEqual([
    ['queued', 1_200, 3_000],
    ['in progress', 3_000, 4_000],
    ['failed', 4_000, 4_000],
    ['queued', 5_600, 6_000],
  ]);
  expect(times('Requests')).toEqual([['Wait before the next create', 4_000, 5_500]]);
});

test('a wait for the next poll ends with the poll, even if it was planned for later', () => {
  const polled: RunEvent = {
    seq: 2,
    at: 1_300,
    type: 'poll',
    iteration: 0,
    attempts,
    waiting: { ...waiting, responseStatus: 'queued', nextPollAt: 9_000 },
  };
  const { rows } = timelineOf(view, { events: [...events.slice(0, 1), polled], spans });
  const waits = rows.flatMap(({ bars }) => bars.filter(({ kind }) => kind === 'wait'));
  expect(waits).toMatchObject([{ title: 'Wait for the next poll', from: 1_300, to: 2_900 }]);
});

test('a request whose page was closed ends when the run is resumed, or with its iteration', () => {
  const orphan: WireSpan = { id: 'o', kind: 'stream', responseId: 'resp_1', startedAt: 5_200, bytes: 0 };
  const endWith = (known: readonly RunEvent[]): number | undefined =>
    timelineOf(view, { events: known, spans: [orphan] }).rows.find(({ label }) => label === 'Requests')
      ?.bars[0]?.to;
  expect(endWith([...events.slice(0, 2), { seq: 9, at: 5_300, type: 'run.resumed' }])).toBe(5_300);
  expect(endWith(events.slice(0, 2))).toBe(6_000);
});

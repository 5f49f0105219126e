import { emptyView, type RunEvent, type RunView } from '@longhaul/core';
import { expect, test } from 'vitest';
import { barJson, currentBar } from './bar-json.ts';
import type { TimelineBar, TimelineRow } from './timeline-row.ts';

function bar(key: string, change: Partial<TimelineBar>): TimelineBar {
  const common = { kind: 'band', tone: 'working', from: 0, to: 1, title: key } as const;
  return { key, ...common, isBroken: false, details: [], ...change };
}

function row(...bars: readonly TimelineBar[]): TimelineRow {
  return { key: 'row', target: { iteration: 0 }, label: 'Row', isInner: false, bars };
}

test('the current bar is the one that continues, then the last one', () => {
  const open = bar('open', { from: 1, to: undefined });
  const later = bar('later', { from: 5 });
  const wait = bar('wait', { kind: 'wait', from: 9, to: undefined });
  expect(currentBar([row(bar('first', {}), open), row(later, wait)])).toBe(open);
  expect(currentBar([row(bar('first', {})), row(later)])).toBe(later);
  expect(currentBar([])).toBeUndefined();
});

test('a bar of a call has the call as JSON', () => {
  const call = {
    callId: 'a',
    name: 'calculate',
    arguments: { expression: '1 + 1' },
    rawArguments: '{}',
    status: 'completed',
    iteration: 0,
    output: { result: 2 },
  } as const;
  const view: RunView = { ...emptyView, toolCalls: [call] };
  expect(barJson(bar('a', { kind: 'tool' }), { iteration: 0, callId: 'a' }, view, [])).toMatchObject({
    call_id: 'a',
    arguments: { expression: '1 + 1' },
    output: { result: 2 },
  });
});

test('a bar of a create has the request that was sent until its end, and a poll has none', () => {
  const started = (seq: number, at: number, input: string): RunEvent => ({
    type: 'iteration.started',
    seq,
    at,
    iteration: 0,
    attempt: seq,
    strategy: 'chain',
    mode: 'stream',
    request: { model: 'm', input: [{ role: 'user', content: input }], background: true, store: true },
  });
  const events = [started(0, 10, 'a'), started(1, 20, 'b')];
  const target = { iteration: 0 };
  const create = bar('Create', { kind: 'request', title: 'Create', from: 10, to: 15 });
  expect(barJson(create, target, emptyView, events)).toMatchObject({ input: [{ content: 'a' }] });
  expect(barJson({ ...create, to: undefined }, target, emptyView, events)).toMatchObject({
    input: [{ content: 'b' }],
  });
  expect(barJson(bar('Poll', { kind: 'poll' }), target, emptyView, events)).toBeUndefined();
});

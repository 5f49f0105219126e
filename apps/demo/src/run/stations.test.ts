import { emptyView, type IterationView, type RunView } from '@longhaul/core';
import { expect, test } from 'vitest';
import { stationsOf } from './stations.ts';

function iteration(index: number, status: string, toolCallIds: readonly string[] = []): IterationView {
  return { index, responseId: null, status, text: '', toolCallIds, startedAt: 0, attempts: [] };
}

function call(callId: string, status: RunView['toolCalls'][number]['status']): RunView['toolCalls'][number] {
  return { callId, name: 'any', arguments: {}, rawArguments: '{}', status, iteration: 0 };
}

function statesOf(view: Partial<RunView>): readonly string[] {
  return stationsOf({ ...emptyView, ...view }).map(({ label, state }) => `${label}: ${state}`);
}

test('a new run has its first iteration and the answer', () => {
  expect(statesOf({ status: 'queued', iterations: [iteration(0, 'queued')] })).toEqual([
    'Iteration 1: queued',
    'Answer: ahead',
  ]);
});

test('tools have their own station, which waits for a person only while no tool runs', () => {
  const iterations = [iteration(0, 'completed', ['a', 'b'])];
  expect(
    statesOf({
      status: 'running_tools',
      iterations,
      toolCalls: [call('a', 'running'), call('b', 'awaiting_approval')],
    }),
  ).toEqual(['Iteration 1: passed', '2 tools: tools', 'Answer: ahead']);
  expect(
    statesOf({
      status: 'requires_action',
      iterations,
      toolCalls: [call('a', 'completed'), call('b', 'awaiting_approval')],
    }),
  ).toEqual(['Iteration 1: passed', '2 tools: person', 'Answer: ahead']);
});

test.each([
  ['completed', 'passed', 'passed'],
  ['failed', 'failed', 'failed'],
  ['incomplete', 'failed', 'failed'],
  ['cancelled', 'stopped', 'stopped'],
] as const)('a run that ended as %s shows it at its last iteration and at its end', (status, last, end) => {
  const iterations = [iteration(0, 'completed', ['a']), iteration(1, status)];
  expect(statesOf({ status, iteration: 1, iterations, toolCalls: [call('a', 'completed')] })).toEqual([
    'Iteration 1: passed',
    '1 tool: passed',
    `Iteration 2: ${last}`,
    `Answer: ${end}`,
  ]);
});

test('tools that were pending at the end of the run are not passed', () => {
  const iterations = [iteration(0, 'completed', ['a', 'b'])];
  const toolCalls = [call('a', 'completed'), call('b', 'cancelled')];
  expect(statesOf({ status: 'cancelled', iterations, toolCalls })).toEqual([
    'Iteration 1: passed',
    '2 tools: stopped',
    'Answer: stopped',
  ]);
});

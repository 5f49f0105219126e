import { describe, expect, test } from 'vitest';
import type { InputItem, OutputItem } from '../wire/items.ts';
import { noUsage } from '../wire/usage.ts';
import { continuationOf, historyOf } from './continuation-of.ts';
import { initialState } from './initial-state.ts';
import type { RunState } from './run-state.ts';
import type { StoredItem } from './stored-item.ts';
import type { RunStatus } from './view/run-view.ts';

const agent = { name: 'a', model: 'm' };
const user = (content: string): InputItem => ({ role: 'user', content });
const input: StoredItem = { type: 'input', input: 'Weather?', lead: [] };
const call = { type: 'function_call', call_id: 'call_a', name: 'f', arguments: '{}' };
const result = { type: 'function_call_output', call_id: 'call_a', output: '1' } as const;
const settled: StoredItem = {
  type: 'call',
  iteration: 0,
  callId: 'call_a',
  name: 'f',
  status: 'completed',
  output: result,
  endedAt: 1,
};

function message(text: string, fields: object = {}): OutputItem {
  return { type: 'message', role: 'assistant', content: [{ type: 'output_text', text }], ...fields };
}

function ended(
  iteration: number,
  output: readonly OutputItem[],
  { status = 'completed', stored = true } = {},
): StoredItem[] {
  return [
    ...output.map((item, outputIndex): StoredItem => ({ type: 'output', iteration, outputIndex, item })),
    {
      ...{ type: 'iteration', iteration, responseId: `resp_${iteration}`, status, stored },
      ...{ usage: noUsage, startedAt: 0, endedAt: 1, attempts: [] },
    },
  ];
}

function stateOf(status: RunStatus, changes: Partial<RunState> = {}): RunState {
  return { ...initialState(agent, 'Weather?', { runId: 'run_1' }), status, ...changes };
}

const continued = (status: RunStatus, items: readonly StoredItem[], changes?: Partial<RunState>) =>
  continuationOf(stateOf(status, changes), items, []);

describe('a run continues another one', () => {
  test('from its last completed response, and answers the calls of that response first', () => {
    const items = [input, ...ended(0, [call]), settled, ...ended(1, [call], { status: 'failed' })];
    expect(continued('failed', items)).toEqual({
      threadId: 'run_1',
      hasHistory: true,
      lead: [result],
      previousResponseId: 'resp_0',
      stored: null,
    });
  });

  test('from its input if no response has completed', () => {
    const items: StoredItem[] = [
      { type: 'input', input: 'Weather?', lead: [result] },
      ...ended(0, [], { status: 'failed' }),
    ];
    expect(continued('failed', items)).toMatchObject({
      hasHistory: false,
      lead: [result, user('Weather?')],
      previousResponseId: null,
    });
  });

  test('and knows whether the server keeps the responses', () => {
    expect(continued('completed', [input, ...ended(0, [message('21')], { stored: false })]).stored).toBe(
      false,
    );
    expect(continued('completed', [input], { stored: false }).stored).toBe(false);
  });

  test('and whether there is a conversation before it, which it does not copy', () => {
    expect(continued('failed', [input]).hasHistory).toBe(false);
    expect(continued('failed', [input], { history: 'elsewhere' }).hasHistory).toBe(true);
    const old: StoredItem = { type: 'input', input: 'And now?', lead: [], history: [user('Weather?')] };
    expect(continued('failed', [old]).hasHistory).toBe(true);
  });
});

describe('a run that was stopped', () => {
  const stopped = [
    { type: 'reasoning', summary: [] },
    message('I will look.', { phase: 'commentary' }),
    message('It is 21', { status: 'incomplete' }),
    message('Scouting', { agent: { agent_name: '/root/scout' } }),
    message(''),
    call,
  ];
  const asRead = [
    { role: 'assistant', content: 'I will look.', phase: 'commentary' },
    { role: 'assistant', content: 'It is 21' },
  ];

  test.each(['cancelled', 'incomplete'] as const)(
    'as %s passes on the text that was read, without reasoning and calls',
    (status) => {
      const items = [input, ...ended(0, stopped, { status })];
      expect(continued(status, items).lead).toEqual([user('Weather?'), ...asRead]);
      const later = [input, ...ended(0, [call]), settled, ...ended(1, stopped, { status })];
      expect(continued(status, later).lead).toEqual([result, ...asRead]);
    },
  );

  test('by a failure passes on no text, because the next run repeats the response', () => {
    const items = [input, ...ended(0, stopped, { status: 'failed' })];
    expect(continued('failed', items).lead).toEqual([user('Weather?')]);
  });

  test('passes on the steered input that its last response has not answered, before the text', () => {
    const items: StoredItem[] = [
      input,
      ...ended(0, [call]),
      settled,
      { type: 'steer', steerId: 's1', input: 'In Celsius.', at: 1 },
      { type: 'steer', steerId: 's2', input: 'Never sent.', at: 2 },
      { type: 'steer_sent', iteration: 1, steerIds: ['s1'] },
      ...ended(1, [message('It is 21')], { status: 'cancelled' }),
    ];
    expect(continued('cancelled', items).lead).toEqual([
      result,
      user('In Celsius.'),
      { role: 'assistant', content: 'It is 21' },
    ]);
  });
});

describe('the conversation before a run', () => {
  test('is collected from the runs that it continues, with the lead of each', () => {
    const first = { state: stateOf('completed'), items: [input, ...ended(0, [message('21')])] };
    const second = {
      state: stateOf('cancelled'),
      items: [
        { type: 'input', input: 'And in Rome?', lead: [] } as const,
        ...ended(0, [], { status: 'cancelled' }),
      ],
    };
    const third = {
      state: stateOf('completed'),
      items: [
        { type: 'input', input: 'Go on.', lead: continued('cancelled', second.items).lead } as const,
        ...ended(0, [call]),
        settled,
        ...ended(1, [message('30')]),
      ],
    };
    expect(historyOf([first, second, third])).toEqual([
      ...[user('Weather?'), message('21'), user('And in Rome?'), user('Go on.'), call, result, message('30')],
    ]);
  });

  test('lacks the outputs and the steered input that are in the lead of the next run', () => {
    const items: StoredItem[] = [
      input,
      ...ended(0, [call]),
      settled,
      { type: 'steer', steerId: 's1', input: 'In Celsius.', at: 1 },
      { type: 'steer_sent', iteration: 1, steerIds: ['s1'] },
      ...ended(1, [], { status: 'cancelled' }),
    ];
    const run = { state: stateOf('cancelled'), items };
    expect(historyOf([run])).toEqual([user('Weather?'), call]);
    expect(continued('cancelled', items).lead).toEqual([result, user('In Celsius.')]);
  });

  test('begins with the history that the oldest run has saved', () => {
    const items: StoredItem[] = [
      input,
      { type: 'history', items: [user('Hello')] },
      ...ended(0, [message('21')]),
    ];
    expect(historyOf([{ state: stateOf('completed'), items }])).toEqual([
      user('Hello'),
      user('Weather?'),
      message('21'),
    ]);
  });
});

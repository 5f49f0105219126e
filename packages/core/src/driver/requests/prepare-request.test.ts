import { describe, expect, test } from 'vitest';
import { defineAgent, type AgentOptions } from '../../agent/define-agent.ts';
import { initialState } from '../../engine/initial-state.ts';
import type { RunState } from '../../engine/run-state.ts';
import type { StoredItem } from '../../engine/stored-item.ts';
import type { CreateBody } from '../../wire/create-body.ts';
import { noUsage } from '../../wire/usage.ts';
import { prepareFailure, prepareRequest } from './prepare-request.ts';

const call = { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'f', arguments: '{}' };
const output = { type: 'function_call_output', call_id: 'call_1', output: 'ok' } as const;
const more = { role: 'user', content: 'And be brief.' };

/** The items of a run whose first iteration has called a tool. The output of the call is recorded. */
const items: StoredItem[] = [
  { type: 'input', input: 'Hi', history: [], lead: [] },
  { type: 'output', iteration: 0, outputIndex: 0, item: call },
  {
    type: 'iteration',
    iteration: 0,
    responseId: 'resp_1',
    status: 'completed',
    stored: true,
    usage: noUsage,
    startedAt: 0,
    endedAt: 0,
    attempts: [],
  },
  { type: 'call', iteration: 0, callId: 'call_1', name: 'f', status: 'completed', output, endedAt: 0 },
];

type Prepare = NonNullable<AgentOptions<readonly [], never>['prepareRequest']>;

/** Calls `prepareRequest` with the request of the second iteration. */
function prepared(prepare: Prepare, strategy: RunState['strategy'] = 'chain') {
  const agent = defineAgent({ name: 'a', model: 'm', request: { top_p: 0.5 }, prepareRequest: prepare });
  const state: RunState = {
    ...initialState(agent.spec, 'Hi', { runId: 'run_1' }),
    iteration: 1,
    strategy,
    previousResponseId: 'resp_1',
    attempts: [{ responseId: null, strategy, status: 'creating', mode: 'poll', polls: 0, reconnects: 0 }],
  };
  return prepareRequest(agent, state, items, { user: 'ada' });
}

test('receives the deep-frozen request and the ids of its run and iteration', async () => {
  expect.assertions(4);
  await prepared((request, context) => {
    expect(request).toMatchObject({ model: 'm', previous_response_id: 'resp_1', input: [output] });
    expect(Object.isFrozen(request) && Object.isFrozen(request.input[0])).toBe(true);
    expect(context).toEqual({ runId: 'run_1', iteration: 1, attempt: 0, context: { user: 'ada' } });
  });
  expect(await prepared((request) => request)).toBeNull();
});

describe('only the changes are saved', () => {
  test.each<[string, (request: CreateBody) => object | undefined, object | null]>([
    ['undefined', () => undefined, null],
    ['no fields', () => ({}), null],
    ['an equal request', (request) => ({ ...request }), null],
    ['a deep copy of the request', (request) => structuredClone(request), null],
    ['null for a field that the request lacks', () => ({ conversation: null }), null],
    ['`stream: false` while polling', (request) => ({ ...request, stream: false }), null],
    [
      'an object with `toJSON`',
      () => ({ toJSON: () => ({ model: 'n' }) }),
      { set: { model: 'n' }, unset: [] },
    ],
    ['added fields', () => ({ model: 'n', seed: 5 }), { set: { model: 'n', seed: 5 }, unset: [] }],
    [
      'a request with a changed field',
      (request) => ({ ...request, model: 'n' }),
      { set: { model: 'n' }, unset: [] },
    ],
    [
      'a field that is undefined',
      () => ({ top_p: undefined, top_k: undefined }),
      { set: {}, unset: ['top_p'] },
    ],
    ['a field that is missing', ({ top_p: _left, ...request }) => request, null],
    ['items to append', () => ({ append: [more] }), { set: {}, unset: [], append: [more] }],
    [
      'items after the outputs',
      (request) => ({ ...request, input: [...request.input, more] }),
      { set: {}, unset: [], append: [more] },
    ],
    [
      'a copy of the input with items after it',
      (request) => ({ input: [...structuredClone(request.input), more], append: [more] }),
      { set: {}, unset: [], append: [more, more] },
    ],
  ])('%s', async (_name, prepare, patch) => {
    expect(await prepared(prepare)).toEqual(patch);
  });

  test('the input of a replay may be rewritten, except the outputs in it', async () => {
    const shorter = (request: CreateBody) => ({ input: [more, ...request.input.slice(1)] });
    expect(await prepared(shorter, 'replay')).toEqual({ set: {}, unset: [], replace: [more, call, output] });
  });
});

describe('a result that is refused', () => {
  test.each<[string, (request: CreateBody) => unknown]>([
    ['background', () => ({ background: false })],
    ['background', () => ({ background: undefined })],
    ['stream', (request) => ({ ...request, stream: true })],
    ['previous_response_id', (request) => ({ ...request, previous_response_id: 'resp_0' })],
    ['previous_response_id', () => ({ previous_response_id: undefined })],
    ['conversation', () => ({ conversation: 'conv_1' })],
    ['outputs', (request) => ({ ...request, input: [] })],
    ['outputs', (request) => ({ ...request, input: [{ ...output, output: 'better' }] })],
    ['outputs', (request) => ({ ...request, input: [output, { ...output, call_id: 'call_2' }] })],
    ['outputs', () => ({ append: [{ ...output, call_id: 'call_2' }] })],
    ['moved', (request) => ({ ...request, input: [more, ...request.input] })],
    ['list of items', () => ({ input: [5] })],
    ['list of items', () => ({ append: 'Be brief.' })],
    ['not an object', () => null],
    ['not an object', () => 'faster'],
    ['JSON cannot represent', () => ({ seed: 1n })],
    ['JSON cannot represent', () => ({ model: () => 'n' })],
    ['background', () => ({ toJSON: () => ({ background: false }) })],
    ['outputs', () => ({ append: [{ toJSON: () => ({ ...output, call_id: 'call_2' }) }] })],
  ])('%s: throws a ConfigurationError with these words', async (what, prepare) => {
    // `JSON.parse` returns `any`, as a program without types does.
    const returned = (request: CreateBody) => JSON.parse('0', () => prepare(request));
    const error: unknown = await prepared(returned).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'configuration', option: 'prepareRequest' });
    expect(prepareFailure(error)).toEqual({
      error: { code: 'configuration', message: expect.stringContaining(what) },
      errorKind: 'configuration',
    });
  });
});

test('an error that `prepareRequest` throws becomes `prepare_request_failed` with the message of the error', async () => {
  const error: unknown = await prepared(async () => {
    throw new Error('no prices today');
  }).catch((thrown: unknown) => thrown);
  expect(prepareFailure(error)).toEqual({
    error: { code: 'prepare_request_failed', message: 'prepareRequest threw: no prices today' },
  });
});

test.each<[string, unknown]>([
  ['null', null],
  ['an object', { 0: { type: 'mcp', authorization: 'tok-1' } }],
  ['a list in a list', [[{ type: 'mcp', authorization: 'tok-1' }]]],
])('rejects `tools` that are %s, in which secrets cannot be found', async (_name, tools) => {
  // A program without types may return this.
  const wrong = JSON.parse(JSON.stringify({ tools }));
  await expect(prepared((request) => ({ ...request, ...wrong }))).rejects.toThrow('not a list of tools');
});

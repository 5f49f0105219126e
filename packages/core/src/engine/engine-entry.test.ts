import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { defineAgent } from '../agent/define-agent.ts';
import { tool } from '../agent/tool.ts';
import { readResponse } from '../wire/response.ts';
import {
  buildRequest,
  initialState,
  transition,
  type Effect,
  type EngineEventBody,
  type RunState,
} from './index.ts';

const getWeather = tool({
  name: 'get_weather',
  parameters: z.object({ city: z.string() }),
  execute: () => 'sunny',
});
const made = defineAgent({ name: 'weather', model: 'm', tools: [getWeather] });
const call = { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'get_weather', arguments: '{}' };

describe('the engine accepts an agent', () => {
  test.each([
    ['made by defineAgent', made],
    ['as its spec', made.spec],
    ['as a plain object, with tools of `tool()`', { name: 'weather', model: 'm', tools: [getWeather] }],
    [
      'as a person writes it, with tools of the API',
      { name: 'weather', model: 'm', tools: [getWeather.definition] },
    ],
  ])('%s', (_name, agent) => {
    const state = initialState(agent, 'Umbrella?', { runId: 'run_1' });
    expect(state).toEqual(initialState(made.spec, 'Umbrella?', { runId: 'run_1' }));
    expect(state).toMatchObject({ runId: 'run_1', agent: 'weather', status: 'queued', background: true });
    const [started, effects] = transition(state, { type: 'started', at: 0, random: 0.5 });
    const request = buildRequest(started, agent, appended(effects));
    expect(request).toMatchObject({
      kind: 'create',
      body: { model: 'm', background: true, input: [{ role: 'user', content: 'Umbrella?' }] },
    });
    expect(Object.isFrozen(request) && request.kind === 'create' && Object.isFrozen(request.body.input)).toBe(
      true,
    );
  });
});

function appended(effects: readonly Effect[]) {
  return effects.flatMap((effect) => (effect.type === 'save' ? effect.append : []));
}

test('a run that is driven step by step has one kind of request at a time, without fields of the previous one', () => {
  const agent = { name: 'weather', model: 'm', tools: [getWeather] };
  let state: RunState = initialState(agent, 'Umbrella?', { runId: 'run_1' });
  const items: ReturnType<typeof appended> = [];
  const wanted: string[] = [];
  const step = (event: EngineEventBody): void => {
    const before = JSON.stringify(state);
    const [next, effects] = transition(state, { ...event, at: 0, random: 0.5 });
    expect(JSON.stringify(state)).toBe(before);
    expect(JSON.parse(JSON.stringify(next))).toEqual(next);
    state = next;
    items.push(...appended(effects));
    wanted.push(...effects.map(({ type }) => type).filter((type) => !/save|emit|wait/.test(type)));
  };
  const responded = (to: 'create' | 'retrieve', body: object): EngineEventBody => {
    const response = readResponse({ background: true, ...body });
    if (response === undefined) throw new Error('Expected a response.');
    return { type: 'responded', to, response };
  };
  step({ type: 'started' });
  step(responded('create', { id: 'resp_1', status: 'queued' }));
  expect(buildRequest(state, agent, items)).toEqual({
    kind: 'retrieve',
    responseId: 'resp_1',
    stream: false,
  });
  step(responded('retrieve', { id: 'resp_1', status: 'completed', output: [call] }));
  // The run has ended, so there is no request to build.
  expect(() => buildRequest(state, agent, items)).toThrow('nothing to send');
  step({
    type: 'assessed',
    calls: [{ callId: 'call_1', arguments: {}, verdict: 'run', idempotent: false, external: false }],
  });
  step({
    type: 'tool_settled',
    callId: 'call_1',
    outcome: { status: 'completed', output: 'sunny', json: false },
  });
  const next = buildRequest(state, agent, items);
  expect(next).toMatchObject({
    kind: 'create',
    body: {
      background: true,
      previous_response_id: 'resp_1',
      input: [{ type: 'function_call_output', call_id: 'call_1', output: 'sunny' }],
    },
  });
  expect(buildRequest(state, agent, items)).not.toBe(next);
  step(responded('create', { id: 'resp_2', status: 'in_progress' }));
  step({ type: 'cancel_asked' });
  expect(buildRequest(state, agent, items)).toEqual({ kind: 'cancel', responseId: 'resp_2' });
  step({ type: 'responded', to: 'cancel', response: { ...completed, id: 'resp_2', status: 'cancelled' } });
  expect(wanted).toEqual([
    ...['create', 'take_webhook', 'assess', 'execute'],
    ...['create', 'take_webhook', 'abort_request', 'cancel', 'retrieve'],
  ]);
});

const completed = {
  id: 'resp_2',
  status: 'completed',
  output: [],
  error: null,
  incompleteReason: null,
  usage: null,
  background: true,
  store: true,
};

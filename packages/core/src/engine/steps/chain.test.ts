import { describe, expect, test } from 'vitest';
import { initialState } from '../initial-state.ts';
import type { Failure } from '../policy/failure.ts';
import type { Creating, RunState } from '../run-state.ts';
import { defaultPolicy } from '../run-policy.ts';
import { judgeChain } from './chain.ts';

const spec = {
  name: 'a',
  model: 'm',
  tools: [],
  background: true,
  maxIterations: 20,
  request: {},
  prepares: false,
  structured: false,
};
const phase: Creating = {
  type: 'creating',
  stage: 'sending',
  retryAt: null,
  sentAt: null,
  giveUpAt: null,
  heard: false,
  refusal: null,
  early: [],
  unprepared: false,
  chainTries: 0,
  chainError: null,
};

function chained(continuation: 'auto' | 'chain' | 'replay' = 'auto'): RunState {
  const policy = { ...defaultPolicy, continuation };
  return { ...initialState(spec, 'x', { runId: 'r', policy }), strategy: 'chain' };
}

function refusal(about: Partial<Extract<Failure, { kind: 'http' }>>): Failure {
  const { kind, ...rest } = { kind: 'http' as const, ...about };
  return { kind, status: 400, code: null, type: null, param: null, message: 'No.', sender: 'api', ...rest };
}

describe('a chained create that is refused with 400', () => {
  test.each([
    ['the input, as Azure says it (agent-framework 7538)', { param: 'input' }],
    ['an item of the input', { param: 'input[2].call_id' }],
    [
      'the previous response, under zero data retention',
      { param: 'previous_response_id', code: 'unsupported_parameter' },
    ],
    ['nothing in particular', {}],
  ])('about %s is replayed', (_name, about) => {
    expect(judgeChain(chained(), phase, refusal(about))).toBe('replay');
  });

  test.each([
    { code: 'previous_response_not_found', param: 'previous_response_id' },
    { message: "Previous response with id 'resp_1' not found.", param: 'previous_response_id' },
    { message: 'Invalid `previous_response_id`.' },
  ])('since the previous response is not found (yet) is sent again, twice, then replayed: %j', (about) => {
    const failure = refusal(about);
    expect(judgeChain(chained(), phase, failure)).toBe('later');
    expect(judgeChain(chained(), { ...phase, chainTries: 1 }, failure)).toBe('later');
    expect(judgeChain(chained(), { ...phase, chainTries: 2 }, failure)).toBe('replay');
    expect(judgeChain(chained('chain'), { ...phase, chainTries: 2 }, failure)).toBeUndefined();
  });

  test('since the id of its final answer is not found is sent with the other id of that response (litellm 15918)', () => {
    const failure = refusal({ code: 'previous_response_not_found', status: 404 });
    expect(judgeChain({ ...chained(), otherPreviousId: 'resp_raw' }, phase, failure)).toBe('other_id');
  });

  test('by something other than the API says nothing of the chain', () => {
    expect(judgeChain(chained(), phase, refusal({ sender: 'other', param: 'input' }))).toBeUndefined();
  });

  test.each<[string, RunState, Failure]>([
    ['about another parameter', chained(), refusal({ param: 'temperature' })],
    ['with another status', chained(), refusal({ status: 404, param: 'input' })],
    ['while only chaining is wanted', chained('chain'), refusal({ param: 'input' })],
    ['that was not chained', { ...chained(), strategy: 'replay' }, refusal({ param: 'input' })],
    [
      'for its size, which a replay has too (issue 38)',
      chained(),
      refusal({ param: 'input[0].output', code: 'string_above_max_length' }),
    ],
    ['for its context', chained(), refusal({ param: 'input', code: 'context_length_exceeded' })],
    ['by the connection', chained(), { kind: 'lost', message: 'x' }],
  ])('%s is judged as any other', (_name, state, failure) => {
    expect(judgeChain(state, phase, failure)).toBeUndefined();
  });
});

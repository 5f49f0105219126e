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

describe('judgeChain', () => {
  test.each([
    ['the input, as Azure sends it (agent-framework 7538)', { param: 'input' }],
    ['an item of the input', { param: 'input[2].call_id' }],
    [
      'the previous response, under zero data retention',
      { param: 'previous_response_id', code: 'unsupported_parameter' },
    ],
    ['an unnamed parameter', {}],
  ])('replays after a 400 about %s', (_name, about) => {
    expect(judgeChain(chained(), phase, refusal(about))).toBe('replay');
  });

  test.each([
    { code: 'previous_response_not_found', param: 'previous_response_id' },
    { message: "Previous response with id 'resp_1' not found.", param: 'previous_response_id' },
    { message: 'Invalid `previous_response_id`.' },
  ])('retries twice if the previous response is not found, then replays: %j', (about) => {
    const failure = refusal(about);
    expect(judgeChain(chained(), phase, failure)).toBe('later');
    expect(judgeChain(chained(), { ...phase, chainTries: 1 }, failure)).toBe('later');
    expect(judgeChain(chained(), { ...phase, chainTries: 2 }, failure)).toBe('replay');
    expect(judgeChain(chained('chain'), { ...phase, chainTries: 2 }, failure)).toBeUndefined();
  });

  test('uses the other id of the previous response if its final id is not found (litellm 15918)', () => {
    const failure = refusal({ code: 'previous_response_not_found', status: 404 });
    expect(judgeChain({ ...chained(), otherPreviousId: 'resp_raw' }, phase, failure)).toBe('other_id');
  });

  test('ignores an answer that does not come from the API', () => {
    expect(judgeChain(chained(), phase, refusal({ sender: 'other', param: 'input' }))).toBeUndefined();
  });

  test.each<[string, RunState, Failure]>([
    ['another parameter', chained(), refusal({ param: 'temperature' })],
    ['another status', chained(), refusal({ status: 404, param: 'input' })],
    ["`continuation: 'chain'`", chained('chain'), refusal({ param: 'input' })],
    ['a create that was not chained', { ...chained(), strategy: 'replay' }, refusal({ param: 'input' })],
    [
      'an input that is too large, as its replay would be (issue 38)',
      chained(),
      refusal({ param: 'input[0].output', code: 'string_above_max_length' }),
    ],
    ['a context that is too long', chained(), refusal({ param: 'input', code: 'context_length_exceeded' })],
    ['a lost connection', chained(), { kind: 'lost', message: 'x' }],
  ])('returns undefined for %s', (_name, state, failure) => {
    expect(judgeChain(state, phase, failure)).toBeUndefined();
  });
});

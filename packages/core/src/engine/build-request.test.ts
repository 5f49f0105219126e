import { describe, expect, test } from 'vitest';
import type { AgentSpec } from './agent-spec.ts';
import { buildRequest } from './build-request.ts';
import { initialState } from './initial-state.ts';
import type { IterationRequest } from './iteration-request.ts';
import { defaultPolicy, type RunPolicy } from './run-policy.ts';
import type { Creating, Phase, RunState, Waiting } from './run-state.ts';
import type { StoredItem } from './stored-item.ts';

const tool = { type: 'function', name: 'f', parameters: { type: 'object' }, strict: true };

function specWith(change: Partial<AgentSpec> = {}): AgentSpec {
  return {
    name: 'a',
    model: 'gpt-6-astra',
    instructions: 'Be brief.',
    tools: [tool],
    background: true,
    maxIterations: 20,
    request: {},
    prepares: false,
    structured: false,
    ...change,
  };
}

const creating: Creating = {
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
const items: readonly StoredItem[] = [{ type: 'input', input: 'Hi', history: [], lead: [] }];

function stateOf(spec: AgentSpec, change: Partial<RunState> = {}, policy: Partial<RunPolicy> = {}): RunState {
  const ids = { runId: 'run_1', metadata: { team: 'x' }, policy: { ...defaultPolicy, ...policy } };
  const attempt = {
    responseId: null,
    strategy: 'first',
    status: 'creating',
    mode: 'poll',
    polls: 0,
    reconnects: 0,
  } as const;
  return { ...initialState(spec, 'Hi', ids), phase: creating, attempts: [attempt], ...change };
}

function bodyOf(request: IterationRequest): object {
  return request.kind === 'create' ? request.body : {};
}

function create(spec: AgentSpec, change?: Partial<RunState>, policy?: Partial<RunPolicy>): object {
  return bodyOf(buildRequest(stateOf(spec, change, policy), spec, items));
}

function isDeepFrozen(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return Object.isFrozen(value) && Object.values(value).every(isDeepFrozen);
}

describe('a create', () => {
  test('contains all parameters of the agent in every iteration', () => {
    expect(create(specWith())).toEqual({
      model: 'gpt-6-astra',
      instructions: 'Be brief.',
      input: [{ role: 'user', content: 'Hi' }],
      tools: [tool],
      background: true,
      store: true,
      metadata: { team: 'x', longhaul_run_id: 'run_1', longhaul_iteration: '0' },
    });
  });

  test('is a new, deep-frozen object each time, and does not contain the caller’s objects (I1)', () => {
    const spec = specWith({ request: { reasoning: { effort: 'low' } } });
    const state = stateOf(spec);
    const [first, second] = [buildRequest(state, spec, items), buildRequest(state, spec, items)];
    expect(first).toEqual(second);
    expect(first).not.toBe(second);
    expect(isDeepFrozen(first)).toBe(true);
    expect([spec.tools, spec.request, spec.request['reasoning'], items[0]].some(Object.isFrozen)).toBe(false);
  });

  test('has the metadata of the agent and of the run', () => {
    const spec = specWith({ request: { metadata: { app: 'demo', team: 'y' } } });
    expect(create(spec)).toMatchObject({
      metadata: { app: 'demo', team: 'x', longhaul_run_id: 'run_1', longhaul_iteration: '0' },
    });
  });

  test.each([
    [true, undefined, true],
    [true, false, false],
    [true, true, true],
    [false, undefined, undefined],
    [false, false, false],
  ])('with background %s and store %s, sends store %s', (background, asked, sent) => {
    const request = asked === undefined ? {} : { store: asked };
    const body: { store?: unknown } = create(specWith({ background, request }));
    expect(body.store).toBe(sent);
  });

  test('has `stream` only if its attempt streams', () => {
    const attempt = {
      responseId: null,
      strategy: 'first',
      status: 'creating',
      mode: 'stream',
      polls: 0,
      reconnects: 0,
    } as const;
    expect(create(specWith(), { attempts: [attempt] })).toHaveProperty('stream', true);
    expect(create(specWith())).not.toHaveProperty('stream');
  });

  test('omits parameters without a value', () => {
    const { instructions: _none, ...bare } = specWith({ tools: [] });
    const body = create(bare);
    for (const field of ['instructions', 'tools', 'tool_choice', 'include', 'previous_response_id']) {
      expect(body).not.toHaveProperty(field);
    }
  });

  test('chains to the last completed response, and sends only new items', () => {
    const chained = { iteration: 1, strategy: 'chain', previousResponseId: 'resp_1' } as const;
    expect(create(specWith(), chained)).toMatchObject({ previous_response_id: 'resp_1', input: [] });
    expect(create(specWith(), { ...chained, strategy: 'replay' })).not.toHaveProperty('previous_response_id');
  });
});

describe('encrypted reasoning', () => {
  const sealed = 'reasoning.encrypted_content';
  const include = (request: object, change?: Partial<RunState>, policy?: Partial<RunPolicy>): unknown =>
    Reflect.get(create(specWith({ request: { ...request } }), change, policy), 'include');

  test('is not requested if the server keeps responses, because some models refuse it (agent-framework 7483)', () => {
    expect(include({})).toBeUndefined();
    expect(include({}, { stored: true })).toBeUndefined();
  });

  test('is requested with store: false, with replay, and if the server does not store', () => {
    expect(include({ store: false })).toEqual([sealed]);
    expect(include({}, {}, { continuation: 'replay' })).toEqual([sealed]);
    expect(include({}, { stored: false })).toEqual([sealed]);
  });

  test('is omitted after the model has refused it, without changing other entries', () => {
    const request = { store: false, include: ['file_search_call.results', sealed] };
    expect(include(request, { refusesEncryptedReasoning: true })).toEqual(['file_search_call.results']);
  });

  test('is added once to the `include` of the agent', () => {
    expect(include({ store: false, include: ['file_search_call.results'] })).toEqual([
      'file_search_call.results',
      sealed,
    ]);
    expect(include({ store: false, include: [sealed] })).toEqual([sealed]);
  });
});

describe('the changes of prepareRequest', () => {
  const patch = (iteration: number, strategy: 'first' | 'chain' | 'replay'): StoredItem => ({
    type: 'request',
    iteration,
    strategy,
    patch: {
      set: { temperature: 0, model: 'gpt-6-mini' },
      unset: ['instructions'],
      append: [{ role: 'developer', content: 'Hurry.' }],
    },
  });

  test('are sent with each create of the iteration', () => {
    const spec = specWith();
    const request = buildRequest(stateOf(spec), spec, [...items, patch(0, 'first')]);
    expect(bodyOf(request)).toMatchObject({ temperature: 0, model: 'gpt-6-mini', background: true });
    expect(bodyOf(request)).toHaveProperty('input', [
      { role: 'user', content: 'Hi' },
      { role: 'developer', content: 'Hurry.' },
    ]);
    expect(bodyOf(request)).not.toHaveProperty('instructions');
  });

  test('apply only to their own iteration and strategy', () => {
    const spec = specWith();
    const next = { iteration: 1, strategy: 'chain', previousResponseId: 'resp_1' } as const;
    for (const stored of [patch(0, 'first'), patch(1, 'replay')]) {
      const request = buildRequest(stateOf(spec, next), spec, [...items, stored]);
      expect(bodyOf(request)).not.toHaveProperty('temperature');
    }
  });
});

const waiting: Waiting = {
  type: 'waiting',
  pending: { responseId: 'resp_1', status: 'queued', since: 0 },
  mode: 'poll',
  nextAt: null,
  polls: 0,
  lastPolledAt: null,
  failures: 0,
  withoutCredentials: 0,
  notFoundSince: null,
  foreignSince: null,
  error: null,
  cursor: null,
  reconnects: 0,
  emptyStreams: 0,
  chained: false,
  doneItems: [],
  openItems: [],
  begun: false,
  gap: false,
  streamError: null,
};
const cancelling = {
  type: 'cancelling',
  outcome: { status: 'cancelled' },
  stage: 'cancelling',
  pending: waiting.pending,
  tries: 0,
  retryAt: null,
  deadlineAt: 1,
} as const;

describe('a request other than a create', () => {
  test.each<[string, Phase, IterationRequest]>([
    ['a poll', waiting, { kind: 'retrieve', responseId: 'resp_1', stream: false }],
    ['a stream', { ...waiting, mode: 'stream' }, { kind: 'retrieve', responseId: 'resp_1', stream: true }],
    [
      'a stream that continues after the last sequence number',
      { ...waiting, mode: 'stream', cursor: 7 },
      { kind: 'retrieve', responseId: 'resp_1', stream: true, startingAfter: 7 },
    ],
    [
      'a poll after a stream, which has no cursor',
      { ...waiting, cursor: 7 },
      { kind: 'retrieve', responseId: 'resp_1', stream: false },
    ],
    ['a cancel', cancelling, { kind: 'cancel', responseId: 'resp_1' }],
    [
      'the one GET after a cancel',
      { ...cancelling, stage: 'confirming' },
      { kind: 'retrieve', responseId: 'resp_1', stream: false },
    ],
  ])('is %s, and has no field for input', (_name, phase, expected) => {
    const spec = specWith();
    const request = buildRequest(stateOf(spec, { phase }), spec, items);
    expect(request).toEqual(expected);
    expect(isDeepFrozen(request)).toBe(true);
  });

  test('throws in a phase without a request', () => {
    const spec = specWith();
    const done = stateOf(spec, { phase: { type: 'done', outcome: { status: 'completed' } } });
    expect(() => buildRequest(done, spec, items)).toThrow(/run_1 has nothing to send/);
  });
});

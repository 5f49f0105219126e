import { expect, test } from 'vitest';
import type { JsonObject } from '../../wire/json.ts';
import { readResponse } from '../../wire/response.ts';
import { initialState } from '../initial-state.ts';
import { decisionProblem } from '../decision-problem.ts';
import type { EngineEventBody, RecordedDecision } from '../engine-event.ts';
import type { RunState } from '../run-state.ts';
import { transition } from '../transition.ts';

function step(state: RunState, event: EngineEventBody) {
  const [next, effects] = transition(state, { ...event, at: 0, random: 0.5 });
  const saves = effects.flatMap((effect) => (effect.type === 'save' ? [effect] : []));
  return { state: next, effects, save: saves[0] };
}

/** A run whose calls wait: `asked_…` for an approval, anything else for an output. */
function waiting(...callIds: readonly string[]): RunState {
  const agent = { name: 'a', model: 'm' };
  const output = callIds.map((callId) => ({
    type: 'function_call',
    id: `fc_${callId}`,
    call_id: callId,
    name: 'pay',
    arguments: '{}',
  }));
  const response = readResponse({ id: 'resp_1', status: 'completed', background: true, output });
  if (response === undefined) throw new Error('The response cannot be read.');
  const calls = callIds.map((callId) => ({
    callId,
    arguments: {},
    idempotent: false,
    external: !callId.startsWith('asked'),
    verdict: callId.startsWith('asked') ? ('ask' as const) : ('run' as const),
  }));
  let { state } = step(initialState(agent, 'Pay.', { runId: 'run_1' }), { type: 'started' });
  ({ state } = step(state, { type: 'responded', to: 'create', response }));
  return step(state, { type: 'assessed', calls }).state;
}

function decided(source: { id?: string; storeId?: string }, ...decisions: readonly RecordedDecision[]) {
  return { type: 'decided', iteration: 0, decisions, source } as const;
}

const approve = (callId: string) => ({ type: 'approve', callId }) as const;
const deny = (callId: string) => ({ type: 'deny', callId }) as const;
const answer = (callId: string) => ({ type: 'output', callId, output: 'done', json: false }) as const;

test('the save of a message deletes it from the inbox', () => {
  const { save } = step(waiting('asked_1'), decided({ id: 'm', storeId: '7' }, approve('asked_1')));
  expect(save).toMatchObject({ received: ['7'] });
});

test('an event that is not from the inbox does not delete a message', () => {
  const before = waiting('asked_1');
  expect(step(before, decided({ id: 'm' }, approve('asked_1'))).save).not.toHaveProperty('received');
  expect(step(before, { type: 'cancel_asked' }).save).not.toHaveProperty('received');
});

test.each([
  ['a decision that does not fit', decided({ storeId: '7' }, answer('asked_1'))],
  ['a decision of an earlier iteration', { ...decided({ storeId: '7' }, approve('asked_1')), iteration: 9 }],
  ['no decision', decided({ storeId: '7' })],
  ['an unreadable message', { type: 'unreadable_message', source: { storeId: '7' } } as const],
])('a message that changes nothing is saved, so that it is deleted: %s', (_name, message) => {
  const before = waiting('asked_1');
  const { state, save } = step(before, message);
  expect(save).toMatchObject({ received: ['7'] });
  expect(state).toMatchObject({ revision: before.revision + 1, status: 'requires_action' });
  expect(state.phase).toEqual(before.phase);
});

test('a second cancel is saved as well', () => {
  const { state } = step(initialState({ name: 'a', model: 'm' }, 'Hi', { runId: 'run_1' }), {
    type: 'started',
  });
  const cancelling = step(state, { type: 'cancel_asked', source: { id: 'a', storeId: '1' } });
  expect(cancelling.save).toMatchObject({ received: ['1'] });
  expect(cancelling.state.phase.type).toBe('cancelling');
  const second = step(cancelling.state, { type: 'cancel_asked', source: { id: 'b', storeId: '2' } });
  expect(second.save).toMatchObject({ received: ['2'] });
  expect(second.state.processedMessages).toEqual([
    { id: 'a', result: 'applied' },
    { id: 'b', result: 'applied' },
  ]);
});

test('a message that arrives twice has an effect once', () => {
  const message = decided({ id: 'm', storeId: '7' }, answer('out_1'));
  const before = waiting('out_1', 'out_2');
  const first = step(before, message);
  expect(first.effects).toContainEqual(
    expect.objectContaining({ type: 'emit', event: expect.objectContaining({ type: 'decision.made' }) }),
  );
  const again = step(first.state, { ...message, source: { id: 'm', storeId: '8' } });
  expect(again.effects).toEqual([{ type: 'save', append: [], received: ['8'] }]);
  expect(again.state.processedMessages).toEqual(first.state.processedMessages);
});

test('a message that was rejected stays rejected', () => {
  const approved = { ...waiting('asked_1') };
  const message = decided({ id: 'early' }, answer('asked_1'));
  const { state } = step(approved, message);
  expect(state.processedMessages).toMatchObject([{ id: 'early', result: 'rejected', callId: 'asked_1' }]);
  expect(step(state, message).state).toBe(state);
});

test('a message applies all its decisions, or none', () => {
  const before = waiting('asked_1', 'asked_2');
  const mixed = step(before, decided({ id: 'm' }, approve('asked_1'), approve('asked_3')));
  expect(mixed.state.phase).toBe(before.phase);
  expect(mixed.state.processedMessages).toMatchObject([
    { id: 'm', result: 'rejected', callId: 'asked_3', reason: expect.stringContaining('no call asked_3') },
  ]);
  const twice = step(before, decided({ id: 'm' }, approve('asked_1'), deny('asked_1')));
  expect(twice.state.phase).toBe(before.phase);
  expect(twice.state.processedMessages).toMatchObject([
    { result: 'rejected', callId: 'asked_1', reason: expect.stringContaining('decided twice') },
  ]);
  const both = step(before, decided({ id: 'm' }, approve('asked_1'), deny('asked_2')));
  expect(both.state.phase).toMatchObject({ calls: [{ status: 'running' }, { status: 'denied' }] });
  expect(both.state.processedMessages).toEqual([
    {
      id: 'm',
      result: 'applied',
      decided: {
        iteration: 0,
        calls: [
          { callId: 'asked_1', decision: 'approve' },
          { callId: 'asked_2', decision: 'deny' },
        ],
      },
    },
  ]);
});

test('the later of two decisions for one call is rejected, and the reason contains the first', () => {
  const { state } = step(waiting('asked_1', 'asked_2'), decided({ id: 'a' }, deny('asked_1')));
  const later = step(state, decided({ id: 'b' }, approve('asked_1'))).state;
  const reason = 'The call asked_1 of run run_1 is decided already ("deny"): "approve" does not apply to it.';
  expect(later.processedMessages?.at(-1)).toEqual({
    id: 'b',
    result: 'rejected',
    callId: 'asked_1',
    reason,
  });
  expect(decisionProblem(state, approve('asked_1'))).toBe(reason);
});

test('the run remembers the decision for a call of the previous iteration', () => {
  const { state } = step(waiting('out_1'), decided({ id: 'a' }, answer('out_1')));
  expect(state.iteration).toBe(1);
  const later = step(state, decided({ id: 'b' }, answer('out_1'))).state;
  expect(later.processedMessages?.at(-1)).toMatchObject({
    result: 'rejected',
    reason: expect.stringContaining('call out_1 of run run_1 is decided already ("output")'),
  });
  expect(decisionProblem(state, answer('out_1'))).toContain('is decided already ("output")');
});

test('a message without an id of its sender has an effect, but is not remembered', () => {
  const { state } = step(waiting('asked_1', 'asked_2'), decided({ storeId: '7' }, approve('asked_1')));
  expect(state.phase).toMatchObject({ calls: [{ status: 'running' }, { status: 'awaiting_approval' }] });
  expect(state.processedMessages).toBeUndefined();
});

test('the run remembers the last 50 messages that decided nothing', () => {
  let state = waiting('asked_1');
  for (let n = 0; n < 60; n += 1) ({ state } = step(state, decided({ id: `m${n}` }, answer('asked_1'))));
  expect(state.processedMessages).toHaveLength(50);
  expect(state.processedMessages?.[0]).toMatchObject({ id: 'm10' });
});

const ids = Array.from({ length: 60 }, (_, n) => `out_${n}`);

test('the run remembers all messages that decided calls of the current iteration or the one before', () => {
  let state = waiting(...ids);
  for (const id of ids) ({ state } = step(state, decided({ id: `of ${id}` }, answer(id))));
  expect(state.iteration).toBe(1);
  expect(state.processedMessages?.map(({ id }) => id)).toEqual(ids.map((id) => `of ${id}`));
});

test('the number of remembered messages does not grow with the run', () => {
  let state = waiting(...ids);
  for (const id of ids) ({ state } = step(state, decided({ id: `of ${id}` }, answer(id))));
  const respond = (id: string, output: readonly JsonObject[]): void => {
    const response = readResponse({ id, status: 'completed', background: true, output: [...output] });
    if (response === undefined) throw new Error('The response cannot be read.');
    ({ state } = step(state, { type: 'responded', to: 'create', response }));
  };
  const call = { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'pay', arguments: '{}' };
  respond('resp_2', [call]);
  const assessed = {
    callId: 'call_1',
    arguments: {},
    idempotent: false,
    external: true,
    verdict: 'run',
  } as const;
  ({ state } = step(state, { type: 'assessed', calls: [assessed] }));
  expect(state.processedMessages).toHaveLength(60);
  ({ state } = step(state, { ...decided({ id: 'last' }, answer('call_1')), iteration: 1 }));
  expect(state.iteration).toBe(2);
  expect(state.processedMessages).toHaveLength(50);
});

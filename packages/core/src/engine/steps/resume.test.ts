import { expect, test } from 'vitest';
import { modelResponse, seen } from '../../../test-support/engine/model-response.ts';
import { initialState } from '../initial-state.ts';
import { defaultPolicy, type RunPolicy } from '../run-policy.ts';
import type { RunState } from '../run-state.ts';
import { transition } from '../transition.ts';

const agent = { name: 'agent', model: 'gpt-6-astra' };
const hourMs = 3_600_000;
const policy: RunPolicy = { ...defaultPolicy, mode: 'poll', runMs: hourMs / 2, queuedMs: 10 * hourMs };
const answer = seen(modelResponse(1, 0, { background: true, store: true, numbered: true }), 'in_progress');

/** The run after it was resumed an hour later, and its create was answered. */
function resumedAfterAnHour(state: RunState): RunState {
  const common = { at: hourMs, time: 1, random: 0.5 };
  const [resumed] = transition(state, { type: 'resumed', policy, gapMs: hourMs, ...common });
  const [asked] = transition(resumed, { type: 'timer', ...common });
  const [answered] = transition(asked, {
    type: 'responded',
    to: asked.phase.type === 'waiting' ? 'retrieve' : 'create',
    response: answer,
    ...common,
  });
  return transition(answered, { type: 'timer', ...common })[0];
}

test('a run that a front has saved has all its time when the first worker drives it', () => {
  const state = initialState(agent, 'Hello', { runId: 'run_1', at: 0, policy });
  const [saved] = transition({ ...state, draining: true }, { type: 'started', at: 0, random: 0.5 });
  expect(resumedAfterAnHour(saved).status).toBe('in_progress');
});

test('a run that has sent its create has used the time in which no process drove it', () => {
  const state = initialState(agent, 'Hello', { runId: 'run_1', at: 0, policy });
  const [sent] = transition(state, { type: 'started', at: 0, random: 0.5 });
  const [waiting] = transition(sent, {
    type: 'responded',
    to: 'create',
    response: answer,
    at: 0,
    random: 0.5,
  });
  expect(resumedAfterAnHour(waiting)).toMatchObject({ status: 'cancelling' });
});

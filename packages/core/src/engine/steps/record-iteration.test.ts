import { describe, expect, test } from 'vitest';
import { defineAgent } from '../../agent/define-agent.ts';
import { noUsage } from '../../wire/usage.ts';
import { initialState } from '../initial-state.ts';
import type { RunState } from '../run-state.ts';
import { Step } from '../step.ts';
import { recordIteration } from './record-iteration.ts';

const attempt = {
  responseId: 'resp_1',
  strategy: 'first',
  status: 'completed',
  mode: 'poll',
  polls: 2,
  reconnects: 0,
} as const;
const usage = { ...noUsage, totalTokens: 7 };
const end = { responseId: 'resp_1', status: 'completed', usage, text: 'Hi', toolCallIds: ['call_1'] };

function recorded(state: Partial<RunState>, store?: boolean) {
  const { spec } = defineAgent({ name: 'a', model: 'm' });
  const before = initialState(spec, 'Hi', { runId: 'run_1', at: 5 });
  const step = new Step({ ...before, attempts: [attempt], ...state }, { type: 'timer', at: 9, random: 0.5 });
  recordIteration(step, { ...end, store });
  return step.finish();
}

test('recordIteration appends the iteration, and emits it with the usage of the whole run', () => {
  const [save, emitted] = recorded({
    iteration: 2,
    iterationStartedAt: 6,
    usage: { ...noUsage, totalTokens: 30 },
  });
  expect(save).toEqual({
    type: 'save',
    append: [
      {
        type: 'iteration',
        iteration: 2,
        responseId: 'resp_1',
        status: 'completed',
        usage,
        attempts: [attempt],
        stored: true,
        startedAt: 6,
        endedAt: 9,
      },
    ],
  });
  expect(emitted).toMatchObject({
    type: 'emit',
    event: { type: 'iteration.completed', iteration: 2, text: 'Hi', usage, totalUsage: { totalTokens: 30 } },
  });
});

describe('`stored` of an iteration', () => {
  test.each<[now: boolean | undefined, before: boolean | null, requested: boolean | null, stored: boolean]>([
    [undefined, null, null, true],
    [undefined, null, false, false],
    [undefined, false, true, false],
    [false, true, true, false],
    [true, false, false, true],
  ])('the response has %s, an earlier one %s, the request %s: %s', (now, before, requested, stored) => {
    const { policy } = initialState(defineAgent({ name: 'a', model: 'm' }).spec, 'Hi', { runId: 'run_1' });
    const [save] = recorded({ stored: before, policy: { ...policy, store: requested } }, now);
    expect(save).toMatchObject({ append: [{ stored }] });
  });
});

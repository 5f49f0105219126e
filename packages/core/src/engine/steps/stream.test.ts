import { expect, test } from 'vitest';
import { modelResponse } from '../../../test-support/engine/model-response.ts';
import { initialState } from '../by-hand.ts';
import { defaultPolicy } from '../run-policy.ts';
import type { RunState, Waiting } from '../run-state.ts';
import { transition } from '../transition.ts';

const agent = { name: 'agent', model: 'gpt-6-astra' };
const { log } = modelResponse(1, 0, { background: true, store: true, numbered: true });

/** A run whose stream breaks again and again, each time after so many more events. */
function broken(times: number, eventsEach: number): Waiting {
  let at = 0;
  let [state]: [RunState, unknown] = transition(
    initialState(agent, 'Hello', { runId: 'run_1', at, policy: { ...defaultPolicy, mode: 'stream' } }),
    { type: 'started', at, random: 0.5 },
  );
  const waiting = (): Waiting => {
    if (state.phase.type !== 'waiting') throw new Error(`The run is ${state.phase.type}.`);
    return state.phase;
  };
  const feed = (event: Parameters<typeof transition>[1]): void => {
    [state] = transition(state, event);
  };
  feed({ type: 'streamed', events: log.slice(0, 1), at, random: 0.5 });
  for (let time = 0, next = 1; time < times; time += 1, next += eventsEach) {
    if (waiting().mode === 'poll') break;
    const events = log.slice(next, next + eventsEach);
    feed({ type: 'streamed', events, at, random: 0.5 });
    feed({ type: 'stream_ended', reason: 'eof', at, random: 0.5 });
    at = waiting().nextAt ?? at;
    feed({ type: 'timer', at, random: 0.5 });
    feed({ type: 'stream_opened', at, random: 0.5 });
  }
  return waiting();
}

test('a stream that breaks after each event is opened again each time: it gets on', () => {
  expect(broken(7, 1)).toMatchObject({ mode: 'stream', reconnects: 7, cursor: 7 });
});

test('one that breaks without having brought anything new is given up after a while, and the response polled', () => {
  expect(broken(7, 0)).toMatchObject({ mode: 'poll', reconnects: 6, cursor: 0 });
});

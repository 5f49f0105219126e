import { describe, expect, test } from 'vitest';
import type { EngineEventBody } from '../engine-event.ts';
import { modelResponse } from '../../../test-support/engine/model-response.ts';
import type { JsonObject } from '../../wire/json.ts';
import { initialState } from '../initial-state.ts';
import { defaultPolicy } from '../run-policy.ts';
import type { RunState, Waiting } from '../run-state.ts';
import { transition } from '../transition.ts';

const agent = { name: 'agent', model: 'gpt-6-astra' };
const { log } = modelResponse(1, 0, { background: true, store: true, numbered: true });

/** A waiting run whose stream breaks `times` times, each time after `eventsEach` new events. */
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

test('the run reopens a stream that breaks after each new event', () => {
  expect(broken(7, 1)).toMatchObject({ mode: 'stream', reconnects: 7, cursor: 7 });
});

test('the run polls after several streams that break without a new event', () => {
  expect(broken(7, 0)).toMatchObject({ mode: 'poll', reconnects: 6, cursor: 0 });
});

/** A run whose stream has sent these events. */
function streaming(events: readonly JsonObject[]): RunState {
  const policy = { ...defaultPolicy, mode: 'stream' as const };
  const [started] = transition(initialState(agent, 'Hello', { runId: 'run_1', at: 0, policy }), {
    type: 'started',
    at: 0,
    random: 0.5,
  });
  return events.length === 0 ? started : applied(started, { type: 'streamed', events });
}

/** The run after these events. Each happens when the next timer is due. */
function applied(state: RunState, ...events: readonly EngineEventBody[]): RunState {
  let after = state;
  for (const event of events) {
    const at = (after.phase.type === 'waiting' ? after.phase.nextAt : null) ?? 1_000;
    [after] = transition(after, { ...event, at, random: 0.5 });
  }
  return after;
}

function waitingOf({ phase }: RunState): Waiting {
  if (phase.type !== 'waiting') throw new Error(`The run is ${phase.type}.`);
  return phase;
}

const ping = { type: 'keepalive', sequence_number: 1_000 };
const opened: readonly EngineEventBody[] = [
  { type: 'stream_ended', reason: 'eof' },
  { type: 'timer' },
  { type: 'stream_opened' },
];

describe('progress of a stream', () => {
  test('headers and keepalives do not count a gap, but the next event of the response does', () => {
    const slept = applied(streaming(log.slice(0, 2)), { type: 'slept', gapMs: 7_000 }, ...opened.slice(1));
    expect(slept.clock.gapMs).toBe(7_000);
    expect(applied(slept, { type: 'streamed', events: [ping, ...log.slice(0, 2)] }).clock.gapMs).toBe(7_000);
    expect(applied(slept, { type: 'streamed', events: log.slice(2, 3) }).clock.gapMs).toBe(0);
  });

  test('an event without the response does not count a gap, but the event with it does', () => {
    const slept = applied(streaming([]), { type: 'slept', gapMs: 7_000 });
    expect(applied(slept, { type: 'streamed', events: [ping] }).clock.gapMs).toBe(7_000);
    expect(applied(slept, { type: 'streamed', events: [ping, ...log.slice(0, 1)] }).clock.gapMs).toBe(0);
  });

  test('a stream with only numbered keepalives counts as empty', () => {
    const [pings, news] = [[ping], log.slice(2, 3)].map((events) =>
      applied(
        streaming(log.slice(0, 2)),
        ...opened,
        { type: 'streamed', events },
        { type: 'stream_ended', reason: 'eof' },
      ),
    );
    expect([pings, news].map((state) => state && waitingOf(state).emptyStreams)).toEqual([2, 1]);
  });

  test('streamed items stay until the first event of a stream that is read from its beginning', () => {
    const bare = log.map(({ sequence_number: _number, ...event }) => event);
    const reopened = applied(streaming(bare.slice(0, -1)), ...opened);
    expect(waitingOf(reopened).doneItems).toHaveLength(1);
    expect(waitingOf(applied(reopened, { type: 'streamed', events: bare.slice(0, 1) })).doneItems).toEqual(
      [],
    );
  });
});

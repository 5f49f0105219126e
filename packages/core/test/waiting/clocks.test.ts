import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { functionCall, handServer, messageOf, responseOf } from '../../test-support/hand-server.ts';
import { scenario } from '../../test-support/scenario.ts';
import type { StreamEvent } from '../../test-support/stream-events.ts';
import { defineAgent } from '../../src/agent/define-agent.ts';
import { tool } from '../../src/agent/tool.ts';
import { fetchClient } from '../../src/client/fetch-client.ts';
import type { Clock } from '../../src/clock/clock.ts';
import { createRunner } from '../../src/driver/runner/create-runner.ts';
import { manualClock, type Fault } from '../../src/testing/index.ts';

const hour = 3_600_000;
const slow = [{ text: 'Done.', queuedMs: 0, runMs: hour }];

/** A clock of the caller that has only `now` and `sleep`. */
function plain(clock: ReturnType<typeof manualClock>): Clock {
  return { now: () => clock.now(), sleep: (ms, signal) => clock.sleep(ms, signal) };
}

describe.each(['with a clock that has `monotonic`', 'with only `now` and `sleep`'])('%s', (kind) => {
  const clocks = () => {
    const clock = manualClock(1_770_000_000_000);
    return { clock, given: kind.startsWith('with a') ? clock : plain(clock) };
  };

  test.each([0.01, 0.5, 2, 48])(
    'after the machine slept %d h, the next request is sent within 5 s (claude-code 32116, zed 55901)',
    async (hours) => {
      const { clock, given } = clocks();
      const server = handServer(
        ({ path }) => {
          if (path === '/responses') return responseOf('resp_1', 'queued');
          return responseOf('resp_1', 'completed', { output: [messageOf('ok')] });
        },
        { runner: { clock: given, polling: { minMs: 1_800_000, maxMs: 1_800_000 } } },
      );
      const run = server.start();
      await clock.advance(10_000);
      clock.jump(hours * hour);
      await clock.advance(5_000);
      expect(run.view).toMatchObject({ status: 'completed', text: 'ok' });
      expect(server.seen).toHaveLength(2);
    },
  );

  test('after the machine slept, the run does not wait for an open stream, whose connection may be dead', async () => {
    const { clock, given } = clocks();
    const silent: Fault = { fault: 'stall', n: 2 };
    const s = scenario({
      clock,
      script: slow,
      faults: [silent],
      runner: { clock: given, limits: { streamIdleMs: hour } },
    });
    const run = s.start();
    await clock.advance(10_000);
    clock.jump(2 * hour);
    await clock.advance(5_000);
    // The stream is too old to resume, so the run polls and finds the job complete.
    expect(s.trace()).toEqual(['create', 'poll']);
    expect(run.view.status).toBe('completed');
  });

  test.each([-2 * hour, -60_000])(
    'a clock that jumps by %d ms does not block the run (KadNode 158, srs 116)',
    async (ms) => {
      const { clock, given } = clocks();
      const s = scenario({
        clock,
        script: [{ text: 'Done.', queuedMs: 0, runMs: 60_000 }],
        runner: { clock: given, mode: 'poll' },
      });
      const run = s.start();
      await clock.advance(20_000);
      clock.jump(ms);
      const before = s.sent().length;
      await clock.advance(10_000);
      expect(s.sent().length).toBeGreaterThan(before);
      const next = (run.view.waiting?.nextPollAt ?? 0) - clock.now();
      expect(next).toBeGreaterThanOrEqual(0);
      expect(next).toBeLessThan(30_000);
    },
  );

  test('a clock that is set back during a back-off does not extend the time limit of the run', async () => {
    const { clock, given } = clocks();
    const s = scenario({
      clock,
      script: slow,
      faults: [
        { fault: 'http', status: 503, times: 3 },
        { fault: 'stall', n: 2 },
      ],
      runner: { clock: given, limits: { runMs: 600_000 } },
    });
    const run = s.start();
    await clock.advance(500);
    clock.jump(-hour);
    await clock.advance(600_000);
    expect(run.view).toMatchObject({ status: 'incomplete', error: { code: 'run_timeout' } });
  });
});

describe('time in which the process received no state of the response', () => {
  test('counts towards `queuedMs` after the API reports the response as still queued', async () => {
    const s = scenario({ faults: [{ fault: 'stuck-queued' }], runner: { mode: 'poll' } });
    const run = s.start();
    await s.clock.advance(10_000);
    s.clock.jump(2 * hour);
    await s.clock.advance(10_000);
    expect(run.view).toMatchObject({ status: 'incomplete', error: { code: 'queued_timeout' } });
    expect(s.trace()).toEqual(['create', 'poll', 'cancel', 'poll']);
  });

  test('does not count towards the limit of an iteration that starts after it', async () => {
    const free = tool({ name: 'free', parameters: z.object({}), execute: () => 'yes' });
    const state = { asleep: true, done: false };
    const server = handServer(
      ({ path, method }, count) => {
        if (method === 'POST') return responseOf(count === 1 ? 'resp_1' : 'resp_2', 'queued');
        if (path.includes('resp_1'))
          return state.asleep
            ? responseOf('resp_1', 'queued')
            : responseOf('resp_1', 'completed', { output: [functionCall('call_1', 'free', '{}')] });
        if (!state.done) return responseOf('resp_2', 'queued');
        return responseOf('resp_2', 'completed', { output: [messageOf('ok')] });
      },
      { tools: [free] },
    );
    const run = server.start();
    await server.clock.advance(11_500);
    server.clock.jump(2 * hour);
    state.asleep = false;
    // The poll precedes the next comparison of the clocks, and ends iteration 0. Iteration 1 is queued for seconds.
    await server.clock.advance(20_000);
    expect(run.view).toMatchObject({ status: 'queued', iteration: 1 });
    state.done = true;
    await server.clock.advance(10_000);
    expect(run.view).toMatchObject({ status: 'completed', text: 'ok' });
    expect(server.seen.filter(({ path }) => path.endsWith('/cancel'))).toEqual([]);
  });

  test('does not count while the network is down', async () => {
    const state = { down: false, status: 'in_progress' };
    const server = handServer(({ path }) => {
      if (state.down) throw new TypeError('fetch failed');
      const status = path === '/responses' ? 'queued' : state.status;
      return responseOf('resp_1', status, { output: status === 'completed' ? [messageOf('ok')] : [] });
    });
    const run = server.start();
    await server.clock.advance(60_000);
    server.clock.jump(30 * hour);
    Object.assign(state, { down: true, status: 'completed' });
    await server.clock.advance(hour);
    expect(run.view).toMatchObject({ status: 'in_progress', driver: 'here' });
    state.down = false;
    await server.clock.advance(60_000);
    expect(run.view).toMatchObject({ status: 'completed', text: 'ok' });
  });

  test.each<[string, Fault[], object]>([
    ['a complete response ends the run', [], { status: 'completed' }],
    [
      'a running response reaches its limit',
      [{ fault: 'stuck-in-progress' }],
      { status: 'incomplete', error: { code: 'run_timeout' } },
    ],
  ])('between two processes counts only after an answer: %s', async (_name, faults, end) => {
    const s = scenario({ script: slow, faults, runner: { mode: 'poll' } });
    const run = s.start();
    await s.clock.advance(10_000);
    await run.detach();
    s.clock.jump(30 * hour);
    const before = s.sent().length;
    const resumed = await s.reboot().resume(s.agent, run.id);
    await s.clock.advance(10_000);
    expect(s.sent()[before]).toBe('poll');
    expect(resumed.view).toMatchObject(end);
  });

  test.each([503, 429, 404])('does not count after an answer without the response: %i', async (status) => {
    const state = { trouble: false, status: 'queued' };
    const server = handServer(({ path }) => {
      if (state.trouble) {
        state.trouble = false;
        return Response.json({ error: { message: 'Not now.', type: 'server_error' } }, { status });
      }
      const { status: now } = state;
      return responseOf('resp_1', path === '/responses' ? 'queued' : now, {
        output: now === 'completed' ? [messageOf('ok')] : [],
      });
    });
    const run = server.start();
    await server.clock.advance(10_000);
    server.clock.jump(2 * hour);
    Object.assign(state, { trouble: true, status: 'completed' });
    await server.clock.advance(60_000);
    expect(run.view).toMatchObject({ status: 'completed', text: 'ok' });
  });

  test('does not count while the run waits for a person', async () => {
    const asks = tool({
      name: 'get_weather',
      parameters: z.object({ city: z.string() }),
      needsApproval: true,
      execute: () => 'dry',
    });
    const s = scenario({ tools: [asks], runner: { mode: 'poll' } });
    const run = s.start();
    await s.clock.advance(60_000);
    expect(run.view.status).toBe('requires_action');
    s.clock.jump(30 * hour);
    await s.clock.advance(60_000);
    await run.approve('call_1');
    await s.settle(run.done());
    expect(run.view.status).toBe('completed');
  });

  test.each(['queued', 'in_progress'])(
    'does not include the correction of a clock that was set back: the response is %s',
    async (status) => {
      const state = { status };
      const server = handServer(
        ({ method }) =>
          responseOf('resp_1', method === 'POST' ? 'queued' : state.status, {
            output: state.status === 'completed' ? [messageOf('ok')] : [],
          }),
        { runner: { limits: { runMs: 2 * hour } } },
      );
      const run = server.start();
      await server.clock.advance(30_000);
      server.clock.jump(-3 * hour);
      await server.clock.advance(30_000);
      server.clock.jump(3 * hour);
      await server.clock.advance(30_000);
      expect(run.view).toMatchObject({ status, driver: 'here' });
      state.status = 'completed';
      await server.clock.advance(60_000);
      expect(run.view).toMatchObject({ status: 'completed', text: 'ok' });
    },
  );
});

test('a queued response does not reach `queuedMs` while polls fail', async () => {
  const state = { away: false, status: 'queued' };
  const server = handServer(({ method }) => {
    if (state.away) throw new TypeError('fetch failed');
    const status = method === 'POST' ? 'queued' : state.status;
    return responseOf('resp_1', status, { output: status === 'completed' ? [messageOf('ok')] : [] });
  });
  const run = server.start();
  await server.clock.advance(10_000);
  Object.assign(state, { away: true, status: 'completed' });
  await server.clock.advance(2 * hour);
  expect(run.view).toMatchObject({ status: 'queued', driver: 'here' });
  state.away = false;
  await server.clock.advance(60_000);
  expect(run.view).toMatchObject({ status: 'completed', text: 'ok' });
});

test('a cancel that was in flight when the machine slept is sent again when it wakes', async () => {
  const state = { cancels: 0 };
  const clock = manualClock();
  const client = fetchClient({
    baseURL: 'http://api.test/v1',
    fetch: async (url) => {
      if (!url.endsWith('/cancel')) return Response.json(responseOf('resp_1', 'in_progress'));
      state.cancels += 1;
      if (state.cancels === 1) await clock.sleep(24 * hour);
      return Response.json(responseOf('resp_1', 'cancelled'));
    },
  });
  const agent = defineAgent({ name: 'a', model: 'm' });
  const run = createRunner({ client, clock, mode: 'poll' }).start(agent, 'Hi');
  await clock.advance(2_000);
  const cancelled = run.cancel();
  await clock.advance(1_000);
  clock.jump(2 * hour);
  await clock.advance(10_000);
  await cancelled;
  expect(state.cancels).toBe(2);
  expect(run.view).toMatchObject({ status: 'cancelled', warnings: [] });
});

test('a stream of a server that ignores `background` stays open after a clock jump', async () => {
  const clock = manualClock();
  const fields = { background: false };
  const events: readonly [number, StreamEvent][] = [
    [0, { type: 'response.created', response: responseOf('resp_1', 'in_progress', fields) }],
    [
      40_000,
      {
        type: 'response.completed',
        response: responseOf('resp_1', 'completed', { ...fields, output: [messageOf('ok')] }),
      },
    ],
  ];
  const client = fetchClient({
    baseURL: 'http://ollama.test/v1',
    fetch: async (_url, init) => {
      if (init?.method !== 'POST') return new Response('404 page not found', { status: 404 });
      const left = [...events];
      const body = new ReadableStream<Uint8Array>({
        async pull(controller) {
          const next = left.shift();
          if (next === undefined) return controller.close();
          await clock.sleep(next[0]);
          if (init.signal?.aborted === true) return controller.error(init.signal.reason);
          controller.enqueue(new TextEncoder().encode(`data: ${JSON.stringify(next[1])}\n\n`));
        },
      });
      return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
    },
  });
  const run = createRunner({ client, clock }).start(defineAgent({ name: 'a', model: 'm' }), 'Hi');
  await clock.advance(10_000);
  clock.jump(2 * hour);
  await clock.advance(40_000);
  expect(run.view).toMatchObject({ status: 'completed', text: 'ok' });
});

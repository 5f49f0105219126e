import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { functionCall, handServer, messageOf, responseOf } from '../../test-support/hand-server.ts';
import { scenario } from '../../test-support/scenario.ts';
import { tool } from '../agent/tool.ts';
import type { Clock } from '../clock/clock.ts';
import { manualClock, type Fault } from '../testing/index.ts';

const hour = 3_600_000;
const slow = [{ text: 'Done.', queuedMs: 0, runMs: hour }];

/** A clock of the caller's own, which has `now` and `sleep` alone. */
function plain(clock: ReturnType<typeof manualClock>): Clock {
  return { now: () => clock.now(), sleep: (ms, signal) => clock.sleep(ms, signal) };
}

describe.each(['with a clock that does not jump', 'with `now` and `sleep` alone'])('%s', (kind) => {
  const clocks = () => {
    const clock = manualClock(1_770_000_000_000);
    return { clock, given: kind.startsWith('with a') ? clock : plain(clock) };
  };

  test.each([0.01, 0.5, 2, 48])(
    'after a sleep of %d h the next request is sent within one tick (claude-code 32116, zed 55901)',
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

  test('after a sleep an open stream is opened again: its connection may be dead', async () => {
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
    // Older than the stream's window: it is polled, and the job is done.
    expect(s.trace()).toEqual(['create', 'poll']);
    expect(run.view.status).toBe('completed');
  });

  test.each([-2 * hour, -60_000])(
    'a clock that is set back by %d ms strands nothing (KadNode 158, srs 116)',
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

  test('a clock that is set back does not stretch a back-off, a limit or an idle stream', async () => {
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

describe('time in which nothing was known of a run', () => {
  test('counts towards `queuedMs` once the API has said that the response is still queued', async () => {
    const s = scenario({ faults: [{ fault: 'stuck-queued' }], runner: { mode: 'poll' } });
    const run = s.start();
    await s.clock.advance(10_000);
    s.clock.jump(2 * hour);
    await s.clock.advance(10_000);
    expect(run.view).toMatchObject({ status: 'incomplete', error: { code: 'queued_timeout' } });
    expect(s.trace()).toEqual(['create', 'poll', 'cancel', 'poll']);
  });

  test('does not age what begins after it, before the clocks are compared', async () => {
    const free = tool({ name: 'free', parameters: z.object({}), execute: () => 'yes' });
    const world = { asleep: true, done: false };
    const server = handServer(
      ({ path, method }, count) => {
        if (method === 'POST') return responseOf(count === 1 ? 'resp_1' : 'resp_2', 'queued');
        if (path.includes('resp_1'))
          return world.asleep
            ? responseOf('resp_1', 'queued')
            : responseOf('resp_1', 'completed', { output: [functionCall('call_1', 'free', '{}')] });
        if (!world.done) return responseOf('resp_2', 'queued');
        return responseOf('resp_2', 'completed', { output: [messageOf('ok')] });
      },
      { tools: [free] },
    );
    const run = server.start();
    await server.clock.advance(11_500);
    server.clock.jump(2 * hour);
    world.asleep = false;
    // The poll comes before the next comparison, and with it the second leg, which is queued for seconds.
    await server.clock.advance(20_000);
    expect(run.view).toMatchObject({ status: 'queued', iteration: 1 });
    world.done = true;
    await server.clock.advance(10_000);
    expect(run.view).toMatchObject({ status: 'completed', text: 'ok' });
    expect(server.seen.filter(({ path }) => path.endsWith('/cancel'))).toEqual([]);
  });

  test('does not count while the network is away', async () => {
    const world = { down: false, status: 'in_progress' };
    const server = handServer(({ path }) => {
      if (world.down) throw new TypeError('fetch failed');
      const status = path === '/responses' ? 'queued' : world.status;
      return responseOf('resp_1', status, { output: status === 'completed' ? [messageOf('ok')] : [] });
    });
    const run = server.start();
    await server.clock.advance(60_000);
    server.clock.jump(30 * hour);
    Object.assign(world, { down: true, status: 'completed' });
    await server.clock.advance(hour);
    expect(run.view).toMatchObject({ status: 'in_progress', driver: 'here' });
    world.down = false;
    await server.clock.advance(60_000);
    expect(run.view).toMatchObject({ status: 'completed', text: 'ok' });
  });

  test.each<[string, Fault[], object]>([
    ['a response that is over is taken', [], { status: 'completed' }],
    [
      'one that still runs has reached its limit',
      [{ fault: 'stuck-in-progress' }],
      { status: 'incomplete', error: { code: 'run_timeout' } },
    ],
  ])('between two processes counts after one answer: %s', async (_name, faults, end) => {
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

  test.each([503, 429, 404])(
    'does not count by an answer that says nothing of the response: %i',
    async (status) => {
      const world = { trouble: false, status: 'queued' };
      const server = handServer(({ path }) => {
        if (world.trouble) {
          world.trouble = false;
          return Response.json({ error: { message: 'Not now.', type: 'server_error' } }, { status });
        }
        const { status: now } = world;
        return responseOf('resp_1', path === '/responses' ? 'queued' : now, {
          output: now === 'completed' ? [messageOf('ok')] : [],
        });
      });
      const run = server.start();
      await server.clock.advance(10_000);
      server.clock.jump(2 * hour);
      Object.assign(world, { trouble: true, status: 'completed' });
      await server.clock.advance(60_000);
      expect(run.view).toMatchObject({ status: 'completed', text: 'ok' });
    },
  );

  test('does not count while a person is awaited', async () => {
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
});

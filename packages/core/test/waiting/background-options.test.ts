import { describe, expect, test } from 'vitest';
import { handServer, messageOf, responseOf, type HandServerOptions } from '../../test-support/hand-server.ts';
import { createRunner } from '../../src/driver/runner/create-runner.ts';
import type { JsonObject } from '../../src/wire/json.ts';

const hour = 3_600_000;
const window8h = { completion_window: '8h' };

function queuedFor(ms: number, options: HandServerOptions, failures = 0) {
  let began = 0;
  let failed = 0;
  const server = handServer(
    ({ method, path }) => {
      const id = `resp_${failed}`;
      if (path === '/responses') {
        began = server.clock.now();
        return responseOf(id, 'queued');
      }
      if (method === 'POST') return responseOf(id, 'cancelled');
      if (failed < failures) {
        failed += 1;
        return responseOf(id, 'failed', { error: { code: 'server_error', message: 'Oops.' } });
      }
      const isOver = server.clock.now() - began >= ms;
      return isOver
        ? responseOf(id, 'completed', { output: [messageOf('Done.')] })
        : responseOf(id, 'queued');
    },
    { ...options, runner: { mode: 'auto', ...options.runner } },
  );
  return server;
}

const bodies = ({ seen }: ReturnType<typeof queuedFor>): readonly JsonObject[] =>
  seen.filter(({ path }) => path === '/responses').map(({ body }) => body);

describe.each<[string, NonNullable<HandServerOptions['agent']>]>([
  ['`request` of the agent', { request: { background_options: window8h } }],
  ['`prepareRequest`', { prepareRequest: (request) => ({ ...request, background_options: window8h }) }],
])('a run with a completion window of eight hours in %s', (_where, agent) => {
  test('sends the create without `stream`, and polls at most once a minute until the response ends', async () => {
    const server = queuedFor(7.5 * hour, { agent });
    const run = server.start();
    await server.clock.advance(8 * hour);
    expect(run.view).toMatchObject({ status: 'completed', text: 'Done.' });
    expect(bodies(server)).toMatchObject([{ background_options: window8h }]);
    expect(bodies(server)[0]).not.toHaveProperty('stream');
    expect(server.seen.length).toBeLessThanOrEqual(1 + 60 * 8);
  });

  test('ends with `queued_timeout` an hour after the window', async () => {
    const server = queuedFor(100 * hour, { agent });
    const run = server.start();
    await server.clock.advance(9 * hour - 120_000);
    expect(run.view.status).toBe('queued');
    await server.clock.advance(240_000);
    expect(run.view).toMatchObject({ status: 'incomplete', error: { code: 'queued_timeout' } });
  });

  test('ends earlier at a lower `queuedMs` of the caller', async () => {
    const server = queuedFor(100 * hour, { agent, runner: { limits: { queuedMs: 2 * hour } } });
    const run = server.start();
    await server.clock.advance(2 * hour + 120_000);
    expect(run.view).toMatchObject({ status: 'incomplete', error: { code: 'queued_timeout' } });
  });

  test('keeps the window when it creates the response again', async () => {
    const server = queuedFor(7 * hour, { agent }, 2);
    const run = server.start();
    await server.clock.advance(8 * hour);
    expect(run.view).toMatchObject({ status: 'completed', text: 'Done.' });
    expect(bodies(server)).toHaveLength(3);
    for (const body of bodies(server)) {
      expect(body).toMatchObject({ background_options: window8h });
      expect(body).not.toHaveProperty('stream');
    }
  });

  test('polls at most once a minute, even if `wake` is called every second', async () => {
    const server = queuedFor(7.5 * hour, { agent });
    const runner = createRunner({ ...server.options, mode: 'auto' });
    const run = runner.start(server.agent, 'Hi');
    for (let second = 0; second < 3_600; second += 1) {
      await server.clock.advance(1_000);
      runner.wake();
    }
    expect(server.seen.length).toBeLessThanOrEqual(1 + 60);
    expect(server.seen.length).toBeGreaterThan(50);
    expect(run.view.status).toBe('queued');
  });

  test('polls immediately after the machine slept long, and at most once a minute after short sleeps', async () => {
    const server = queuedFor(7.5 * hour, { agent });
    const run = server.start();
    await server.clock.advance(90_000);
    server.clock.jump(4 * hour);
    await server.clock.advance(5_000);
    expect(server.seen).toHaveLength(1 + 2);
    for (let nap = 0; nap < 100; nap += 1) {
      server.clock.jump(31_000);
      await server.clock.advance(5_000);
    }
    // An hour has passed, in short sleeps.
    expect(server.seen.length).toBeLessThanOrEqual(1 + 2 + 60);
    server.clock.jump(4 * hour);
    await server.clock.advance(5_000);
    expect(run.view).toMatchObject({ status: 'completed', text: 'Done.' });
  });

  test.each([
    [{}, 'completed'],
    [{ runMs: 4 * hour }, 'incomplete'],
  ])('completes after 7.5 hours unless the caller set a lower `runMs`: %j', async (limits, status) => {
    const server = queuedFor(7.5 * hour, { agent, runner: { limits } });
    const run = server.start();
    await server.clock.advance(8 * hour);
    expect(run.view.status).toBe(status);
  });
});

test.each([{ completion_window: 'soonest' }, {}])(
  'the run streams if `background_options` is %j',
  async (options) => {
    const server = queuedFor(0, { agent: { request: { background_options: options } } });
    server.start();
    await server.clock.advance(60_000);
    expect(bodies(server)).toMatchObject([{ stream: true }]);
  },
);

test('a window that `prepareRequest` removes has no effect', async () => {
  const server = queuedFor(0, {
    agent: {
      request: { background_options: window8h },
      prepareRequest: (request) => ({ ...request, background_options: undefined }),
    },
  });
  server.start();
  await server.clock.advance(60_000);
  expect(bodies(server)).toMatchObject([{ stream: true }]);
});

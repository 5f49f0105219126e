import { describe, expect, test } from 'vitest';
import { handServer, messageOf, responseOf, type HandServerOptions } from '../../test-support/hand-server.ts';

const hour = 3_600_000;
const done = responseOf('resp_1', 'completed', { output: [messageOf('Done.')] });

/** A job takes `ms`. In its first half hour, each GET but the first gets `answer`, which states a delay of an hour. */
function serverWithDelay(ms: number, answer: () => Response, options: HandServerOptions) {
  let began = 0;
  const server = handServer(({ method, path }, count) => {
    if (path === '/responses') began = server.clock.now();
    const waited = server.clock.now() - began;
    if (method === 'POST') return responseOf('resp_1', path === '/responses' ? 'queued' : 'cancelled');
    if (count > 2 && waited < hour / 2) return answer();
    return waited >= ms ? done : responseOf('resp_1', 'queued');
  }, options);
  return server;
}

const delays: readonly (readonly [string, () => Response])[] = [
  [
    'a 429 with Retry-After: 3600',
    () => {
      const error = { message: 'Slow down.', type: 'x', code: 'rate_limit_exceeded', param: null };
      return Response.json({ error }, { status: 429, headers: { 'retry-after': '3600' } });
    },
  ],
  [
    'an answer with openai-poll-after-ms',
    () => Response.json(responseOf('resp_1', 'queued'), { headers: { 'openai-poll-after-ms': '3600000' } }),
  ],
];

describe.each(delays)('a limit that passes while the loop waits for the delay of %s', (_name, answer) => {
  const limits = [
    [{ queuedMs: hour }, 'queued_timeout'],
    [{ queuedMs: 9 * hour, runMs: hour }, 'run_timeout'],
  ] as const;

  test.each(limits)(
    'applies only after one more GET, so that a finished job completes the run [%j]',
    async (limit) => {
      const server = serverWithDelay(hour / 2, answer, { runner: { limits: limit } });
      const run = server.start();
      await server.clock.advance(hour + 1_000);
      expect(run.view).toMatchObject({ status: 'completed', text: 'Done.' });
      // The create, the first GET, the GET with the delay, and the GET at the limit.
      expect(server.seen.map(({ method }) => method)).toEqual(['POST', 'GET', 'GET', 'GET']);
    },
  );

  test.each(limits)(
    'ends the run after one more GET if the job is still running [%j]',
    async (limit, code) => {
      const server = serverWithDelay(9 * hour, answer, { runner: { limits: limit } });
      const run = server.start();
      await server.clock.advance(hour + 1_000);
      expect(run.view).toMatchObject({ status: 'incomplete', error: { code } });
      expect(server.seen.map(({ method }) => method)).toEqual(['POST', 'GET', 'GET', 'GET', 'POST', 'GET']);
    },
  );
});

test('a limit applies without another GET if the last answer is recent', async () => {
  const server = handServer(
    ({ method, path }) =>
      responseOf('resp_1', method === 'POST' && path !== '/responses' ? 'cancelled' : 'queued'),
    { runner: { limits: { queuedMs: 100_500 }, polling: { minMs: 1_000, maxMs: 1_000 } } },
  );
  const run = server.start();
  await server.clock.advance(110_000);
  expect(run.view).toMatchObject({ status: 'incomplete', error: { code: 'queued_timeout' } });
  const waits = server.seen.slice(0, -2).filter(({ method }) => method === 'GET');
  expect(waits).toHaveLength(100);
});

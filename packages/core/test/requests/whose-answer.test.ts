import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { scenario, type Scenario, type ScenarioOptions } from '../../test-support/scenario.ts';
import { LonghaulError } from '../../src/errors/longhaul-error.ts';
import { RunFailedError } from '../../src/run/run-error.ts';
import type { Fault } from '../../src/testing/index.ts';

const answer = 'Leave the umbrella at home.';

/** Answers of gateways and proxies seen in practice: status, body, media type. */
const foreign: readonly (readonly [name: string, status: number, body: string, contentType?: string])[] = [
  ['a captive portal', 200, '<html><title>Sign in to Wi-Fi</title></html>'],
  ['a health check', 200, '{"status":"ok"}', 'application/json'],
  ['an empty 204', 204, ''],
  ['a gateway’s 400', 400, '<html>bad request</html>'],
  ['API Management’s 401', 401, '{"statusCode":401,"message":"expired"}', 'application/json'],
  ['a firewall’s 403', 403, '<html>blocked</html>'],
  ['an ingress’s 404 (ingress-nginx 1551)', 404, 'default backend - 404', 'text/plain'],
  ['Kong’s 404 (ingress-nginx 12206)', 404, '{"message":"no Route matched"}', 'application/json'],
  ['FastAPI’s 404', 404, '{"detail":"Not Found"}', 'application/json'],
  [
    'Google’s front end',
    404,
    '{"error":{"code":404,"message":"Method not found.","status":"NOT_FOUND"}}',
    'application/json',
  ],
  ['problem+json', 404, '{"type":"about:blank","title":"Not Found"}', 'application/problem+json'],
  ['a 405', 405, ''],
  ['a 410', 410, '<html>gone</html>'],
  ['an error that is text', 422, '{"error":"no"}', 'application/json'],
  ['a 429 page', 429, '<html>slow down</html>'],
  ['a 502 page', 502, '<html>bad gateway</html>'],
];

function answering(
  on: 'create' | 'retrieve' | 'poll' | 'stream' | 'cancel',
  index: number,
  forMs: number,
): Fault {
  const [, status, body, contentType = 'text/html'] = foreign[index] ?? ['', 200, ''];
  return { fault: 'foreign-answer', on, status, body, contentType, forMs };
}

const modes = ['poll', 'stream'] as const;
const indexes = foreign.map((_, index) => index);

describe.each(modes)('in mode %s, a gateway answers instead of the API', (mode) => {
  const trial = (faults: readonly Fault[], options: ScenarioOptions = {}): Scenario =>
    scenario({ ...options, faults, runner: { mode, ...options.runner } });

  test.each(indexes)(
    'to the GETs of a response for two minutes: the run completes (logfire-js 291) [%i]',
    async (index) => {
      const drop: Fault = { fault: 'drop-after-event', n: 2 };
      const s = trial([drop, answering('retrieve', index, 120_000)]);
      const run = s.start();
      expect((await s.settle(run.result())).text).toBe(answer);
      expect(s.sent()).not.toContain('cancel');
      expect(s.emulator.generations).toBe(2);
    },
  );

  test.each(indexes)(
    'to the create of a later iteration for two minutes: the run completes (crater 270) [%i]',
    async (index) => {
      const [, status] = foreign[index] ?? ['', 0];
      // A create that may have started a job is sent only once more.
      const times = [200, 204, 502].includes(status) && index > 0 ? { times: 1 } : {};
      const s = trial([{ ...answering('create', index, 120_000), ...times, iteration: 1 }]);
      const run = s.start();
      expect((await s.settle(run.result())).text).toBe(answer);
      expect(s.executed).toEqual(['Paris']);
      const creates = s.emulator.requests.filter(({ method }) => method === 'POST').map(({ at }) => at);
      const pauses = creates.slice(2).map((at, index_) => at - (creates[index_ + 1] ?? 0));
      expect(Math.min(...pauses)).toBeGreaterThanOrEqual(status === 429 ? 300 : 2_000);
      expect(Math.max(...pauses)).toBeLessThanOrEqual(60_000);
    },
  );
});

describe('the first create of a run', () => {
  test.each([
    [0, 'Sign in to Wi-Fi'],
    [4, 'expired'],
    [6, 'default backend - 404'],
    [7, 'no Route matched'],
    [8, 'Not Found'],
    [9, 'Method not found.'],
    [10, 'Not Found'],
    [13, 'no'],
  ])('fails immediately with the text of the answer if a gateway answers [%i]', async (index, text) => {
    const s = scenario({ faults: [answering('create', index, 1e9)] });
    const error = await s.rejection(s.start().result());
    expect(error).toBeInstanceOf(RunFailedError);
    expect(error).toMatchObject({ view: { error: { message: expect.stringContaining(text) } } });
    expect(s.creates()).toHaveLength(1);
  });

  test.each<[string, Fault]>([
    ['a refused connection', { fault: 'refused', forMs: 60_000 }],
    ['a gateway’s 503', { fault: 'foreign-answer', status: 503, forMs: 60_000 }],
  ])('is retried through a minute of %s', async (_name, fault) => {
    const s = scenario({ faults: [fault] });
    expect((await s.settle(s.start().result())).text).toBe(answer);
    expect(s.emulator.generations).toBe(2);
  });

  test.each<[string, Fault]>([
    ['a refused connection', { fault: 'refused', times: Infinity }],
    ['a gateway’s 503', { fault: 'foreign-answer', status: 503, times: Infinity }],
  ])('fails after two minutes of %s', async (_name, fault) => {
    const s = scenario({ faults: [fault] });
    const began = s.clock.now();
    expect(await s.rejection(s.start().result())).toBeInstanceOf(RunFailedError);
    expect(s.clock.now() - began).toBeGreaterThanOrEqual(120_000);
    expect(s.clock.now() - began).toBeLessThan(180_000);
  });
});

describe('the two minutes in which the first create may not reach the API', () => {
  test.each<[string, number, Fault]>([
    ['a pause of five minutes that the API stated', 1, { fault: 'http', status: 429, retryAfter: 300 }],
    ['eight refusals of an overloaded API', 8, { fault: 'http', status: 503, times: 8 }],
  ])('begin after %s', async (_name, skip, refusal) => {
    const s = scenario({ faults: [refusal, { fault: 'refused', skip, forMs: 60_000 }] });
    expect((await s.settle(s.start().result())).text).toBe(answer);
    expect(s.emulator.generations).toBe(2);
  });
});

describe('a load balancer and an overloaded API answer in turn', () => {
  const turns = (iteration: number): Fault[] =>
    Array.from({ length: 40 }, (_, index): Fault => {
      const on = { iteration, skip: 0, times: 1 } as const;
      return index % 2 === 0
        ? { fault: 'foreign-answer', status: 503, ...on }
        : { fault: 'http', status: 503, ...on };
    });

  test('at the first create, the run fails within five minutes and 20 creates', async () => {
    const s = scenario({ faults: turns(0) });
    const began = s.clock.now();
    expect(await s.rejection(s.start().result())).toBeInstanceOf(RunFailedError);
    expect(s.creates().length).toBeLessThan(20);
    expect(s.clock.now() - began).toBeLessThan(5 * 60_000);
  });

  test('at a later create, the run retries with pauses that grow to more than 20 seconds', async () => {
    const s = scenario({ faults: turns(1).slice(0, 12) });
    expect((await s.settle(s.start().result())).text).toBe(answer);
    expect(s.creates()).toHaveLength(2 + 12);
    const times = s.emulator.requests.filter(({ method }) => method === 'POST').map(({ at }) => at);
    expect((times.at(-1) ?? 0) - (times.at(-2) ?? 0)).toBeGreaterThan(20_000);
  });
});

describe('through the openai package', () => {
  const through = (s: Scenario) =>
    new OpenAI({ baseURL: 'http://api.test/v1', apiKey: 'key', fetch: s.emulator.fetch });

  test.each([
    [404, { code: 'NoRoute', message: 'no Route matched' }],
    [400, { type: 'error', message: 'bad' }],
    [403, { code: 'Denied', message: 'blocked', details: [] }],
  ])(
    'a gateway’s %i with the fields of an error object is not an error of the API: %j',
    async (status, body) => {
      const s = scenario({
        faults: [{ fault: 'foreign-answer', on: 'poll', status, body, forMs: 60_000 }],
        runner: { mode: 'poll' },
      });
      const run = s.reboot({ client: through(s) }).start(s.agent, 'Hi');
      expect((await s.settle(run.result())).text).toBe(answer);
      expect(s.sent()).not.toContain('cancel');
    },
  );

  test.each([
    { message: 'bad input', param: 'temperature' },
    { message: 'bad input', param: 'temperature', code: 400 },
    { message: 'too long', type: 'invalid_request_error', code: 'context_length_exceeded', metadata: {} },
  ])('the API’s own error fails the run, regardless of its fields: %j', async (error) => {
    const s = scenario({
      faults: [{ fault: 'foreign-answer', status: 400, body: { error }, iteration: 1, times: 9 }],
    });
    const run = s.reboot({ client: through(s) }).start(s.agent, 'Hi');
    expect(await s.rejection(run.result())).toBeInstanceOf(RunFailedError);
    expect(s.creates()).toHaveLength(2);
  });
});

test('a run whose gateway does not route GETs stops driving after 15 minutes, without a cancel', async () => {
  const s = scenario({
    faults: [{ fault: 'foreign-answer', on: 'poll', status: 405, forMs: 16 * 60_000 }],
    runner: { mode: 'poll' },
  });
  const began = s.clock.now();
  const run = s.start();
  const error = await s.rejection(run.result());
  expect(LonghaulError.isInstance(error)).toBe(true);
  expect(error).toMatchObject({
    code: 'not_the_api',
    message: expect.stringMatching(/HTTP 405.*GET.*[Rr]esume/),
  });
  expect(s.clock.now() - began).toBeGreaterThanOrEqual(15 * 60_000);
  expect(s.clock.now() - began).toBeLessThan(17 * 60_000);
  expect(run.view).toMatchObject({ driver: 'none', status: 'queued', waiting: { error: { status: 405 } } });
  expect(s.sent()).not.toContain('cancel');
  const resumed = await s.runner.resume(s.agent, run.id);
  expect((await s.settle(resumed.result())).text).toBe(answer);
});

test.each<[string, Fault]>([
  ['missing answers', { fault: 'reset', on: 'poll', forMs: 3_600_000 }],
  ['the API’s own failures', { fault: 'http', on: 'poll', status: 503, forMs: 3_600_000 }],
])('%s for an hour: the run does not treat them as answers of a gateway', async (_name, fault) => {
  const script = [{ text: 'An hour of work.', queuedMs: 0, runMs: 3_600_000 }];
  const s = scenario({ script, faults: [fault], runner: { mode: 'poll', limits: { queuedMs: 7_200_000 } } });
  expect((await s.settle(s.start().result())).text).toBe('An hour of work.');
});

test.each([
  ['a polling function', () => 20],
  ['a small `minMs`', { minMs: 20 }],
])('a 404 of the API fails the run after at most 40 GETs, regardless of %s', async (_name, polling) => {
  const s = scenario({
    faults: [{ fault: 'http', status: 404, on: 'poll', times: Infinity }],
    runner: { mode: 'poll', polling },
  });
  expect(await s.rejection(s.start().result())).toMatchObject({ code: 'not_found' });
  const polls = s.sent().filter((kind) => kind === 'poll');
  expect(polls.length).toBeGreaterThan(5);
  expect(polls.length).toBeLessThanOrEqual(40);
});

test.each([401, 403])(
  'a poll that gets %i from a gateway is repeated, and calls the credentials function again',
  async (status) => {
    const keys: string[] = [];
    const s = scenario({
      faults: [{ fault: 'foreign-answer', on: 'poll', status, times: 3 }],
      runner: { mode: 'poll' },
    });
    const { fetchClient } = await import('../../src/client/fetch-client.ts');
    const apiKey = (): string => {
      keys.push(`key ${keys.length}`);
      return keys.at(-1) ?? '';
    };
    const client = fetchClient({ baseURL: 'http://api.test/v1', apiKey, fetch: s.emulator.fetch });
    const run = s.reboot({ client }).start(s.agent, 'Hi');
    expect((await s.settle(run.result())).text).toBe(answer);
    expect(keys).toHaveLength(s.sent().length);
  },
);

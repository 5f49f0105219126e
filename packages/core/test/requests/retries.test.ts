import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { scenario, weatherScript, type ScenarioOptions } from '../../test-support/scenario.ts';
import { fetchClient } from '../../src/client/fetch-client.ts';
import { LonghaulError } from '../../src/errors/longhaul-error.ts';
import { RunFailedError, RunLimitError } from '../../src/run/run-error.ts';
import type { Fault } from '../../src/testing/index.ts';

const answer = 'Leave the umbrella at home.';

describe.each([0, 1])('at the create of iteration %i', (iteration) => {
  test.each<[string, Fault]>([
    ['429', { fault: 'http', status: 429 }],
    ['503', { fault: 'http', status: 503 }],
    ['500 with the API’s envelope', { fault: 'http', status: 500 }],
    ['a refused connection', { fault: 'refused' }],
  ])('the run retries after %s, with back-off', async (_name, fault) => {
    const s = scenario({ faults: [{ ...fault, iteration, times: 3 }] });
    const began = s.clock.now();
    const run = s.start();
    expect((await s.settle(run.result())).text).toBe(answer);
    expect(s.emulator.generations).toBe(2);
    expect(run.view.warnings).toEqual([]);
    expect(run.view.iterations[iteration]?.attempts).toHaveLength(1);
    // Half a second, one second, two seconds, each reduced by the jitter.
    expect(s.clock.now() - began).toBeGreaterThan(20_000 + 2_600);
    expect(s.executed).toEqual(['Paris']);
  });

  test('a failure that persists fails the run after three to five minutes', async () => {
    const s = scenario({ faults: [{ fault: 'http', status: 503, iteration, times: 99 }] });
    const began = s.clock.now();
    const error = await s.rejection(s.start().result());
    expect(error).toBeInstanceOf(RunFailedError);
    expect(error).toMatchObject({ code: 'server_is_overloaded' });
    // Retries for three minutes, with pauses that grow to half a minute.
    expect(s.creates().length).toBeGreaterThan(9 + iteration);
    expect(s.creates().length).toBeLessThan(25);
    expect(s.clock.now() - began).toBeGreaterThan(3 * 60_000);
    expect(s.clock.now() - began).toBeLessThan(5 * 60_000);
  });

  test('the run waits as long as Retry-After states', async () => {
    const s = scenario({ faults: [{ fault: 'http', status: 429, iteration, retryAfter: 120 }] });
    await s.settle(s.start().result());
    const [first, second] = s.emulator.requests.filter(({ method }) => method === 'POST').slice(iteration);
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBe(120_000);
  });

  test.each<[string, Fault, boolean]>([
    ['a reset connection', { fault: 'reset' }, true],
    ['a truncated body', { fault: 'cut-body' }, true],
    ['an empty body', { fault: 'empty-body' }, true],
    [
      'a proxy’s 502 after the server handled the create',
      { fault: 'http', status: 502, envelope: false, served: true },
      true,
    ],
    [
      'a proxy’s 504 before the server handled the create',
      { fault: 'http', status: 504, envelope: false },
      false,
    ],
    ['no answer within half an hour', { fault: 'slow', ms: 2_000_000 }, true],
  ])(
    'after %s the outcome is unknown: the run sends one more create, with a warning',
    async (_name, fault, twice) => {
      const s = scenario({ faults: [{ ...fault, iteration }], runner: { mode: 'poll' } });
      const run = s.start();
      expect((await s.settle(run.result())).text).toBe(answer);
      expect(run.view.warnings.map(({ code }) => code)).toEqual(['unknown_create']);
      expect(s.creates()).toHaveLength(3);
      // The client cannot know whether the lost create was billed.
      expect(s.emulator.generations).toBe(twice ? 3 : 2);
      expect(s.executed).toEqual(['Paris']);
    },
  );

  test(
    iteration === 0
      ? 'a second unknown create of the iteration fails the run, which has no finished iteration'
      : 'a second unknown create of the iteration stops driving; a resume sends one more',
    async () => {
      const s = scenario({ faults: [{ fault: 'reset', iteration, times: 2 }] });
      const run = s.start();
      const error = await s.rejection(run.result());
      expect(error).toMatchObject({ code: 'unknown_create' });
      expect(error instanceof RunFailedError).toBe(iteration === 0);
      expect(s.creates()).toHaveLength(2 + iteration);
      if (iteration === 0) return;
      const resumed = await s.runner.resume(s.agent, run.id);
      expect((await s.settle(resumed.result())).text).toBe(answer);
      expect(s.creates()).toHaveLength(4);
      expect(s.executed).toEqual(['Paris']);
    },
  );

  test('a second unknown create counts even if a response failed in between', async () => {
    const s = scenario({
      script: [{ fail: { code: 'server_error', message: 'Oops.' } }],
      faults: [
        { fault: 'reset', iteration: 0 },
        { fault: 'reset', iteration: 0, skip: 1 },
      ],
      runner: { mode: 'poll' },
    });
    expect(await s.rejection(s.start().result())).toMatchObject({ code: 'unknown_create' });
    // The first create is lost, the second gets a response that fails, and the third is lost.
    expect(s.creates()).toHaveLength(3);
  });

  test('with `onUnknownCreate: "fail"` no create follows the first unknown one', async () => {
    const s = scenario({ faults: [{ fault: 'reset', iteration }], runner: { onUnknownCreate: 'fail' } });
    const run = s.start();
    const error = await s.rejection(run.result());
    expect(error).toMatchObject({ code: 'unknown_create' });
    expect(s.creates()).toHaveLength(1 + iteration);
    expect(run.view.iterations[iteration]?.attempts).toMatchObject([{ status: 'lost' }]);
  });

  test('after a cancel request the create is not sent again, and a warning reports a possible orphan', async () => {
    const s = scenario({
      faults: [
        { fault: 'slow', ms: 5_000, iteration },
        { fault: 'reset', iteration },
      ],
      runner: { mode: 'poll' },
    });
    const run = s.start();
    await s.clock.advance(iteration === 0 ? 1_000 : 12_000);
    expect(s.creates()).toHaveLength(1 + iteration);
    const view = await s.settle(run.cancel());
    expect(view.status).toBe('cancelled');
    expect(view.warnings.map(({ code }) => code)).toEqual(['orphan_possible']);
    await s.clock.advance(3_600_000);
    expect(s.creates()).toHaveLength(1 + iteration);
  });

  test('a create that waits to be sent again is not sent after a cancel', async () => {
    const s = scenario({ faults: [{ fault: 'reset', iteration }], runner: { mode: 'poll' } });
    const run = s.start();
    run.subscribe(() => {
      if (run.view.warnings.some(({ code }) => code === 'unknown_create')) void run.cancel();
    });
    const view = await s.settle(run.done());
    expect(view.warnings.map(({ code }) => code)).toEqual(['unknown_create', 'orphan_possible']);
    expect(s.creates()).toHaveLength(1 + iteration);
  });

  test.each([
    [400, 'invalid_value'],
    [404, 'not_found'],
  ])('%i fails the run', async (status, code) => {
    const s = scenario({
      faults: [{ fault: 'http', status, code, param: 'temperature', iteration, times: 9 }],
    });
    const error = await s.rejection(s.start().result());
    expect(error).toBeInstanceOf(RunFailedError);
    expect(error).toMatchObject({ code, view: { error: { status } } });
    expect(s.creates()).toHaveLength(1 + iteration);
  });

  test.each([
    [401, 'invalid_api_key'],
    [403, 'unsupported_country_region_territory'],
  ])(
    iteration === 0
      ? '%i fails the run, which has no finished iteration'
      : '%i stops driving, and the run stays resumable (codex 2522)',
    async (status, code) => {
      const s = scenario({ faults: [{ fault: 'http', status, code, iteration }] });
      const run = s.start();
      const error = await s.rejection(run.result());
      expect(s.creates()).toHaveLength(1 + iteration);
      expect(error instanceof RunFailedError).toBe(iteration === 0);
      expect(error).toMatchObject({ code: iteration === 0 ? code : 'unauthorized' });
      if (iteration === 0) return;
      const resumed = await s.runner.resume(s.agent, run.id);
      expect((await s.settle(resumed.result())).text).toBe(answer);
    },
  );

  test('an exhausted quota fails the run: HTTP error', async () => {
    const s = scenario({
      faults: [{ fault: 'http', status: 429, code: 'insufficient_quota', iteration, times: 9 }],
    });
    expect(await s.rejection(s.start().result())).toMatchObject({ code: 'insufficient_quota' });
    expect(s.creates()).toHaveLength(1 + iteration);
  });

  test('an exhausted quota fails the run: status failed', async () => {
    const s = scenario({ faults: [{ fault: 'fail', code: 'insufficient_quota', iteration, times: 9 }] });
    expect(await s.rejection(s.start().result())).toMatchObject({ code: 'insufficient_quota' });
    expect(s.creates()).toHaveLength(1 + iteration);
  });

  test.each(['server_error', 'rate_limit_exceeded', 'server_is_overloaded', 'slow_down'])(
    'a response that fails with %s is created again',
    async (code) => {
      const s = scenario({ faults: [{ fault: 'fail', code, iteration, times: 2 }] });
      const run = s.start();
      expect((await s.settle(run.result())).text).toBe(answer);
      const attempts = run.view.iterations[iteration]?.attempts ?? [];
      expect(attempts.map(({ status }) => status)).toEqual(['failed', 'failed', 'completed']);
      expect(attempts.slice(0, 2)).toMatchObject([{ error: { code } }, { error: { code } }]);
      expect(s.executed).toEqual(['Paris']);
    },
  );

  test('an iteration has at most 3 attempts', async () => {
    const s = scenario({ faults: [{ fault: 'fail', iteration, times: 9 }] });
    const error = await s.rejection(s.start().result());
    expect(error).toBeInstanceOf(RunFailedError);
    expect(error).toMatchObject({ code: 'server_error' });
    expect(s.creates()).toHaveLength(3 + iteration);
  });
});

describe('while polling', () => {
  const polling = (faults: readonly Fault[], options: ScenarioOptions = {}) =>
    scenario({ faults, ...options, runner: { mode: 'poll', ...options.runner } });

  test.each<[string, Fault]>([
    ['transport errors', { fault: 'reset', on: 'poll', times: Infinity }],
    ['5xx', { fault: 'http', status: 500, on: 'poll', times: Infinity }],
    ['429', { fault: 'http', status: 429, on: 'poll', times: Infinity }],
  ])('%s are retried until a limit ends the run', async (_name, fault) => {
    const s = polling([fault], { runner: { limits: { runMs: 1_800_000 } } });
    const run = s.start();
    const error = await s.rejection(run.result());
    expect(error).toBeInstanceOf(RunLimitError);
    expect(error).toMatchObject({ code: 'run_timeout' });
    expect(s.creates()).toHaveLength(1);
    expect(s.sent().filter((kind) => kind === 'cancel')).toHaveLength(1);
  });

  test('a poll is repeated if the body is not a Response object, even after other failures', async () => {
    const s = polling([
      { fault: 'http', status: 503, on: 'poll', times: 6 },
      { fault: 'malformed-body', on: 'poll', times: 20 },
    ]);
    expect((await s.settle(s.start().result())).text).toBe(answer);
    expect(s.creates()).toHaveLength(2);
    expect(s.sent()).not.toContain('cancel');
  });

  test('404 fails the run after retries over about 15 s', async () => {
    const s = polling([{ fault: 'http', status: 404, on: 'poll', times: Infinity }]);
    const began = s.clock.now();
    const error = await s.rejection(s.start().result());
    expect(error).toBeInstanceOf(RunFailedError);
    expect(error).toMatchObject({
      code: 'not_found',
      message: expect.stringMatching(/does not have.*resp_/),
    });
    expect(s.clock.now() - began).toBeGreaterThanOrEqual(15_000);
    expect(s.clock.now() - began).toBeLessThan(25_000);
    expect(s.sent().filter((kind) => kind === 'poll').length).toBeGreaterThan(3);
    expect(s.creates()).toHaveLength(1);
  });

  test.each([401, 403])('%i stops driving, and the run stays resumable', async (status) => {
    const s = polling([{ fault: 'http', status, on: 'poll' }]);
    const run = s.start();
    const error = await s.rejection(run.result());
    expect(LonghaulError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ code: 'unauthorized', message: expect.stringMatching(/Resume the run/) });
    expect(run.view).toMatchObject({ driver: 'none', waiting: { error: { status } } });
    expect(s.sent()).toEqual(['create', 'poll']);
    const resumed = await s.runner.resume(s.agent, run.id);
    expect((await s.settle(resumed.result())).text).toBe(answer);
    expect(s.emulator.generations).toBe(2);
  });

  test('after a 401 the client calls the credentials function again, and repeats the poll', async () => {
    let keys = 0;
    const s = polling([{ fault: 'http', status: 401, on: 'poll' }]);
    const client = fetchClient({
      baseURL: 'http://api.test/v1',
      apiKey: async () => `key ${(keys += 1)}`,
      fetch: s.emulator.fetch,
    });
    const run = s.reboot({ client }).start(s.agent, 'Hi');
    expect((await s.settle(run.result())).text).toBe(answer);
    expect(keys).toBe(s.sent().length);
  });

  test('the run retries requests of the OpenAI package, whose own retries are disabled', async () => {
    const s = polling([
      { fault: 'http', status: 503, on: 'poll', times: 2 },
      { fault: 'http', status: 503, iteration: 1, times: 2 },
    ]);
    const client = new OpenAI({ baseURL: 'http://api.test/v1', apiKey: 'key', fetch: s.emulator.fetch });
    const run = s.reboot({ client }).start(s.agent, 'Hi');
    expect((await s.settle(run.result())).text).toBe(answer);
    expect(s.creates()).toHaveLength(4);
    const retries = s.emulator.requests.map(({ headers }) => headers['x-stainless-retry-count']);
    expect(new Set(retries)).toEqual(new Set(['0']));
  });
});

test('the usage of a run includes every completed response, even if another one failed', async () => {
  const usage = { input_tokens: 10, output_tokens: 5, total_tokens: 15 };
  const s = scenario({
    script: ({ iterationIndex }) => ({ ...weatherScript[iterationIndex], usage }),
    faults: [{ fault: 'fail', iteration: 1 }],
  });
  const run = s.start();
  const result = await s.settle(run.result());
  expect(result.usage).toEqual(run.view.usage);
  expect(result.usage.totalTokens).toBeGreaterThanOrEqual(30);
});

import { describe, expect, test } from 'vitest';
import { scenario, weatherScript, type Scenario } from '../../test-support/scenario.ts';
import { RunFailedError } from '../../src/run/run-error.ts';
import type { EmulatorOptions, Fault } from '../../src/testing/index.ts';

const answer = 'Leave the umbrella at home.';
const minute = 60_000;

function pausesOf(s: Scenario): number[] {
  const times = s.emulator.requests.filter(({ path }) => path.endsWith('/responses')).map(({ at }) => at);
  return times.slice(1).map((at, index) => at - (times[index] ?? 0));
}

/** The model calls a tool, then `times` responses fail without output, then it answers. */
function failing(code: string, message: string, times: number): Scenario {
  let failures = 0;
  const quick = { queuedMs: 0, runMs: 100 };
  const script: EmulatorOptions['script'] = ({ iterationIndex }) => {
    if (iterationIndex === 0) return { ...weatherScript[0], ...quick };
    failures += 1;
    return failures > times ? { text: answer, ...quick } : { fail: { code, message }, ...quick };
  };
  return scenario({ script, runner: { mode: 'poll' } });
}

describe('a response that fails before it has any output', () => {
  test.each([
    ['rate_limit_exceeded', 'Rate limit reached. Please try again in 22s. Visit the docs.', 22_000],
    ['rate_limit_exceeded', 'Please try again in 1m30s.', 90_000],
    ['slow_down', 'Please try again in 59m.', 59 * minute],
  ])('with %s and "%s" is created again after the stated delay (codex 2131)', async (code, message, ms) => {
    const s = failing(code, message, 3);
    const run = s.start();
    expect((await s.settle(run.result())).text).toBe(answer);
    expect(Math.min(...pausesOf(s).slice(1))).toBeGreaterThanOrEqual(ms);
    expect(s.executed).toEqual(['Paris']);
  });

  test.each(['rate_limit_exceeded', 'server_is_overloaded', 'overloaded', 'engine_overloaded'])(
    'with %s and no stated delay is created again for more than three minutes, at most 25 times',
    async (code) => {
      const s = failing(code, 'Busy.', 99);
      const began = s.clock.now();
      expect(await s.rejection(s.start().result())).toBeInstanceOf(RunFailedError);
      expect(s.clock.now() - began).toBeGreaterThan(3 * minute);
      expect(s.creates().length).toBeGreaterThan(6);
      expect(s.creates().length).toBeLessThanOrEqual(26);
    },
  );

  test('is created at most 25 times, even if the server states a delay each time', async () => {
    const s = failing('rate_limit_exceeded', 'Please try again in 10m.', 99);
    expect(await s.rejection(s.start().result())).toMatchObject({ code: 'rate_limit_exceeded' });
    expect(s.creates()).toHaveLength(1 + 25);
  });
});

test.each(['server_error', 'vector_store_timeout', 'timeout', '503'])(
  'a response that fails with %s is created at most three times per iteration (pi 9669)',
  async (code) => {
    const s = failing(code, 'Oops.', 99);
    expect(await s.rejection(s.start().result())).toMatchObject({ code });
    expect(s.creates()).toHaveLength(1 + 3);
  },
);

test('an unknown code fails the run, and the error states that the code is unknown', async () => {
  const s = failing('flux_reversed', 'Oops.', 1);
  const error = await s.rejection(s.start().result());
  expect(error).toMatchObject({
    code: 'flux_reversed',
    message: expect.stringMatching(/Oops\..*"flux_reversed" is not known/),
  });
  expect(s.creates()).toHaveLength(2);
});

describe('a create that the server refuses temporarily', () => {
  test.each<[string, Partial<Extract<Fault, { fault: 'http' }>>]>([
    ['Retry-After: 0', { retryAfter: 0 }],
    ['retry-after-ms: 1', { retryAfterMs: 1 }],
    ['no header', {}],
  ])('is retried after at least 300 ms if it gets 429 with %s for two seconds', async (_name, header) => {
    const s = scenario({ faults: [{ fault: 'http', status: 429, ...header, forMs: 2_000 }] });
    expect((await s.settle(s.start().result())).text).toBe(answer);
    expect(s.creates().length).toBeLessThanOrEqual(6);
    expect(Math.min(...pausesOf(s).slice(0, 2))).toBeGreaterThanOrEqual(300);
  });

  test('waits for Retry-After: 3600 once, even if the run is detached for a part of that time', async () => {
    const s = scenario({ faults: [{ fault: 'http', status: 429, retryAfter: 3_600 }] });
    const run = s.start();
    await s.clock.advance(10 * minute);
    await s.settle(run.detach());
    await s.clock.advance(20 * minute);
    const again = await s.reboot().resume(s.agent, run.id);
    expect((await s.settle(again.result())).text).toBe(answer);
    expect(pausesOf(s)[0]).toBe(60 * minute);
  });

  test.each([1e12, 86_400])('waits at most an hour for Retry-After: %d', async (retryAfter) => {
    const s = scenario({ faults: [{ fault: 'http', status: 429, retryAfter }] });
    expect((await s.settle(s.start().result())).text).toBe(answer);
    expect(pausesOf(s)[0]).toBe(60 * minute);
  });
});

describe('the next poll', () => {
  const delays = async (options: Parameters<typeof scenario>[0]): Promise<number[]> => {
    const script = [{ text: 'Done.', queuedMs: 0, runMs: 20_000 }];
    const s = scenario({ script, ...options, runner: { mode: 'poll', ...options?.runner } });
    await s.settle(s.start().result());
    const times = s.emulator.requests.map(({ at }) => at);
    return times.slice(1).map((at, index) => at - (times[index] ?? 0));
  };

  test('follows after at least 100 ms, regardless of the polling function', async () => {
    expect(Math.min(...(await delays({ runner: { polling: () => 0 } })))).toBe(100);
  });

  test.each([
    [undefined, 1_000],
    [{ minMs: 3_000 }, 3_000],
    [{ minMs: 10 }, 100],
  ])(
    'follows after at least `minMs` and 100 ms, regardless of the server’s Retry-After: %j',
    async (polling, ms) => {
      const emulator = { pollAfterMs: 0 };
      const runner = polling === undefined ? {} : { polling };
      expect(Math.min(...(await delays({ emulator, runner })))).toBe(ms);
    },
  );

  test('follows after at most an hour', async () => {
    const [first] = await delays({ emulator: { pollAfterMs: 1e12 } });
    expect(first).toBe(3_600_000);
  });
});

import { describe, expect, test } from 'vitest';
import { scenario, type Scenario, type ScenarioOptions } from '../../test-support/scenario.ts';
import type { RunnerOptions } from '../../src/driver/runner/runner-options.ts';

const slow = [{ text: 'Done.', queuedMs: 60_000, runMs: 540_000 }];

function polling(rule: RunnerOptions['polling'], options: ScenarioOptions = {}): Scenario {
  const runner = {
    mode: 'poll',
    ...(rule === undefined ? {} : { polling: rule }),
    ...options.runner,
  } as const;
  return scenario({ script: slow, ...options, runner });
}

/** The milliseconds between the requests of a run, which is driven to its end. */
async function delaysOf(s: Scenario): Promise<number[]> {
  await s.settle(s.start().done());
  const times = s.emulator.requests.map(({ at }) => at);
  return times.slice(1).map((at, index) => at - (times[index] ?? 0));
}

describe('polling', () => {
  test('a function receives the state of the wait, and the number that it returns is the delay', async () => {
    const contexts: unknown[] = [];
    const s = polling((context) => {
      contexts.push({ ...context, responseId: context.responseId.slice(0, 5) });
      return 100_000 + contexts.length;
    });
    expect(await delaysOf(s)).toEqual([100_001, 100_002, 100_003, 100_004, 100_005, 100_006]);
    expect(contexts.slice(0, 2)).toEqual([
      { runId: expect.any(String), responseId: 'resp_', responseStatus: 'queued', polls: 0, waitedMs: 0 },
      {
        runId: expect.any(String),
        responseId: 'resp_',
        responseStatus: 'in_progress',
        polls: 1,
        waitedMs: 100_001,
      },
    ]);
  });

  test.each<[string, () => number]>([
    ['returns NaN', () => Number.NaN],
    ['returns a negative number', () => -5],
    [
      'throws',
      () => {
        throw new Error('odd');
      },
    ],
  ])('a function that %s does not stop the loop, and does not cause rapid polls', async (_name, rule) => {
    const delays = await delaysOf(polling(rule));
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(1_000);
    expect(delays.length).toBeLessThan(100);
  });

  test('with an object, the delay is a fraction of the time already waited, between `minMs` and `maxMs`', async () => {
    const delays = await delaysOf(polling({ minMs: 5_000, maxMs: 40_000, fraction: 0.1 }));
    expect(delays[0]).toBe(5_000);
    expect(Math.max(...delays)).toBe(40_000);
    let waited = 0;
    for (const delay of delays) {
      expect(delay).toBeCloseTo(Math.min(40_000, Math.max(5_000, waited * 0.1)), 3);
      waited += delay;
    }
  });

  test('is jittered by up to 10 % in both directions', async () => {
    for (const random of [0, 1]) {
      const delays = await delaysOf(
        polling({ minMs: 1, maxMs: 1e9, fraction: 0.1 }, { runner: { random: () => random } }),
      );
      const last = delays.at(-1) ?? 0;
      const waited = delays.slice(0, -1).reduce((sum, delay) => sum + delay, 0);
      expect(last / (waited * 0.1)).toBeCloseTo(random === 0 ? 0.9 : 1.1, 3);
    }
  });

  test.each<[string, RunnerOptions['polling']]>([
    ['an object', { minMs: 1_000 }],
    ['a function', () => 1_000],
  ])('openai-poll-after-ms overrides %s', async (_name, rule) => {
    const delays = await delaysOf(polling(rule, { emulator: { pollAfterMs: 45_000 } }));
    expect(new Set(delays)).toEqual(new Set([45_000]));
  });

  test('Retry-After of a failed poll overrides a function', async () => {
    const faults = [{ fault: 'http', status: 503, on: 'poll', retryAfter: 90 } as const];
    const delays = await delaysOf(polling(() => 1_000, { faults }));
    expect(delays.slice(0, 3)).toEqual([1_000, 90_000, 1_000]);
  });

  test('"Retry-After: 0" from a failing server does not cause rapid polls', async () => {
    const faults = [{ fault: 'http', status: 503, on: 'poll', retryAfter: 0, times: 50 } as const];
    const delays = await delaysOf(polling(undefined, { faults }));
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(375);
  });

  test('the view has the times of the last and the next poll', async () => {
    const s = polling({ minMs: 10_000 });
    const began = s.clock.now();
    const run = s.start();
    await s.clock.advance(10_000);
    expect(run.view.waiting).toMatchObject({
      mode: 'poll',
      responseStatus: 'queued',
      attempt: 0,
      startedAt: began,
      lastPolledAt: began + 10_000,
      nextPollAt: began + 20_000,
    });
    expect(run.view.iterations[0]?.attempts).toMatchObject([{ polls: 1, mode: 'poll', strategy: 'first' }]);
  });
});

import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { kindOf, scenario, type Scenario, type ScenarioOptions } from '../../test-support/scenario.ts';
import { fetchClient } from '../../src/client/fetch-client.ts';
import { memoryStore } from '../../src/store/memory-store.ts';
import { tool } from '../../src/agent/tool.ts';
import type { EmulatorOptions, Fault, Iteration } from '../../src/testing/index.ts';

const minute = 60_000;
const report = (runMs: number) => [{ text: 'The report.', queuedMs: 5_000, runMs }];

function streamsOf(s: Scenario): (boolean | undefined)[] {
  return s.creates().map(({ stream }) => (stream === true ? true : undefined));
}

function behindProxy(
  options: ScenarioOptions,
  hold: 'headers' | 'body' = 'headers',
  more: readonly Fault[] = [],
) {
  return scenario({ ...options, faults: [{ fault: 'buffer-stream', hold }, ...more] });
}

describe.each(['headers', 'body'] as const)('a proxy buffers the %s of a stream until it ends', (hold) => {
  test.each([1, 4, 20, 29])(
    'a job of %i minutes completes, and is billed once (llama.cpp 20872, tock 1895)',
    async (minutes) => {
      const s = behindProxy({ script: report(minutes * minute) }, hold);
      const run = s.start();
      expect((await s.settle(run.result())).text).toBe('The report.');
      expect(s.emulator.generations).toBe(1);
      expect(s.sent()).toEqual(['create']);
      expect(run.view.warnings).toEqual([]);
    },
  );

  test('after half an hour the run sends one more create without `stream`, and polls its response', async () => {
    const s = behindProxy({ script: report(45 * minute) }, hold);
    const run = s.start();
    expect((await s.settle(run.result())).text).toBe('The report.');
    expect(streamsOf(s)).toEqual([true, undefined]);
    expect(s.trace()).toEqual(['create', 'create', 'poll']);
    const keys = s.emulator.requests.filter((request) => kindOf(request) === 'create');
    expect(new Set(keys.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
    expect(run.view.warnings.map(({ code }) => code)).toEqual(['unknown_create']);
  });

  test('after the first buffered stream, later creates of the run have no `stream`', async () => {
    const script = [
      { calls: [{ name: 'get_weather', arguments: { city: 'Paris' } }], queuedMs: 0, runMs: 3 * minute },
      { text: 'Dry.', queuedMs: 0, runMs: 3 * minute },
    ];
    const s = behindProxy({ script }, hold);
    const run = s.start();
    expect((await s.settle(run.result())).text).toBe('Dry.');
    expect(streamsOf(s)).toEqual([true, undefined]);
    expect(s.emulator.generations).toBe(2);
  });

  test('after a buffered stream, the runs of the same client send no `stream` for an hour', async () => {
    const s = behindProxy({ script: () => ({ text: 'The report.', queuedMs: 0, runMs: 2 * minute }) }, hold);
    await s.settle(s.start().result());
    await s.settle(s.start().result());
    await s.clock.advance(60 * minute);
    await s.settle(s.start().result());
    expect(streamsOf(s)).toEqual([true, undefined, true]);
  });

  test('a run that streams again after that hour detects the proxy again', async () => {
    const call = { name: 'get_weather', arguments: { city: 'Paris' } };
    const slow = { queuedMs: 0, runMs: 2 * minute };
    const approved: Iteration[] = [
      { calls: [call], ...slow },
      { calls: [call], ...slow },
      { text: 'Dry.', ...slow },
    ];
    const iterations: Iteration[] = [{ text: 'The first run.', ...slow }, ...approved];
    const script: EmulatorOptions['script'] = () => iterations.shift() ?? { text: 'Too many.' };
    const ask = tool({
      name: 'get_weather',
      parameters: z.object({ city: z.string() }),
      needsApproval: true,
      execute: () => 'Sunny.',
    });
    const s = behindProxy({ script, tools: [ask] }, hold);
    await s.settle(s.start().result());
    const run = s.start();
    for (const hours of [2, 1]) {
      await s.clock.advance(hours * 60 * minute);
      await run.approve(run.view.toolCalls.at(-1)?.callId ?? '');
    }
    expect((await s.settle(run.result())).text).toBe('Dry.');
    expect(streamsOf(s)).toEqual([true, undefined, true, undefined]);
  });

  test('a foreground run waits ten minutes for its stream', async () => {
    const s = behindProxy({ script: report(10 * minute), agent: { background: false } }, hold);
    expect((await s.settle(s.start().result())).text).toBe('The report.');
    expect(s.emulator.generations).toBe(1);
  });
});

test('a process that resumes the run sends the next create without `stream`', async () => {
  const s = behindProxy({ script: report(20 * minute) }, 'headers', [
    { fault: 'headers-timeout', on: 'create', times: 2 },
  ]);
  const run = s.start();
  await s.clock.advance(90_000);
  const snapshot = run.snapshot();
  void run.detach({ graceMs: 0 });
  const client = fetchClient({ baseURL: 'http://api.test/v1', apiKey: 'key', fetch: s.emulator.fetch });
  const resumed = await s
    .reboot({ client, store: memoryStore({ clock: s.clock }) })
    .resume(s.agent, snapshot);
  expect((await s.settle(resumed.result())).text).toBe('The report.');
  expect(streamsOf(s)).toEqual([true, undefined]);
});

test('after a buffered stream of one runner, other runners of the same client send no `stream`', async () => {
  const s = behindProxy({ script: () => ({ text: 'The report.', queuedMs: 0, runMs: 2 * minute }) });
  const client = fetchClient({ baseURL: 'http://api.test/v1', apiKey: 'key', fetch: s.emulator.fetch });
  for (let count = 0; count < 2; count += 1)
    await s.settle(s.reboot({ client }).start(s.agent, 'Hi').result());
  expect(streamsOf(s)).toEqual([true, undefined]);
});

test('after a stream whose first event arrives in time, later creates have `stream`', async () => {
  const s = scenario();
  await s.settle(s.start().result());
  expect(streamsOf(s)).toEqual([true, true]);
});

test('after a timeout of the platform, the run sends one more create without `stream` (openai-node 2153)', async () => {
  const s = behindProxy({ script: report(20 * minute) }, 'headers', [
    { fault: 'headers-timeout', on: 'create', times: 1 },
  ]);
  const run = s.start();
  expect((await s.settle(run.result())).text).toBe('The report.');
  expect(streamsOf(s)).toEqual([true, undefined]);
});

test.each<[string, ScenarioOptions]>([
  ['an ignored `background`', { faults: [{ fault: 'ignore-background' }] }],
  ['a foreground create', { agent: { background: false } }],
])(
  'the run waits for %s that takes five minutes, in modes poll and auto (openai-node 2153)',
  async (_name, options) => {
    for (const mode of ['poll', 'auto'] as const) {
      const s = scenario({ script: report(5 * minute), ...options, runner: { mode } });
      expect((await s.settle(s.start().result())).text).toBe('The report.');
      expect(s.creates()).toHaveLength(1);
      expect(s.emulator.generations).toBe(1);
    }
  },
);

test('after the machine slept, the run waits a minute for a create in flight', async () => {
  const s = scenario({ script: report(4 * minute), faults: [{ fault: 'slow', ms: 3_600_000 }] });
  const run = s.start();
  await s.clock.advance(65_000);
  s.clock.jump(2 * 3_600_000);
  await s.clock.advance(5_000);
  expect(s.creates()).toHaveLength(1);
  await s.clock.advance(61_000);
  expect(streamsOf(s)).toEqual([true, undefined]);
  expect((await s.settle(run.result())).text).toBe('The report.');
});

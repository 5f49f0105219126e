import { describe, expect, test } from 'vitest';
import { scenario, type Scenario, type ScenarioOptions } from '../../test-support/scenario.ts';
import { fetchClient } from '../../src/client/fetch-client.ts';
import { memoryStore } from '../../src/store/memory-store.ts';
import type { RunStore } from '../../src/store/run-store.ts';

const minuteMs = 60_000;
const hourMs = 3_600_000;
/** The response of a run ends after ten minutes. */
const endsAfterMs = 10 * minuteMs;

/** A run that polls a response for ten minutes. Its polls are an hour apart, unless a webhook wakes it. */
function slow(options: ScenarioOptions = {}): Scenario {
  return scenario({
    script: [{ text: 'Done.', queuedMs: 1_000, runMs: endsAfterMs - 1_000 }],
    ...options,
    runner: { mode: 'poll', polling: { minMs: hourMs, maxMs: hourMs }, ...options.runner },
  });
}

/** The id of the newest response at the API. */
function newest({ emulator }: Scenario): string {
  return emulator.snapshot().responses.at(-1)?.id ?? '';
}

function polls(s: Scenario): number {
  return s.sent().filter((kind) => kind === 'poll').length;
}

async function messagesOf(store: RunStore, runId: string): Promise<readonly unknown[]> {
  return ((await store.receive?.(runId)) ?? []).map(({ message }) => message);
}

describe('a webhook', () => {
  test('replaces the polls of a run: one GET, at the end of the response', async () => {
    const s = slow();
    const run = s.start();
    await s.clock.advance(endsAfterMs);
    expect(polls(s)).toBe(0);
    expect(await s.runner.wakeResponse(newest(s))).toBe(true);
    await s.quiet();
    expect(run.view).toMatchObject({ status: 'completed', text: 'Done.' });
    expect(s.sent()).toEqual(['create', 'poll']);
    expect(await s.runner.wakeResponse(newest(s))).toBe(false);
  });

  test('is only a hint: a run whose response has not ended polls again', async () => {
    const s = slow();
    const run = s.start();
    await s.clock.advance(minuteMs);
    expect(await s.runner.wakeResponse(newest(s))).toBe(true);
    await s.quiet();
    expect(run.view).toMatchObject({ status: 'in_progress', waiting: { responseStatus: 'in_progress' } });
    await s.settle(run.done());
    expect(run.view.status).toBe('completed');
  });

  test('that is delivered many times causes no more GETs than it takes to answer one', async () => {
    const s = slow();
    const run = s.start();
    await s.clock.advance(endsAfterMs);
    const woken = await Promise.all(Array.from({ length: 20 }, () => s.runner.wakeResponse(newest(s))));
    await s.quiet();
    expect(woken).toContain(true);
    expect(run.view.status).toBe('completed');
    expect(polls(s)).toBe(1);
  });

  test('is not lost before the create is answered', async () => {
    const s = slow({ faults: [{ fault: 'slow', ms: 2 * endsAfterMs }] });
    const run = s.start();
    await s.clock.advance(endsAfterMs);
    expect(run.view.status).toBe('queued');
    expect(await s.runner.wakeResponse(newest(s))).toBe(false);
    await s.clock.advance(endsAfterMs);
    expect(run.view.status).toBe('completed');
    expect(s.sent()).toEqual(['create', 'poll']);
  });

  test.each([
    ['before the save of the id', 'commit', 'before'],
    ['after the save of the id', 'commit', 'after'],
    ['before the run looks for it', 'takeWebhook', 'before'],
    ['after the run has looked for it', 'takeWebhook', 'after'],
  ] as const)('is noticed if another process receives it %s', async (_when, method, moment) => {
    const memory = memoryStore();
    let wake = async (): Promise<unknown> => undefined;
    let woken = 0;
    /** Receives the webhook before or after the call, once the response has ended. */
    const around = async <T>(name: string, call: () => Promise<T>): Promise<T> => {
      const isDue = name === method && s.clock.now() >= endedAt && (woken += 1) === 1;
      if (isDue && moment === 'before') await wake();
      const answer = await call();
      if (isDue && moment === 'after') await wake();
      return answer;
    };
    const store: RunStore = {
      ...memory,
      commit: (change) => around('commit', () => memory.commit(change)),
      takeWebhook: (id) => around('takeWebhook', () => memory.takeWebhook(id)),
    };
    // The answer to the create arrives when the response has ended.
    const s = slow({ faults: [{ fault: 'slow', ms: 2 * endsAfterMs }], runner: { store } });
    const endedAt = s.clock.now() + endsAfterMs;
    const web = s.reboot({ agents: [], store: memory });
    wake = () => web.wakeResponse(newest(s));
    const run = s.start();
    await s.clock.advance(2 * endsAfterMs);
    expect(woken).toBeGreaterThan(0);
    expect(run.view.status).toBe('completed');
    expect(polls(s)).toBe(1);
    expect(await memory.takeWebhook(newest(s))).toBe(false);
  });

  test('reaches a run that another process drives, and the run saves that it has received the message', async () => {
    const s = slow();
    const run = s.start('Hello', { runId: 'r' });
    await s.clock.advance(endsAfterMs);
    const web = s.reboot({ agents: [] });
    expect(await web.wakeResponse(newest(s))).toBe(true);
    await s.quiet();
    expect(run.view.status).toBe('completed');
    expect(polls(s)).toBe(1);
    expect(await messagesOf(s.store, 'r')).toEqual([]);
    expect(run.view.warnings).toEqual([]);
  });

  test('lets a run that no process drives be adopted', async () => {
    const s = slow();
    s.start('Hello', { runId: 'r' });
    await s.clock.advance(1_000);
    await s.settle(s.runner.close());
    await s.clock.advance(endsAfterMs);
    const other = s.reboot();
    expect(await other.wakeResponse(newest(s))).toBe(true);
    await s.clock.advance(1_000);
    expect((await s.store.load('r'))?.head.status).toBe('completed');
    expect(await messagesOf(s.store, 'r')).toEqual([]);
  });

  test('waits for a run that was detached here, which its user may resume', async () => {
    const s = slow();
    const run = s.start('Hello', { runId: 'r' });
    await s.clock.advance(1_000);
    await s.settle(run.detach());
    expect(await s.runner.wakeResponse(newest(s))).toBe(true);
    await s.clock.advance(endsAfterMs);
    expect(run.view.driver).toBe('none');
    await s.runner.resume(s.agent, 'r');
    await s.quiet();
    expect(run.view.status).toBe('completed');
  });

  test('does not disturb a run that waits for a person', async () => {
    const s = scenario({ agent: { tools: [] }, tools: [], script: [{ text: 'Hi.' }] });
    const run = s.start();
    await s.settle(run.done());
    expect(await s.runner.wakeResponse(newest(s))).toBe(false);
  });

  test('is refused by a closed runner, so that it is sent again', async () => {
    const s = slow();
    await s.settle(s.runner.close());
    await expect(s.runner.wakeResponse('resp_1')).rejects.toThrow('closed');
  });

  test('rejects if the store does not answer', async () => {
    const store = { ...memoryStore(), findByResponse: () => new Promise<undefined>(() => undefined) };
    const s = slow({ runner: { store } });
    expect(await s.rejection(s.runner.wakeResponse('resp_1'))).toMatchObject({ code: 'unavailable' });
  });

  test('is found by a poll if the store fails while the run looks for it', async () => {
    const store = { ...memoryStore(), takeWebhook: () => Promise.reject(new Error('down')) };
    const s = slow({ runner: { store, polling: { minMs: 1_000, maxMs: minuteMs } } });
    const run = s.start();
    await s.settle(run.done());
    expect(run.view).toMatchObject({ status: 'completed', warnings: [] });
  });
});

/** The response ends more than half a minute before the next rare poll. */
const eightMs = 8 * minuteMs;

/** The polls of a run that starts now and is answered after eight minutes, with or without its webhook. */
async function pollsOfNext(s: Scenario, isDelivered: boolean, runner = s.runner): Promise<number> {
  const before = polls(s);
  const run = runner.start(s.agent, 'Next');
  await s.clock.advance(eightMs);
  if (isDelivered) await runner.wakeResponse(newest(s));
  await s.settle(run.done());
  expect(run.view.status).toBe('completed');
  return polls(s) - before;
}

describe('the polls of a client', () => {
  const usual: ScenarioOptions = {
    script: () => ({ text: 'Done.', queuedMs: 1_000, runMs: eightMs - 1_000 }),
    agent: { request: { store: true } },
    runner: { mode: 'poll' },
  };

  test('are rare once a webhook has come, and as often as before once one is missing', async () => {
    const s = scenario(usual);
    const often = await pollsOfNext(s, true);
    expect(often).toBeGreaterThan(80);
    const rare = await pollsOfNext(s, true);
    expect(rare).toBeLessThan(10);
    // The missing webhook is noticed at the next rare poll.
    expect(await pollsOfNext(s, false)).toBeLessThan(10);
    expect(await pollsOfNext(s, false)).toBeGreaterThan(often - 5);
    expect(await pollsOfNext(s, true)).toBeGreaterThan(often - 5);
    expect(await pollsOfNext(s, true)).toBe(rare);
  });

  test('are rare in all runners of the client, and in no other', async () => {
    const client = fetchClient({
      baseURL: 'http://api.test/v1',
      apiKey: 'k',
      fetch: (...args) => s.emulator.fetch(...args),
    });
    const s: Scenario = scenario({ ...usual, runner: { mode: 'poll' } });
    const [one, two] = [s.reboot({ client }), s.reboot({ client })];
    await pollsOfNext(s, true, one);
    expect(await pollsOfNext(s, true, two)).toBeLessThan(10);
    expect(await pollsOfNext(s, true)).toBeGreaterThan(80);
  });

  test('stay rare for a run that another process resumes', async () => {
    const s = scenario(usual);
    await pollsOfNext(s, true);
    const run = s.start('Parked', { runId: 'r' });
    await s.clock.advance(1_000);
    await s.settle(s.runner.close());
    const before = polls(s);
    const other = s.reboot();
    const resumed = await other.resume(s.agent, 'r');
    await s.clock.advance(eightMs - 2_000);
    expect(polls(s) - before).toBeLessThan(10);
    await s.settle(resumed.done());
    expect(run.id).toBe(resumed.id);
  });

  test('keep the maximum delay that the user has set', async () => {
    const s = scenario({ ...usual, runner: { mode: 'poll', polling: { maxMs: 20_000 } } });
    await pollsOfNext(s, true);
    expect(await pollsOfNext(s, true)).toBe(24);
  });
});

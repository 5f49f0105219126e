import { afterEach, beforeEach, expect, test } from 'vitest';
import { defineAgent } from '../agent/define-agent.ts';
import { fetchClient } from '../client/fetch-client.ts';
import { createRunner } from './runner/create-runner.ts';
import type { RunnerOptions } from './runner/runner-options.ts';
import { memoryStore } from '../store/memory-store.ts';
import { createEmulator, type Emulator } from '../testing/emulator.ts';
import { manualClock, type ManualClock } from '../testing/manual-clock.ts';
import type { Runner } from '../run/runner.ts';
import { provideLoop } from './load-loop.ts';
import * as loopCode from './loop-code.ts';

const agent = defineAgent({ name: 'a', model: 'm' });
/** The number of times that loading fails before it succeeds. */
let failures = 0;
let loads = 0;

/** Simulates a new process, in which the code of the loop is not loaded. In other tests a setup file provides it. */
function newProcess(): void {
  loads = 0;
  provideLoop(async () => {
    loads += 1;
    if (loads <= failures) throw new TypeError('Failed to fetch dynamically imported module');
    return loopCode;
  });
}

beforeEach(() => {
  failures = 0;
  newProcess();
});

afterEach(() => provideLoop(loopCode));

interface World {
  readonly clock: ManualClock;
  readonly emulator: Emulator;
  readonly store: ReturnType<typeof memoryStore>;
  runner(options?: Partial<RunnerOptions>): Runner;
}

function world(): World {
  const clock = manualClock(0, { patienceMs: 20 });
  const emulator = createEmulator({ script: [{ text: 'Hi', queuedMs: 20_000 }], clock });
  const client = fetchClient({ baseURL: 'http://openai.test/v1', fetch: emulator.fetch });
  const store = memoryStore({ clock });
  return {
    clock,
    emulator,
    store,
    runner: (options) => createRunner({ client, clock, store, ...options }),
  };
}

/** Moves the clock until a promise settles. */
async function settled<T>(clock: ManualClock, promise: Promise<T>): Promise<T> {
  const watch = { isSettled: false };
  const settle = (): void => {
    watch.isSettled = true;
  };
  promise.then(settle, settle);
  while (!watch.isSettled) await clock.advance(5_000);
  return promise;
}

test('a runner loads the code of its loop, and its runs wait for it', async () => {
  const { clock, emulator, runner } = world();
  const run = runner().start(agent, 'Hello');
  expect(run.view.status).toBe('queued');
  expect(emulator.requests).toEqual([]);
  expect((await settled(clock, run.result())).text).toBe('Hi');
  expect(loads).toBe(1);
});

test('a load that fails is retried', async () => {
  failures = 3;
  const { clock, runner } = world();
  const run = runner().start(agent, 'Hello');
  expect((await settled(clock, run.result())).text).toBe('Hi');
  expect(loads).toBe(4);
});

test('a run whose code cannot be loaded sends and saves nothing, and can be started again', async () => {
  failures = 100;
  const { clock, emulator, store, runner } = world();
  const made = runner();
  const run = made.start(agent, 'Hello', { runId: 'r' });
  const result = run.result();
  const rejected = expect(result).rejects.toMatchObject({
    code: 'not_loaded',
    message: expect.stringContaining('could not be loaded'),
  });
  await settled(clock, rejected);
  expect(emulator.requests).toEqual([]);
  expect(await store.list()).toEqual([]);

  failures = 0;
  const again = made.start(agent, 'Hello', { runId: 'r' });
  expect((await settled(clock, again.result())).text).toBe('Hi');
});

test('a saved run whose code cannot be loaded keeps its job, and can be resumed again', async () => {
  const { clock, emulator, store, runner } = world();
  const before = runner();
  const first = before.start(agent, 'Hello', { runId: 'r' });
  while (emulator.requests.length === 0) await clock.advance(100);
  // A close waits for the create in progress, whose answer takes time of this clock on a slow machine.
  await settled(clock, before.close({ graceMs: 0 }));
  await expect(first.result()).rejects.toMatchObject({ code: 'detached' });
  const saved = await store.load('r');
  const sent = emulator.requests.length;

  newProcess();
  failures = 100;
  const after = runner();
  const resumed = after.resume(agent, 'r');
  const outcome = resumed.then((run) => run.result()).catch((error: unknown) => error);
  expect(await settled(clock, outcome)).toMatchObject({ code: 'not_loaded' });
  expect(emulator.requests).toHaveLength(sent);
  expect(await store.load('r')).toEqual(saved);

  failures = 0;
  const again = await settled(clock, after.resume(agent, 'r'));
  expect((await settled(clock, again.result())).text).toBe('Hi');
});

test('a cancel while the code is still loading ends the run, and nothing is sent', async () => {
  failures = 3;
  const { clock, emulator, runner } = world();
  const run = runner().start(agent, 'Hello');
  const cancelled = run.cancel();
  expect((await settled(clock, cancelled)).status).toBe('cancelled');
  expect(emulator.requests).toEqual([]);
});

test('a run that is detached while the code is still loading sends nothing', async () => {
  failures = 100;
  const { clock, emulator, runner } = world();
  const made = runner();
  const run = made.start(agent, 'Hello');
  const rejected = expect(run.result()).rejects.toMatchObject({ code: 'detached' });
  const closed = made.close({ graceMs: 1_000 });
  await clock.advance(10_000);
  await closed;
  await rejected;
  failures = 0;
  await clock.advance(120_000);
  expect(emulator.requests).toEqual([]);
});

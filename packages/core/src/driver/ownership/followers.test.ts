import { expect, test } from 'vitest';
import { defineAgent } from '../../agent/define-agent.ts';
import { fetchClient } from '../../client/fetch-client.ts';
import { memoryStore } from '../../store/memory-store.ts';
import type { RunStore } from '../../store/run-store.ts';
import { createEmulator } from '../../testing/emulator.ts';
import { manualClock } from '../../testing/manual-clock.ts';
import { createRunner } from '../runner/create-runner.ts';

const agent = defineAgent({ name: 'a', model: 'm' });
const runs = 20;

/** Counts the calls of a store. */
function counted(store: RunStore) {
  const calls: Record<string, number> = {};
  const counting = new Proxy(store, {
    get(target, name, receiver) {
      const own: unknown = Reflect.get(target, name, receiver);
      if (typeof own !== 'function') return own;
      return (...args: unknown[]) => {
        calls[String(name)] = (calls[String(name)] ?? 0) + 1;
        return Reflect.apply(own, target, args);
      };
    },
  });
  return { calls, store: counting };
}

/** One runner drives runs of ten minutes, and another follows them, with a store that sends no notices. */
async function following(without: readonly (keyof RunStore)[] = []) {
  const clock = manualClock(1_770_000_000_000);
  const emulator = createEmulator({ script: [{ text: 'Hi', runMs: 600_000 }], clock, keepRequests: 1 });
  const client = fetchClient({ baseURL: 'http://api.test/v1', fetch: emulator.fetch });
  const { watch: _watch, publish: _publish, ...silent } = memoryStore({ clock });
  const store: RunStore = silent;
  for (const name of without) delete store[name];
  const boot = (of: RunStore) => createRunner({ client, clock, store: of, agents: [agent], mode: 'poll' });
  const driver = counted(store);
  const follower = counted(store);
  const [there, here] = [boot(driver.store), boot(follower.store)];
  for (let run = 0; run < runs; run += 1) there.start(agent, 'Hello', { runId: `run-${run}` });
  await clock.advance(10_000);
  await here.resumeAll();
  for (const run of here.runs) expect(run.view.driver).toBe('elsewhere');
  const reset = (): void => {
    for (const { calls } of [driver, follower]) for (const name of Object.keys(calls)) delete calls[name];
  };
  reset();
  return { clock, there, here, driver: driver.calls, follower: follower.calls, reset, emulator };
}

test('followers send one query a second for all runs, and no load or claim of an unchanged run', async () => {
  const { clock, driver, follower } = await following();
  await clock.advance(60_000);
  expect(follower['look']).toBeLessThanOrEqual(61);
  expect(follower['undriven']).toBeLessThanOrEqual(4);
  expect(follower).toEqual({ look: follower['look'], undriven: follower['undriven'] });
  expect(driver['look']).toBeLessThanOrEqual(61);
  expect(driver['renew']).toBeLessThanOrEqual(13);
  // Polls that change nothing save nothing, and no message is posted.
  const { look, renew, undriven } = driver;
  expect(driver).toEqual({ look, renew, undriven });
});

test('a run that has changed is loaded, and its claim is not requested', async () => {
  const { clock, there, here, follower } = await following();
  void there.get('run-7')?.cancel('enough');
  await clock.advance(5_000);
  expect(here.get('run-7')?.view).toMatchObject({ status: 'cancelled' });
  expect(follower['load']).toBeLessThanOrEqual(4);
  expect(follower['claim']).toBeUndefined();
});

test('runs that their driver releases are taken over, each claimed once', async () => {
  const { clock, here, there, driver, follower, reset, emulator } = await following();
  await there.close({ graceMs: 0 });
  reset();
  await clock.advance(5_000);
  for (const run of here.runs) expect(run.view).toMatchObject({ driver: 'here' });
  expect(follower['claim']).toBe(runs);
  expect(driver).toEqual({});
  await clock.advance(900_000);
  for (const run of here.runs) expect(run.view).toMatchObject({ status: 'completed' });
  expect(emulator.generations).toBe(runs);
});

test('a follower also works with a store that has neither look nor renew', async () => {
  const { clock, there, here, emulator } = await following(['look', 'renew']);
  await clock.advance(60_000);
  for (const run of here.runs) expect(run.view.driver).toBe('elsewhere');
  await there.close({ graceMs: 0 });
  await clock.advance(20_000);
  for (const run of here.runs) expect(run.view.driver).toBe('here');
  await clock.advance(900_000);
  for (const run of here.runs) expect(run.view).toMatchObject({ status: 'completed' });
  expect(emulator.generations).toBe(runs);
});

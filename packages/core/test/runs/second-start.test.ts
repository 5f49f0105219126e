import { expect, test } from 'vitest';
import type { RunStore } from '../../src/store/run-store.ts';
import { scenario, type Scenario } from '../../test-support/scenario.ts';

/** A runner with a run that waits for the slow load of the run that it continues, and a second start of its id. */
function twoStarts({ store, clock, reboot, agent }: Scenario, loadMs: number) {
  const slow: RunStore = {
    ...store,
    load: async (runId) => {
      if (runId === 'old') await clock.sleep(loadMs);
      return store.load(runId);
    },
  };
  const runner = reboot({ store: slow });
  const first = runner.start(agent, 'Hello.', { runId: 'r', continueFrom: 'old' });
  const second = runner.start(agent, 'Hello.', { runId: 'r' });
  return { runner, first, second };
}

test('close() also ends a second start of an id', async () => {
  const s = scenario();
  const { runner, second } = twoStarts(s, 20_000);
  await s.clock.advance(500);
  await s.settle(runner.close());
  await s.clock.advance(60_000);
  expect(s.sent()).toEqual([]);
  await expect(second.result()).rejects.toMatchObject({ code: 'detached' });
});

test('a second start replaces a first one that is never saved, and receives cancels', async () => {
  const s = scenario({ emulator: { runMs: 600_000 } });
  const { runner, first, second } = twoStarts(s, 5_000);
  await s.settle(first.detach());
  await s.clock.advance(20_000);
  expect(second.view.driver).toBe('here');
  expect(runner.get('r')).toBe(second);
  const follower = await s.settle(s.reboot().resume(s.agent, 'r'));
  expect((await s.settle(follower.cancel())).status).toBe('cancelled');
});

test('a second start of a saved run rejects with a conflict, and the runner keeps the first', async () => {
  const s = scenario();
  const first = s.start('Hello.', { runId: 'r' });
  await s.clock.advance(2_000);
  const second = s.start('Hello.', { runId: 'r' });
  expect(await s.rejection(second.result())).toMatchObject({ code: 'conflict' });
  expect(s.runner.get('r')).toBe(first);
  expect((await s.settle(first.result())).view.status).toBe('completed');
});

import { expect, onTestFinished, test } from 'vitest';
import { usePostgres } from '../../test-support/postgres/postgres-database.ts';
import { fetchClient } from '../client/fetch-client.ts';
import { systemClock } from '../clock/system-clock.ts';
import { LocalRunner } from '../driver/runner/local-runner.ts';
import { postgresStore } from '../store/postgres.ts';
import { wakeStoreOf } from '../store/postgres/wake-store.ts';
import { sampleChange } from '../testing/conformance/sample-run.ts';
import { HeldJobs } from './held-jobs.ts';
import { ownBoss } from './own-boss.ts';
import { RunDriver } from './run-driver.ts';
import { Settler } from './settler.ts';
import { WakeQueue } from './wake-queue.ts';

const { newPool, newSchema } = usePostgres();

test('a loop that has lost its job does not park the run when its worker has the next job of the run', async () => {
  const store = postgresStore({ database: newPool(), schema: newSchema() });
  onTestFinished(() => store.close());
  const wakes = wakeStoreOf(store);
  if (wakes === undefined) throw new Error('The store has no queue.');
  const settler = new Settler(wakes, async (_database, jobs) => jobs.length);
  const held = new HeldJobs();
  const driver = new RunDriver({
    ...{ held, settler, wakes, clock: systemClock, version: '1.0.0' },
    runner: new LocalRunner({ client: fetchClient({ baseURL: 'http://openai.test/v1' }), store }),
    queue: new WakeQueue(ownBoss(store, false, (message) => expect.fail(message))),
  });
  await wakes.start(sampleChange({ runId: 'run', status: 'in_progress' }), 0, async () => undefined);
  // Another worker saves the run and loses it, and this worker gets its next job.
  await store.commit(sampleChange({ runId: 'run', revision: 2, status: 'requires_action' }));
  const [taken] = await wakes.take(['run']);
  if (taken === undefined) throw new Error('There is no run.');
  const next = held.add(taken, { id: 'next', retryCount: 1 }, 0);

  expect(await driver.park('run', 1, null)).toBe('lost');
  expect(next.isReleased).toBe(false);
  expect(await driver.park('run', 2, null)).toBe('parked');
  expect(next.isReleased).toBe(true);
});

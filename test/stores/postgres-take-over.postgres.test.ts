import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { postgresStore } from '@longhaul/core/store/postgres';
import { createEmulator } from '@longhaul/core/testing';
import { serveEmulator } from '@longhaul/core/testing/node';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { usePostgres } from '../../packages/core/test-support/postgres/postgres-database.ts';
import { RunsProcesses } from './runs-processes.ts';

const { newPool, newSchema } = usePostgres();
const processes = new RunsProcesses();
const runs = 20;

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longhaul-take-over-'));
});
afterEach(async () => {
  processes.killAll();
  await rm(folder, { recursive: true, force: true });
});

test('another process takes over the runs of a process that was killed, and executes each tool once', async () => {
  const schema = newSchema();
  const database = newPool();
  const store = postgresStore({ database, schema });
  const heads = () => store.list();
  const emulator = createEmulator({
    script: ({ iterationIndex }) =>
      iterationIndex === 0 ? { calls: [{ name: 'note', arguments: {} }] } : { text: 'Noted.' },
    queuedMs: 0,
    runMs: 2_000,
    keepRequests: 1,
  });
  // Keeps runs from ending before the process is killed, on a machine of any speed.
  emulator.holdQueue();
  await using server = await serveEmulator(emulator);
  const executions = join(folder, 'executions');
  const place = [`${inject('postgresUrl')}#${schema}`, server.url, executions] as const;
  const driver = processes.start(...place, 'drive', runs);
  await driver.said('driving');
  const epochs = new Set((await heads()).map(({ epoch }) => epoch));
  expect(epochs.size, 'started once').toBe(1);
  const rival = processes.start(...place, 'watch');
  await rival.said(`known ${runs}`);
  await driver.kill();
  // The claims of the killed process need not expire for the test: that takes 15 s by the clock of the database.
  await database.query(`UPDATE "${schema}".claims SET until = now()`);
  await database.query(`UPDATE "${schema}".owners SET until = now()`);
  emulator.releaseQueue();
  while ((await heads()).some(({ status }) => status !== 'completed')) await sleep(200);
  expect((await heads()).map(({ epoch }) => epoch)).not.toContain([...epochs][0]);
  expect(emulator.generations, 'each job was started once').toBe(2 * runs);
  const lines = (await readFile(executions, 'utf8')).trim().split('\n');
  expect(new Set(lines).size).toBe(runs);
  expect(lines).toHaveLength(runs);
});

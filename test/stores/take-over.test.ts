import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type SqliteStore, sqliteStore } from '@longhaul/core/store/sqlite';
import { createEmulator } from '@longhaul/core/testing';
import { serveEmulator } from '@longhaul/core/testing/node';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { deep } from '../survival/seeded.ts';
import { type RunsProcess, RunsProcesses } from './runs-processes.ts';

const runs = deep ? 10_000 : 50;
/** Longer than a claim holds without a renewal. */
const blockedMs = 18_000;

let folder = '';
let path = '';
let executions = '';
let store: SqliteStore;
const processes = new RunsProcesses();
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longhaul-take-over-'));
  path = join(folder, 'runs.db');
  executions = join(folder, 'executions');
  store = sqliteStore({ path, busyTimeoutMs: 5_000 });
});
afterEach(async () => {
  processes.killAll();
  store.close();
  await rm(folder, { recursive: true, force: true });
});

const start = (url: string, ...args: (string | number)[]): RunsProcess =>
  processes.start(path, url, executions, ...args);

/** The different epochs (how often a run was resumed) and statuses of the saved runs. */
async function saved(): Promise<{ readonly epochs: number[]; readonly statuses: Set<string> }> {
  const heads = await store.list();
  return {
    epochs: [...new Set(heads.map(({ epoch }) => epoch))],
    statuses: new Set(heads.map(({ status }) => status)),
  };
}

async function until(reached: () => Promise<boolean>): Promise<void> {
  while (!(await reached())) await sleep(200);
}

test(`an idle process on the same file takes over none of ${runs} runs that another process drives`, async () => {
  const emulator = createEmulator({
    script: ({ iterationIndex }) =>
      iterationIndex === 0 ? { calls: [{ name: 'note', arguments: {} }] } : { text: 'Noted.' },
    queuedMs: 0,
    runMs: 2_000,
    keepRequests: 1,
  });
  await using server = await serveEmulator(emulator);
  const rival = start(server.url, 'watch');
  await rival.said('known 0');
  const driver = start(server.url, 'drive', runs);
  await driver.said('driving');
  await until(async () => {
    const { statuses } = await saved();
    return statuses.size === 1 && statuses.has('completed');
  });
  expect((await saved()).epochs, 'started once and never resumed').toHaveLength(1);
  expect(emulator.generations).toBe(2 * runs);
  const lines = (await readFile(executions, 'utf8')).trim().split('\n');
  expect(new Set(lines).size).toBe(runs);
  expect(lines).toHaveLength(runs);
});

test('a process keeps its runs while its event loop is blocked, and another takes them over when it is killed', async () => {
  const emulator = createEmulator({
    script: [{ text: 'Noted.' }],
    queuedMs: 0,
    runMs: 2_000,
    keepRequests: 1,
  });
  // Keeps runs from ending before the process is killed, on a machine of any speed.
  emulator.holdQueue();
  await using server = await serveEmulator(emulator);
  const driver = start(server.url, 'drive', runs, blockedMs);
  const rival = start(server.url, 'watch');
  await driver.said('blocking');
  await rival.said(`known ${runs}`);
  const { epochs } = await saved();
  expect(epochs).toHaveLength(1);
  await driver.said('awake');
  expect((await saved()).epochs, 'while the process was alive').toEqual(epochs);

  await driver.kill();
  emulator.releaseQueue();
  await until(async () => {
    const { statuses } = await saved();
    return statuses.size === 1 && statuses.has('completed');
  });
  const after = await saved();
  expect(after.epochs).not.toContain(epochs[0]);
  expect(emulator.generations, 'each job was started once').toBe(runs);
});

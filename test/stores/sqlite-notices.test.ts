import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunNotice } from '@longhaul/core';
import { type SqliteStore, sqliteStore } from '@longhaul/core/store/sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type StoreProcess, StoreProcesses } from './store-processes.ts';

let folder = '';
let path = '';
const processes = new StoreProcesses();
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longhaul-notices-'));
  path = join(folder, 'runs.db');
});
afterEach(async () => {
  processes.killAll();
  await rm(folder, { recursive: true, force: true });
});

const start = (...args: (string | number)[]): StoreProcess => processes.start(path, ...args);

/** Starts a process that prints the notices of the store, and waits until it watches. */
async function startWatching(): Promise<StoreProcess> {
  const watcher = start('watch');
  await watcher.printed(2);
  return watcher;
}

function noticesOf({ lines }: StoreProcess): RunNotice[] {
  return lines.slice(2).map((line): RunNotice => JSON.parse(line));
}

/** The numbers that the notices of a run carry. */
function numbers(notices: readonly RunNotice[], runId: string): unknown[] {
  return notices.flatMap((each) => (each.type === 'live' && each.runId === runId ? [each.message] : []));
}

function collect(store: SqliteStore): RunNotice[] {
  const notices: RunNotice[] = [];
  store.watch((notice) => notices.push(notice));
  return notices;
}

const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

async function until(reached: () => boolean): Promise<void> {
  while (!reached()) await sleep(20);
}

test('a process is notified of the saves, messages, released claims and deletes of another process', async () => {
  const watcher = await startWatching();
  expect(await start('change', 'run-1').ended).toBe(0);
  await watcher.printed(6);
  expect(noticesOf(watcher)).toEqual([
    { type: 'saved', runId: 'run-1' },
    { type: 'posted', runId: 'run-1' },
    { type: 'released', runId: 'run-1' },
    { type: 'saved', runId: 'run-1' },
  ]);
});

test('each of several processes receives all messages of several others, in their order', async () => {
  const watchers = await Promise.all([startWatching(), startWatching()]);
  using store = sqliteStore({ path });
  const here = collect(store);
  const runs = ['run-1', 'run-2', 'run-3'];
  const publishers = runs.map((runId) => start('publish', runId, 200));
  expect(await Promise.all(publishers.map(({ ended }) => ended))).toEqual([0, 0, 0]);
  await until(() => here.length >= 600);
  for (const watcher of watchers) await watcher.printed(602);
  for (const notices of [here, ...watchers.map(noticesOf)])
    for (const runId of runs) expect(numbers(notices, runId)).toEqual(upTo(200));
});

test('a process that begins to watch receives every later message, without a gap', async () => {
  await startWatching();
  const publisher = start('publish', 'run-1', 100_000);
  await publisher.printed(1);
  for (let round = 0; round < 5; round += 1) {
    await sleep(50);
    using store = sqliteStore({ path });
    const notices = collect(store);
    await until(() => notices.length >= 20);
    const [first, ...later] = numbers(notices, 'run-1').map(Number);
    expect(later).toEqual(later.map((_, index) => Number(first) + index + 1));
  }
  publisher.kill();
});

test('messages still arrive after other processes that watched and published were killed', async () => {
  using store = sqliteStore({ path });
  const notices = collect(store);
  for (const runId of ['run-1', 'run-2', 'run-3']) {
    const watcher = await startWatching();
    const publisher = start('publish', runId, 100_000);
    await until(() => numbers(notices, runId).length >= 20);
    watcher.kill();
    publisher.kill();
    const received = numbers(notices, runId);
    expect(received).toEqual(upTo(received.length));
  }
  const last = start('publish', 'last', 50);
  await until(() => numbers(notices, 'last').length >= 50);
  expect(await last.ended).toBe(0);
});

test('messages arrive again after the live file was deleted while processes use it', async () => {
  using store = sqliteStore({ path });
  const notices = collect(store);
  const publisher = start('publish', 'run-1', 100_000);
  await until(() => notices.length >= 20);
  for (const name of ['-live', '-live-wal', '-live-shm']) await rm(`${path}${name}`);
  await sleep(100);
  const before = notices.length;
  using other = sqliteStore({ path });
  const others = collect(other);
  await until(() => notices.length >= before + 20 && others.length >= 20);
  publisher.kill();
  expect(numbers(others, 'run-1').at(-1)).toBeGreaterThan(before);
});

test('the text of messages is deleted from the live file soon after they were received', async () => {
  const watcher = await startWatching();
  const publisher = start('publish', 'run-1', 50);
  await publisher.ended;
  await watcher.printed(52);
  using live = new DatabaseSync(`${path}-live`);
  const count = (): unknown => live.prepare('SELECT count(*) AS n FROM notices').get()?.['n'];
  await until(() => count() === 0);
  expect(numbers(noticesOf(watcher), 'run-1')).toEqual(upTo(50));
  expect((await readFile(`${path}-live`)).includes('"live"')).toBe(false);
  expect((await stat(`${path}-live-wal`)).size).toBeLessThan(20_000);
});

test('the runs of a process that was killed are reported as released when its claims expire', async () => {
  using store = sqliteStore({ path });
  const notices = collect(store);
  const owner = start('claim', 'run-1', 'owner', 2_000);
  await owner.printed(2);
  owner.kill();
  await until(() => notices.length > 0);
  expect(notices).toEqual([{ type: 'released', runId: 'run-1' }]);
  expect(await store.claim('run-1', 'me', 2_000)).toBe(true);
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { DatabaseSync } from 'node:sqlite';
import { sqliteStore } from '@longhaul/core/store/sqlite';
import { manualClock } from '@longhaul/core/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type StoreProcess, StoreProcesses } from './store-processes.ts';

const rounds = process.env['LONGHAUL_DEEP'] === '1' ? 200 : 4;

let folder = '';
let path = '';
const processes = new StoreProcesses();
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longhaul-sqlite-'));
  path = join(folder, 'runs.db');
});
afterEach(async () => {
  processes.killAll();
  await rm(folder, { recursive: true, force: true });
});

const start = (...args: (string | number)[]): StoreProcess => processes.start(path, ...args);

function revisions(items: readonly object[]): number[] {
  return items.map((item) => ('revision' in item ? Number(item.revision) : Number.NaN));
}

const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

test('several processes may create and open a new file at the same time', async () => {
  const openers = Array.from({ length: 4 }, () => start('open', 40, Date.now() + 700));
  expect(await Promise.all(openers.map(({ ended }) => ended))).toEqual([0, 0, 0, 0]);
});

test('processes that race for a run save each revision exactly once in total', async () => {
  const rivals = Array.from({ length: 3 }, () => start('race', 'run-1', 60));
  expect(await Promise.all(rivals.map(({ ended }) => ended))).toEqual([0, 0, 0]);
  const wins = rivals.map(({ lines }) => lines.slice(1).map(Number));
  expect(wins.flat().toSorted((a, b) => a - b)).toEqual(upTo(60));
  using store = sqliteStore({ path });
  expect(revisions((await store.load('run-1'))?.items ?? [])).toEqual(upTo(60));
});

test(`I7: a process that is killed during saves, ${rounds} times, keeps all reported saves, and stores no partial one`, async () => {
  for (let round = 0; round < rounds; round += 1) {
    // Large items cause long writes, and a checkpoint every few saves. The kill happens during either.
    const child = start('write', 'run-1', [10, 20_000, 500_000][round % 3] ?? 0);
    await child.printed(2 + ((round * 7) % 23));
    child.kill();
    expect(await child.ended).toBe('SIGKILL');

    {
      using database = new DatabaseSync(path);
      expect(database.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
    }
    using store = sqliteStore({ path });
    const run = await store.load('run-1');
    const saved = run?.head.revision ?? 0;
    const reported = Number(child.lines.at(-1));
    expect(revisions(run?.items ?? [])).toEqual(upTo(saved));
    expect(saved, 'every reported save is stored, and at most one save that was in progress').toSatisfy(
      (revision: number) => revision === reported || revision === reported + 1,
    );
    await store.delete(round % 5 === 4 ? 'run-1' : 'none');
  }
});

test('the claim of a killed process holds until it expires', async () => {
  const child = start('claim', 'run-1', 'child', 60_000);
  await child.printed(2);
  expect(child.lines[1]).toBe('true');
  const clock = manualClock(Date.now());
  using store = sqliteStore({ path, clock });
  expect(await store.claim('run-1', 'me', 60_000)).toBe(false);
  child.kill();
  await child.ended;
  expect(await store.claim('run-1', 'me', 60_000)).toBe(false);
  await clock.advance(60_000);
  expect(await store.claim('run-1', 'me', 60_000)).toBe(true);
});

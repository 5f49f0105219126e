import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Clock } from '../../clock/clock.ts';
import { type SqliteStore, sqliteStore } from '../sqlite.ts';

const ttlMs = 15_000;
const hourMs = 3_600_000;

let folder = '';
let path = '';
let opened: SqliteStore[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longhaul-clocks-'));
  path = join(folder, 'runs.db');
});
afterEach(async () => {
  for (const store of opened) store.close();
  opened = [];
  await rm(folder, { recursive: true, force: true });
});

/** Simulates a process with a store. Its wall clock may be wrong or changed; its monotonic clock only moves forward. */
function processWith(wallMs: number) {
  const time = { wall: wallMs, monotonic: 0 };
  const clock: Clock = {
    now: () => time.wall,
    monotonic: () => time.monotonic,
    sleep: async () => undefined,
  };
  const store = sqliteStore({ path, clock, synchronous: 'normal' });
  opened.push(store);
  return {
    store,
    pass: (ms: number) => {
      time.wall += ms;
      time.monotonic += ms;
    },
    setWallClock: (byMs: number) => {
      time.wall += byMs;
    },
  };
}

const now = 1_770_000_000_000;

test.each([
  ['an hour ahead', hourMs],
  ['an hour behind', -hourMs],
  ['right', 0],
])(
  'the claim of a dead process whose clock was %s expires one TTL after the first look',
  async (_name, offset) => {
    const dead = processWith(now + offset);
    const living = processWith(now);
    expect(await dead.store.claim('run-1', 'dead', ttlMs)).toBe(true);
    expect(await living.store.claim('run-1', 'living', ttlMs)).toBe(false);
    living.pass(ttlMs - 1);
    expect(await living.store.claim('run-1', 'living', ttlMs)).toBe(false);
    living.pass(1);
    expect(await living.store.claim('run-1', 'living', ttlMs)).toBe(true);
    expect(await dead.store.claim('run-1', 'dead', ttlMs)).toBe(false);
  },
);

test.each([
  ['an hour ahead', hourMs],
  ['an hour behind', -hourMs],
])('a process whose clock is %s does not take over a run whose claim is renewed', async (_name, offset) => {
  const holder = processWith(now);
  const rival = processWith(now + offset);
  await holder.store.claim('run-1', 'holder', ttlMs);
  for (let seconds = 0; seconds < 60; seconds += 5) {
    expect(await rival.store.claim('run-1', 'rival', ttlMs), `after ${seconds} s`).toBe(false);
    holder.pass(5_000);
    rival.pass(5_000);
    expect(await holder.store.claim('run-1', 'holder', ttlMs)).toBe(true);
  }
});

test('setting the wall clock neither shortens nor prolongs a claim', async () => {
  const holder = processWith(now);
  const rival = processWith(now);
  await holder.store.claim('run-1', 'holder', ttlMs);
  expect(await rival.store.claim('run-1', 'rival', ttlMs)).toBe(false);
  rival.setWallClock(2 * hourMs);
  expect(await rival.store.claim('run-1', 'rival', ttlMs)).toBe(false);
  rival.setWallClock(-5 * hourMs);
  rival.pass(ttlMs);
  expect(await rival.store.claim('run-1', 'rival', ttlMs)).toBe(true);
});

test('a refused claim writes nothing and needs no lock', async () => {
  const holder = processWith(now);
  const rival = processWith(now);
  await holder.store.claim('run-1', 'holder', ttlMs);
  using other = new DatabaseSync(path);
  const version = (): unknown => other.prepare('PRAGMA data_version').get();
  const before = version();
  other.exec('BEGIN IMMEDIATE');
  expect(await rival.store.claim('run-1', 'rival', ttlMs)).toBe(false);
  other.exec('COMMIT');
  rival.pass(5_000);
  expect(await rival.store.claim('run-1', 'rival', ttlMs)).toBe(false);
  expect(version()).toEqual(before);
});

test('a renewal of the claims on 300 runs writes one row', async () => {
  const holder = processWith(now);
  for (let run = 0; run < 300; run += 1) await holder.store.claim(`run-${run}`, 'holder', ttlMs);
  await holder.store.claim('elsewhere', 'other', ttlMs);
  using other = new DatabaseSync(path);
  other.exec(`
    CREATE TABLE written (n); INSERT INTO written VALUES (0);
    CREATE TRIGGER a AFTER UPDATE ON claims BEGIN UPDATE written SET n = n + 1; END;
    CREATE TRIGGER b AFTER INSERT ON claims BEGIN UPDATE written SET n = n + 1; END;
    CREATE TRIGGER c AFTER UPDATE ON owners BEGIN UPDATE written SET n = n + 1; END;
  `);
  const held = await holder.store.renew('holder', ttlMs);
  expect(held).toHaveLength(300);
  expect(held).not.toContain('elsewhere');
  expect(other.prepare('SELECT n FROM written').get()).toEqual({ n: 1 });
});

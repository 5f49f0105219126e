import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { memoryStore } from '../../src/store/memory-store.ts';
import type { RunStore } from '../../src/store/run-store.ts';
import { sqliteStore } from '../../src/store/sqlite.ts';
import { sampleChange } from '../../src/testing/conformance/sample-run.ts';
import { manualClock } from '../../src/testing/manual-clock.ts';

const runs = 400;
/** The agreed size of a run of a conversation, whose ids have 36 characters. */
const mostBytes = 300;

/** Ids of 36 characters, in the order of their runs. */
const idOf = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

async function fill(store: RunStore): Promise<void> {
  for (let n = 0; n < runs; n += 1) {
    const place = { threadId: idOf(0), title: 't'.repeat(200), ...(n > 0 && { continues: idOf(n - 1) }) };
    const input = n % 2 === 0 ? { inputText: 'x'.repeat(200) } : {};
    const head = { ...place, ...input, filler: 'h'.repeat(5_000) };
    const ofRun = {
      runId: idOf(n),
      createdAt: 1_770_000_000_000 + n,
      owner: idOf(runs),
      agent: 'support-agent',
    };
    await store.commit(sampleChange({ ...ofRun, status: 'requires_action', head }));
  }
}

test.each<[string, () => RunStore & Partial<Disposable>]>([
  ['memoryStore', () => memoryStore()],
  ['sqliteStore', () => sqliteStore({ path: ':memory:', clock: manualClock() })],
])('%s returns at most 300 bytes for each run of a conversation', async (_, open) => {
  const store = open();
  await fill(store);
  const listed = (await store.listThreadRuns?.(idOf(0))) ?? [];
  expect(listed).toHaveLength(runs);
  const bytes = listed.map((run) => Buffer.byteLength(JSON.stringify(run)) + 1);
  expect(Math.max(...bytes)).toBeLessThanOrEqual(mostBytes);
  store[Symbol.dispose]?.();
});

test('the indices from which SQLite reads a conversation have at most 300 bytes for each run', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'longhaul-bytes-'));
  const path = join(folder, 'runs.db');
  {
    using store = sqliteStore({ path, clock: manualClock() });
    await fill(store);
  }
  using database = new DatabaseSync(path);
  const [index] = database
    .prepare("SELECT sum(payload) AS bytes FROM dbstat WHERE name = 'runs_by_thread'")
    .all();
  expect(Number(index?.['bytes']) / runs).toBeGreaterThan(100);
  expect(Number(index?.['bytes']) / runs).toBeLessThanOrEqual(mostBytes);
  await rm(folder, { recursive: true, force: true });
});

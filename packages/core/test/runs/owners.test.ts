import { describe, expect, test } from 'vitest';
import { memoryStore } from '../../src/store/memory-store.ts';
import type { RunHead, RunStore } from '../../src/store/run-store.ts';
import { sqliteStore } from '../../src/store/sqlite.ts';
import { scenario } from '../../test-support/scenario.ts';

const stores: [string, () => RunStore][] = [
  ['memory', () => memoryStore()],
  ['SQLite', () => sqliteStore({ path: ':memory:' })],
];

describe.each(stores)('the owner of a run, on %s', (_name, open) => {
  test('is saved, listed and kept by the process that resumes the run', async () => {
    const s = scenario({ runner: { store: open(), mode: 'poll' } });
    const run = s.start('Hi', { runId: 'run-1', owner: 'ann' });
    expect(run.snapshot().head.owner).toBe('ann');
    await s.clock.advance(1_000);
    await run.detach();
    const next = s.reboot();
    const resumed = await next.resume(s.agent, 'run-1');
    await s.settle(resumed.result());
    expect((await s.store.load('run-1'))?.head.owner).toBe('ann');
    expect(await next.list({ owner: 'ann' })).toMatchObject([
      { runId: 'run-1', owner: 'ann', status: 'completed' },
    ]);
    expect(await next.list({ owner: 'bob' })).toEqual([]);
  });

  test('is absent for a run without an owner, which no owner lists', async () => {
    const s = scenario({ runner: { store: open(), mode: 'poll' } });
    await s.settle(s.start('Hi', { runId: 'run-1' }).result());
    expect(await s.runner.list({ owner: 'ann' })).toEqual([]);
    const [summary] = await s.runner.list();
    expect(summary).not.toHaveProperty('owner');
    expect((await s.store.load('run-1'))?.head).not.toHaveProperty('owner');
  });

  test('distinguishes owners that differ only in lone surrogates', async () => {
    const s = scenario({ runner: { store: open(), mode: 'poll' } });
    const owners = ['\ud800', '\ud801', '\ufffd', '\u0000', '\u0000"\ud800"'];
    for (const [n, owner] of owners.entries()) s.start('Hi', { runId: `run-${n}`, owner });
    await s.clock.advance(60_000);
    for (const [n, owner] of owners.entries()) {
      expect(await s.runner.list({ owner })).toMatchObject([{ runId: `run-${n}`, owner }]);
    }
  });
});

test('is not sent to the API', async () => {
  const s = scenario();
  await s.settle(s.start('Hi', { owner: 'ann@example.test' }).result());
  expect(s.creates().length).toBeGreaterThan(1);
  expect(JSON.stringify(s.emulator.requests)).not.toContain('ann@example.test');
});

test('is not inherited by a run that continues another one', async () => {
  const s = scenario({ script: [{ text: 'Hi.' }, { text: 'Bye.' }], runner: { mode: 'poll' } });
  await s.settle(s.start('Hi', { runId: 'run-1', owner: 'ann' }).result());
  const next = s.start('And now?', { runId: 'run-2', continueFrom: 'run-1' });
  await s.settle(next.result());
  expect(next.snapshot().head).not.toHaveProperty('owner');
});

test('is kept in a snapshot that is resumed in another store', async () => {
  const s = scenario({ runner: { mode: 'poll' } });
  const run = s.start('Hi', { owner: 'ann' });
  await s.clock.advance(1_000);
  const snapshot = run.snapshot();
  await run.detach();
  const store = memoryStore({ clock: s.clock });
  const elsewhere = s.reboot({ store });
  await s.settle((await elsewhere.resume(s.agent, snapshot)).result());
  expect(await elsewhere.list({ owner: 'ann' })).toHaveLength(1);
});

test('that is damaged in a custom store removes its run from the list, and resumeAll reports the run', async () => {
  const memory = memoryStore();
  const spoil = (head: RunHead): RunHead => JSON.parse(JSON.stringify({ ...head, owner: 5 }));
  const store: RunStore = { ...memory, list: async (filter) => (await memory.list(filter)).map(spoil) };
  const s = scenario({ runner: { store, mode: 'poll' } });
  await s.settle(s.start('Hi', { runId: 'run-1' }).result());
  expect(await s.runner.list()).toEqual([]);
  await expect(s.runner.resumeAll()).rejects.toThrow('Run run-1 cannot be read');
});

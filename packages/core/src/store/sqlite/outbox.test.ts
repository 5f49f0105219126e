import { expect, test } from 'vitest';
import type { Call, Outcome } from './calls.ts';
import { sampleChange } from '../../testing/conformance/sample-run.ts';
import { Outbox } from './outbox.ts';
import { commitRow } from './read-rows.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function load(runId: string): Call {
  return { type: 'load', runId };
}

function commit(runId: string, head = '{}'): Call {
  const row = { ...commitRow(runId, sampleChange({ runId }).head), revision: 1, commitId: 'c', head };
  return { type: 'commit', ...row, items: undefined, received: [] };
}

/** An outbox whose batches are only recorded. The test answers them. */
function bench() {
  const batches: (readonly Call[])[] = [];
  const settled: (Outcome | undefined)[] = [];
  const outbox = new Outbox((calls) => void batches.push(calls));
  const add = (call: Call): void => outbox.add({ call, settle: (outcome) => void settled.push(outcome) });
  const answer = (): void => outbox.answered(batches.at(-1)?.map(() => ({ answer: undefined })) ?? []);
  return { batches, settled, outbox, add, answer };
}

test('sends one batch at a time, and collects calls for the next one', async () => {
  const { batches, add, answer } = bench();
  add(commit('run-1'));
  add(commit('run-2'));
  expect(batches).toEqual([]);
  await turn();
  expect(batches).toHaveLength(1);
  for (const runId of ['run-3', 'run-4', 'run-5']) add(commit(runId));
  await turn();
  expect(batches).toHaveLength(1);
  answer();
  expect(batches.map((batch) => batch.length)).toEqual([2, 3]);
});

test('a batch has at most 512 calls and 64 reads, and a call of 5,000,000 characters is sent alone', async () => {
  const { batches, add, answer } = bench();
  for (let run = 0; run < 2_000; run += 1) add(commit(`run-${run}`));
  for (let run = 0; run < 200; run += 1) add(load(`run-${run}`));
  add(commit('large', 'x'.repeat(5_000_000)));
  add(commit('small'));
  await turn();
  while (batches.flat().length < 2_202) answer();
  for (const batch of batches) {
    expect(batch.length).toBeLessThanOrEqual(512);
    expect(batch.filter(({ type }) => type === 'load').length).toBeLessThanOrEqual(64);
  }
  expect(batches.at(-2)?.map((call) => 'runId' in call && call.runId)).toEqual(['large']);
});

test('settles at most 16 calls in each turn', async () => {
  const { settled, add, answer } = bench();
  for (let run = 0; run < 100; run += 1) add(commit(`run-${run}`));
  await turn();
  answer();
  let turns = 0;
  for (let before = -1; settled.length < 100; turns += 1) {
    expect(settled.length - Math.max(before, 0)).toBeLessThanOrEqual(16);
    before = settled.length;
    await turn();
  }
  expect(turns).toBeGreaterThan(5);
});

test('sends a renewal before all waiting calls', async () => {
  const { batches, add, answer } = bench();
  add(commit('run-0'));
  await turn();
  for (let run = 1; run < 2_000; run += 1) add(commit(`run-${run}`));
  add({ type: 'renew', owner: 'a', ttlMs: 1 });
  answer();
  expect(batches.at(-1)?.[0]).toEqual({ type: 'renew', owner: 'a', ttlMs: 1 });
});

test('close settles the calls of the last batch with their outcomes, and all others with undefined', async () => {
  const { settled, outbox, add } = bench();
  add(commit('run-1'));
  await turn();
  add(commit('run-2'));
  outbox.close([{ answer: undefined }]);
  expect(settled).toEqual([{ answer: undefined }, undefined]);
});

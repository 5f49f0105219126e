import { expect, test } from 'vitest';
import { defineAgent } from '../../src/agent/define-agent.ts';
import { fetchClient } from '../../src/client/fetch-client.ts';
import { createRunner } from '../../src/driver/runner/create-runner.ts';
import { memoryStore } from '../../src/store/memory-store.ts';
import type { RunStore, ThreadFilter } from '../../src/store/run-store.ts';
import { sampleChange } from '../../src/testing/conformance/sample-run.ts';
import { createEmulator } from '../../src/testing/emulator.ts';
import { manualClock } from '../../src/testing/manual-clock.ts';

const agent = defineAgent({ name: 'a', model: 'm' });

function runnerOf(store: RunStore) {
  const clock = manualClock(1_770_000_000_000);
  const emulator = createEmulator({
    script: [{ text: 'Hi.' }, { text: 'By bus.' }],
    clock,
    queuedMs: 0,
    runMs: 1_000,
  });
  const client = fetchClient({ baseURL: 'http://api.test/v1', fetch: emulator.fetch });
  return { clock, runner: createRunner({ client, clock, store, agents: [agent], mode: 'poll' }) };
}

/** A store without the lists of conversations. Its `list` knows only the fields of the first version. */
function bare(memory: RunStore): RunStore {
  const { load, commit, list, delete: deleteRun } = memory;
  return {
    ...{ load, commit, delete: deleteRun },
    list: async ({ agent: name, status, limit, after } = {}) =>
      list({
        ...(name !== undefined && { agent: name }),
        ...(status !== undefined && { status }),
        ...(limit !== undefined && { limit }),
        ...(after !== undefined && { after }),
      }),
  };
}

async function filled(): Promise<Required<RunStore>> {
  const memory = memoryStore();
  const saved = [
    { runId: 'one', createdAt: 1, owner: 'ann', head: { threadId: 'trip', inputText: 'Rome' } },
    { runId: 'two', createdAt: 2, owner: 'ann', head: { threadId: 'trip', continues: 'one' } },
    { runId: 'old', createdAt: 3, agent: 'b' },
    { runId: 'tea', createdAt: 4, owner: 'bob', head: { threadId: 'tea', title: 'Tea', inputText: 'Black' } },
  ];
  for (const sample of saved) await memory.commit(sampleChange({ status: 'completed', ...sample }));
  return memory;
}

test('a runner has the same answers with a store of your own that cannot list conversations', async () => {
  const memory = await filled();
  const [full, own] = [runnerOf(memory).runner, runnerOf(bare(memory)).runner];
  for (const threadId of ['trip', 'old', 'tea', 'one', 'gone']) {
    expect(await own.listThreadRuns(threadId)).toEqual(await full.listThreadRuns(threadId));
  }
  const filters: ThreadFilter[] = [
    {},
    { owner: 'ann' },
    { agent: 'b' },
    { limit: 2 },
    { after: 'old', limit: 1 },
  ];
  for (const filter of filters) expect(await own.listThreads(filter)).toEqual(await full.listThreads(filter));
  expect((await own.listThreads()).map(({ threadId, title }) => [threadId, title])).toEqual([
    ['tea', 'Tea'],
    ['old', ''],
    ['trip', 'Rome'],
  ]);
  expect((await own.listThreadRuns('trip')).map(({ runId, isRetry }) => [runId, isRetry])).toEqual([
    ['one', undefined],
    ['two', true],
  ]);
});

test('a damaged run does not affect the lists of conversations', async () => {
  const memory = await filled();
  await memory.commit(sampleChange({ runId: 'damaged', status: 'later', head: { threadId: 'trip' } }));
  await memory.commit(sampleChange({ runId: 'worse', head: { threadId: 7 } }));
  const { runner } = runnerOf(bare(memory));
  expect((await runner.listThreadRuns('trip')).map(({ runId }) => runId)).toEqual(['one', 'two']);
  expect(await runner.listThreads({ owner: 'ann' })).toMatchObject([{ threadId: 'trip', runs: 2 }]);
  expect(await runnerOf(memory).runner.listThreadRuns('trip')).toHaveLength(2);
});

test('a runner shows only the documented fields of a store of your own, and names a method that returns no list', async () => {
  const memory = await filled();
  const more = async (threadId: string) =>
    (await memory.listThreadRuns(threadId)).map((run) => ({ ...run, head: 'secret' }));
  const { runner } = runnerOf({ ...memory, listThreadRuns: more });
  expect(await runner.listThreadRuns('trip')).toEqual(await memory.listThreadRuns('trip'));
  const none: object = { listThreadRuns: async () => ({ rows: [] }), listThreads: async () => undefined };
  const broken = runnerOf(Object.assign({ ...memory }, none)).runner;
  await expect(broken.listThreadRuns('trip')).rejects.toThrow(
    '`listThreadRuns` must be a function that returns an array',
  );
  await expect(broken.listThreads()).rejects.toThrow(
    '`listThreads` must be a function that returns an array',
  );
});

test('a runner rejects an invalid filter of a list with any store', async () => {
  const { runner } = runnerOf(bare(memoryStore()));
  const invalid: [object, string][] = [
    [{ limit: 1.5 }, 'limit'],
    [{ owner: 5 }, 'owner'],
    [{ status: 'completed' }, 'status'],
  ];
  for (const [filter, option] of invalid) {
    await expect(runner.listThreads(filter)).rejects.toMatchObject({ name: 'ConfigurationError', option });
  }
  for (const threadId of ['', 5]) {
    const asked = Reflect.apply(runner.listThreadRuns, runner, [threadId]);
    await expect(asked).rejects.toMatchObject({ name: 'ConfigurationError', option: 'threadId' });
  }
});

test('the runs of a runner are in its lists, with their input, metadata and end', async () => {
  const { clock, runner } = runnerOf(memoryStore({ clock: manualClock() }));
  const first = runner.start(agent, 'How do I get to Rome?', { metadata: { tenant: 't' }, title: 'Rome' });
  await clock.advance(10_000);
  const second = runner.start(agent, 'And back?', { continueFrom: first.id, untrusted: { page: 'p' } });
  await clock.advance(10_000);
  const runs = await runner.listThreadRuns(first.id);
  expect(runs).toMatchObject([
    { runId: first.id, agent: 'a', status: 'completed' },
    { runId: second.id, continues: first.id, status: 'completed' },
  ]);
  const [newest, oldest] = await runner.list({ threadId: first.id });
  expect(oldest).toMatchObject({ title: 'Rome', metadata: { tenant: 't' }, input: 'How do I get to Rome?' });
  expect(newest).toMatchObject({ threadId: first.id, continues: first.id, input: 'And back?' });
  expect(newest).toMatchObject({ metadata: {}, untrusted: { page: 'p' }, endedAt: newest?.updatedAt });
  expect(await runner.listThreads()).toEqual([
    { threadId: first.id, title: 'Rome', status: 'completed', updatedAt: newest?.updatedAt, runs: 2 },
  ]);
  await runner.close();
});

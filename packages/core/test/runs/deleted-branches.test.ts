import { describe, expect, test } from 'vitest';
import type { RunHead, RunStore } from '../../src/store/run-store.ts';
import { scenario, type Scenario } from '../../test-support/scenario.ts';

/** Ends runs with these ids. `b` and `c` continue `a`, `d` continues `b`. */
async function conversation(options: Parameters<typeof scenario>[0] = {}): Promise<Scenario> {
  const s = scenario({ script: () => ({ text: 'Hello.' }), ...options });
  await end(s, 'a');
  for (const [runId, continueFrom] of [
    ['b', 'a'],
    ['c', 'a'],
    ['d', 'b'],
  ] as const)
    await end(s, runId, continueFrom);
  return s;
}

async function end(s: Scenario, runId: string, continueFrom?: string): Promise<void> {
  await s.settle(s.start('Hi', { runId, ...(continueFrom !== undefined && { continueFrom }) }).result());
}

async function storedIds({ store }: Pick<Scenario, 'store'>): Promise<string[]> {
  return (await store.list()).map(({ runId }) => runId).toSorted();
}

/** A store without `listThreadRuns`, which ignores the filter of `list`, as a custom store of an earlier version does. */
function older({ listThreadRuns: _runs, listThreads: _threads, ...store }: RunStore): RunStore {
  return { ...store, list: () => store.list() };
}

test('a run that other runs continue is not deleted, and the error has their number and the remedy', async () => {
  const s = await conversation();
  expect(await s.rejection(s.runner.delete('a'))).toMatchObject({
    name: 'LonghaulError',
    code: 'has_successors',
    message: expect.stringMatching(
      /^Run a .*because 2 runs continue it. Delete those runs first, or pass `branch: true` to delete the run and all runs after it.$/,
    ),
  });
  expect(await s.rejection(s.runner.delete('b', { branch: false }))).toMatchObject({
    message: expect.stringContaining('because 1 run continues it'),
  });
  expect(await storedIds(s)).toEqual(['a', 'b', 'c', 'd']);
  expect(s.runner.get('a')).toBeDefined();
});

test('a conversation is deleted in single calls from its last run', async () => {
  const s = await conversation();
  for (const runId of ['d', 'b', 'c', 'a']) await s.settle(s.runner.delete(runId));
  expect(await storedIds(s)).toEqual([]);
});

test.each(['of this version', 'of an earlier version'])(
  'a branch is deleted with all runs after its first run, and no others (a store %s)',
  async (version) => {
    const s = await conversation();
    const deleted: string[] = [];
    const store = version === 'of this version' ? s.store : older(s.store);
    const runner = s.reboot({
      store: {
        ...store,
        delete: async (runId) => {
          deleted.push(runId);
          await store.delete(runId);
        },
      },
    });
    await s.settle(runner.delete('b', { branch: true }));
    // A run is deleted before the run that it continues.
    expect(deleted).toEqual(['d', 'b']);
    expect(await storedIds(s)).toEqual(['a', 'c']);
    await s.settle(runner.delete('a', { branch: true }));
    expect(await storedIds(s)).toEqual([]);
  },
);

test('a branch may have one run, or none that is stored', async () => {
  const s = await conversation();
  await s.settle(s.runner.delete('d', { branch: true }));
  await s.settle(s.runner.delete('unknown', { branch: true }));
  expect(await storedIds(s)).toEqual(['a', 'b', 'c']);
});

test('the runner no longer has the handles of a deleted branch, and calls its listeners once', async () => {
  const s = await conversation();
  let calls = 0;
  s.runner.subscribe(() => (calls += 1));
  await s.settle(s.runner.delete('b', { branch: true }));
  expect(s.runner.runs.map(({ id }) => id)).toEqual(['a', 'c']);
  expect(calls).toBe(1);
  // Lists of saved runs change too if the runner has no handle.
  const other = s.reboot();
  let callsOfOther = 0;
  other.subscribe(() => (callsOfOther += 1));
  await s.settle(other.delete('a', { branch: true }));
  expect(callsOfOther).toBeGreaterThan(0);
});

test('a branch with an active run is not deleted, and the error names that run', async () => {
  const s = await conversation();
  const active = s.start('Wait', { runId: 'e', continueFrom: 'd' });
  await s.clock.advance(1_000);
  expect(await s.rejection(s.runner.delete('a', { branch: true }))).toMatchObject({
    code: 'active',
    message: 'Run e, which is after run a, is queued. Cancel it before you delete the branch.',
  });
  // Another process has no handle of the active run.
  expect(await s.rejection(s.reboot().delete('d', { branch: true }))).toMatchObject({ code: 'active' });
  expect(await storedIds(s)).toEqual(['a', 'b', 'c', 'd', 'e']);
  await s.settle(active.cancel());
  await s.settle(s.runner.delete('a', { branch: true }));
  expect(await storedIds(s)).toEqual([]);
});

test.each([{}, { branch: true }])(
  'a run was deleted while its successor was starting (%o)',
  async (options) => {
    const s = await conversation();
    const successor = s.start('Next', { runId: 'e', continueFrom: 'd' });
    const deletion = s.rejection(s.runner.delete('d', options));
    expect(await deletion).toMatchObject({ code: 'branch' in options ? 'active' : 'has_successors' });
    await s.settle(successor.result());
    expect(await storedIds(s)).toEqual(['a', 'b', 'c', 'd', 'e']);
  },
);

test('an active run itself is rejected with `run_active`, and with `active` as a branch', async () => {
  const s = scenario();
  s.start('Wait', { runId: 'r' });
  await s.clock.advance(1_000);
  expect(await s.rejection(s.runner.delete('r'))).toMatchObject({ code: 'run_active' });
  expect(await s.rejection(s.runner.delete('r', { branch: true }))).toMatchObject({ code: 'active' });
  expect(await storedIds(s)).toEqual(['r']);
});

test('a delete that is interrupted keeps the run that each stored run continues, and can be repeated', async () => {
  const s = await conversation();
  let left = 2;
  const failing: RunStore = {
    ...s.store,
    delete: async (runId) => {
      left -= 1;
      if (left < 0) throw new Error('The process dies.');
      await s.store.delete(runId);
    },
  };
  const runner = s.reboot({ store: failing });
  await s.rejection(runner.delete('a', { branch: true }));
  const heads = await s.store.list();
  expect(heads).toHaveLength(2);
  for (const { continues } of heads)
    expect([undefined, ...heads.map(({ runId }) => runId)]).toContain(continues);
  await s.settle(s.runner.delete('a', { branch: true }));
  expect(await storedIds(s)).toEqual([]);
});

describe('in a damaged conversation', () => {
  /** Commits copies of a finished run. */
  async function stored(fields: readonly Partial<RunHead>[]): Promise<Scenario> {
    const s = scenario({ script: () => ({ text: 'Hello.' }) });
    await end(s, 'first');
    const { head, items } = (await s.store.load('first')) ?? {};
    if (head === undefined || items === undefined) throw new Error('The run is not stored.');
    for (const one of fields) {
      const copy = { ...head, threadId: 'first', ...one };
      const { runId, revision, commitId } = copy;
      await s.store.commit({ runId, revision, commitId, head: copy, append: items, import: true });
    }
    return s;
  }

  test('runs that continue each other are refused or deleted together', async () => {
    const s = await stored([
      { runId: 'x', continues: 'y' },
      { runId: 'y', continues: 'x' },
      { runId: 'z', continues: 'z' },
    ]);
    expect(await s.rejection(s.runner.delete('x'))).toMatchObject({ code: 'has_successors' });
    await s.settle(s.runner.delete('x', { branch: true }));
    await s.settle(s.runner.delete('z'));
    expect(await storedIds(s)).toEqual(['first']);
  });

  test('three thousand runs that continue each other are deleted', async () => {
    const s = await stored(
      Array.from({ length: 3_000 }, (_, index) => ({
        runId: `run-${index}`,
        continues: index === 0 ? 'first' : `run-${index - 1}`,
      })),
    );
    await s.settle(s.runner.delete('first', { branch: true }));
    expect(await storedIds(s)).toEqual([]);
  });

  test('a run of an earlier version, whose head does not name a thread, is the first run of its own', async () => {
    const s = await stored([{ runId: 'next', continues: 'first' }]);
    const load: RunStore['load'] = async (runId) => {
      const run = await s.store.load(runId);
      if (run === undefined) return undefined;
      const { threadId: _thread, ...head } = run.head;
      return { ...run, head };
    };
    const runner = s.reboot({ store: { ...s.store, load } });
    expect(await s.rejection(runner.delete('first'))).toMatchObject({ code: 'has_successors' });
  });

  test('a delete of a branch leaves out a run with a damaged status, and a delete by its id removes it', async () => {
    const s = await stored([{ runId: 'next', continues: 'first' }]);
    const listThreadRuns: RunStore['listThreadRuns'] = async () =>
      JSON.parse('[{ "runId": "next", "agent": "weather", "continues": "first", "status": 7 }]');
    const runner = s.reboot({ store: { ...s.store, listThreadRuns } });
    await s.settle(runner.delete('first', { branch: true }));
    expect(await storedIds(s)).toEqual(['next']);
    await s.settle(runner.delete('next'));
    expect(await storedIds(s)).toEqual([]);
  });
});

test('`check` is called for each run after the deleted one, and its error keeps all runs', async () => {
  const s = await conversation();
  const checked: string[] = [];
  const check = async ({ runId }: { readonly runId: string }): Promise<void> => {
    checked.push(runId);
    if (runId === 'd') throw new Error('Not yours.');
  };
  await expect(s.runner.delete('a', { branch: true, check })).rejects.toThrow('Not yours.');
  expect(checked.toSorted()).toEqual(['b', 'c', 'd']);
  expect(await storedIds(s)).toEqual(['a', 'b', 'c', 'd']);
  await s.settle(s.runner.delete('c', { branch: true, check }));
  expect(await storedIds(s)).toEqual(['a', 'b', 'd']);
});

test.each([{ branches: true }, { branch: 'true' }, { responses: 1 }, { check: true }])(
  'the options %j are rejected, and nothing is deleted',
  async (options) => {
    const s = await conversation();
    await expect(s.runner.delete('d', options as object)).rejects.toMatchObject({ code: 'configuration' });
    expect(await storedIds(s)).toEqual(['a', 'b', 'c', 'd']);
  },
);

test('a run that starts to continue a run while that run is deleted is not deleted, and sends its request', async () => {
  const s = await conversation();
  const listed = Promise.withResolvers<void>();
  const store: RunStore = {
    ...s.store,
    delete: async (runId) => {
      await listed.promise;
      await s.store.delete(runId);
    },
  };
  const deleting = s.reboot({ store }).delete('d');
  await s.quiet();
  const run = s.start('And then?', { runId: 'e', continueFrom: 'd' });
  await s.clock.advance(100);
  listed.resolve();
  await s.settle(deleting);
  expect(await s.settle(run.result())).toMatchObject({ text: 'Hello.' });
  expect(await storedIds(s)).toEqual(['a', 'b', 'c', 'e']);
});

test('a run that replays the conversation of a deleted run fails with an error that names the deleted run', async () => {
  const s = await conversation();
  const store: RunStore = {
    ...s.store,
    // The new run has read the run before it. When it reads the conversation, that run is deleted.
    load: async (runId) => {
      const stored = await s.store.load(runId);
      if (runId === 'd') await s.store.delete('d');
      return stored;
    },
  };
  const runner = s.reboot({ store, continuation: 'replay' });
  const run = runner.start(s.agent, 'And then?', { runId: 'e', continueFrom: 'd' });
  expect(await s.rejection(run.result())).toMatchObject({
    code: 'history_missing',
    message: expect.stringContaining('run d is not in the store'),
  });
});

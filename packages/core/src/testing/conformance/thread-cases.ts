import type { RunFilter, RunStore } from '../../store/run-store.ts';
import { expectSame } from './expectations.ts';
import { fill, old, runsOfTrip, save, tea, trip } from './sample-threads.ts';
import type { StoreCase } from './store-case.ts';

async function listIds(store: RunStore, filter: RunFilter): Promise<string[]> {
  return (await store.list(filter)).map((head) => head.runId);
}

/** The runs of a conversation: the filter of `list`, and `listThreadRuns` if the store has it. */
export const threadCases: readonly StoreCase[] = [
  {
    name: 'list: filters by threadId, and a run of an older version is a conversation of its own',
    needs: [],
    async check({ store }) {
      await fill(store);
      const ids = ['branch', 'retry', 'second', 'orphan', 'root-2', 'first'];
      expectSame('trip', await listIds(store, { threadId: 'trip' }), ids);
      expectSame('an old run', await listIds(store, { threadId: 'old' }), ['old']);
      expectSame('the id of a run', await listIds(store, { threadId: 'first' }), []);
      for (const threadId of ['Trip', 'tri', 'trip ', '']) {
        expectSame(JSON.stringify(threadId), await listIds(store, { threadId }), []);
      }
      const some: RunFilter = { threadId: 'trip', status: 'failed', agent: 'a', owner: 'ann' };
      expectSame('all filters', await listIds(store, some), ['branch']);
      expectSame('another owner', await listIds(store, { threadId: 'trip', owner: 'bob' }), []);
      const page: RunFilter = { threadId: 'trip', after: 'retry', limit: 2 };
      expectSame('after and limit', await listIds(store, page), ['second', 'orphan']);
      expectSame('one run', await listIds(store, { threadId: 'trip', runId: 'second' }), ['second']);
      expectSame('a run of another', await listIds(store, { threadId: 'tea', runId: 'second' }), []);
    },
  },
  {
    name: 'listThreadRuns: returns the runs of a conversation, oldest first, with their predecessors',
    needs: [],
    async check({ store }) {
      if (!store.listThreadRuns) return;
      expectSame('an empty store', await store.listThreadRuns('trip'), []);
      await fill(store);
      expectSame('trip', await store.listThreadRuns('trip'), runsOfTrip);
      const one = { runId: 'old', agent: 'agent-1', status: 'completed', createdAt: 7_000 };
      expectSame('an old run', await store.listThreadRuns('old'), [one]);
      for (const threadId of ['first', 'Trip', 'tri', 'trip%', 'none']) {
        expectSame(threadId, await store.listThreadRuns(threadId), []);
      }
    },
  },
  {
    name: 'listThreadRuns: shows the last status and owner of each run, and no deleted run',
    needs: [],
    async check({ store }) {
      if (!store.listThreadRuns) return;
      await fill(store);
      const place = { threadId: 'trip', continues: 'gone', inputText: '' };
      const orphan = { runId: 'orphan', createdAt: 2_000, agent: 'a', status: 'completed', ...place };
      await save(store, { ...orphan, owner: 'bob', revision: 2 });
      const [first, second, ...others] = runsOfTrip;
      const changed = { ...second, owner: 'bob', status: 'completed' };
      expectSame('a later commit', await store.listThreadRuns('trip'), [first, changed, ...others]);
      await store.delete('first');
      expectSame('a delete', await store.listThreadRuns('trip'), [changed, ...others]);
      await save(store, { ...orphan, revision: 3 });
      const { owner: _owner, ...unowned } = changed;
      expectSame('no owner', (await store.listThreadRuns('trip'))[0], unowned);
    },
  },
  {
    name: 'listThreadRuns: ids are compared exactly, with any characters',
    needs: [],
    async check({ store }) {
      if (!store.listThreadRuns) return;
      const ids = ['a', 'A', 'a ', 'a%', 'a_', "it's", '"', '\\', '\n', '1', '01', 'é', 'e\u0301', '🚣', '0'];
      for (const [n, id] of ids.entries()) {
        await save(store, { runId: `run-${n}`, threadId: id, continues: id, inputText: 'Hi' });
      }
      for (const [n, id] of ids.entries()) {
        const run = { runId: `run-${n}`, agent: 'agent-1', continues: id };
        expectSame(JSON.stringify(id), await store.listThreadRuns(id), [
          { ...run, status: 'in_progress', createdAt: 1_000 },
        ]);
      }
    },
  },
  {
    name: 'listThreadRuns, listThreads: read the runs of other stores over the same data',
    needs: ['sharing'],
    async check({ store, open }) {
      const other = await open();
      await fill(store);
      if (other.listThreadRuns) expectSame('runs', await other.listThreadRuns('trip'), runsOfTrip);
      if (other.listThreads) expectSame('threads', await other.listThreads(), [old, trip, tea]);
    },
  },
];

import type { RunFilter, RunStore } from '../../store/run-store.ts';
import { expectSame } from './expectations.ts';
import { sampleChange } from './sample-run.ts';
import type { StoreCase } from './store-case.ts';

async function listIds(store: RunStore, filter: RunFilter): Promise<string[]> {
  return (await store.list(filter)).map((head) => head.runId);
}

/** Two owners, and a run without one. The expected order of the runs of `ann`: newest first, then by id. */
async function fill(store: RunStore): Promise<readonly string[]> {
  const samples = [
    { runId: 'tie-2', createdAt: 2_000, owner: 'ann', agent: 'b', status: 'completed' },
    { runId: 'none', createdAt: 3_000, agent: 'a', status: 'completed' },
    { runId: 'old', createdAt: 999, owner: 'ann', agent: 'a', status: 'queued' },
    { runId: 'other', createdAt: 2_000, owner: 'bob', agent: 'a', status: 'completed' },
    { runId: 'new', createdAt: 10_000, owner: 'ann', agent: 'a', status: 'completed' },
    { runId: 'tie-1', createdAt: 2_000, owner: 'ann', agent: 'a', status: 'failed' },
  ];
  for (const sample of samples) await store.commit(sampleChange(sample));
  return ['new', 'tie-1', 'tie-2', 'old'];
}

/** The owner of a run, and the filter by it. */
export const ownerCases: readonly StoreCase[] = [
  {
    name: 'list: filters by owner, and a run without an owner matches no owner',
    needs: [],
    async check({ store }) {
      const order = await fill(store);
      expectSame('owner ann', await listIds(store, { owner: 'ann' }), order);
      expectSame('owner bob', await listIds(store, { owner: 'bob' }), ['other']);
      for (const owner of ['Ann', 'an', 'ann ', 'a%', 'null', 'undefined', '']) {
        expectSame(`owner ${JSON.stringify(owner)}`, await listIds(store, { owner }), []);
      }
      expectSame('all runs', (await listIds(store, {})).length, 6);
      const [head] = await store.list({ owner: 'bob' });
      expectSame('the owner in the head', head?.owner, 'bob');
    },
  },
  {
    name: 'list: combines the owner with status, agent, after and limit',
    needs: [],
    async check({ store }) {
      const order = await fill(store);
      const ann = (filter: RunFilter): Promise<string[]> => listIds(store, { ...filter, owner: 'ann' });
      expectSame('completed', await ann({ status: 'completed' }), ['new', 'tie-2']);
      expectSame('failed or queued', await ann({ status: ['queued', 'failed'] }), ['tie-1', 'old']);
      expectSame('agent a', await ann({ agent: 'a' }), ['new', 'tie-1', 'old']);
      expectSame('limit 2', await ann({ limit: 2 }), order.slice(0, 2));
      expectSame('after tie-1', await ann({ after: 'tie-1' }), order.slice(2));
      expectSame('after a run of another owner', await ann({ after: 'other' }), ['tie-1', 'tie-2', 'old']);
      expectSame('after a run that is not stored', await ann({ after: 'gone' }), []);
      const all: RunFilter = {
        agent: 'a',
        status: ['failed', 'queued', 'completed'],
        after: 'new',
        limit: 1,
      };
      expectSame('all filters', await ann(all), ['tie-1']);
    },
  },
  {
    name: 'list: a commit may set, change and remove the owner',
    needs: [],
    async check({ store }) {
      const owned = async (): Promise<string[][]> => [
        await listIds(store, { owner: 'ann' }),
        await listIds(store, { owner: 'bob' }),
      ];
      await store.commit(sampleChange());
      await store.commit(sampleChange({ runId: 'run-2', owner: 'bob' }));
      expectSame('before', await owned(), [[], ['run-2']]);
      await store.commit(sampleChange({ revision: 2, owner: 'ann' }));
      expectSame('set', await owned(), [['run-1'], ['run-2']]);
      await store.commit(sampleChange({ revision: 3, owner: 'bob' }));
      expectSame('changed', await owned(), [[], ['run-1', 'run-2']]);
      expectSame('loaded', (await store.load('run-1'))?.head.owner, 'bob');
      await store.commit(sampleChange({ revision: 4 }));
      expectSame('removed', await owned(), [[], ['run-2']]);
      await store.delete('run-2');
      expectSame('deleted', await owned(), [[], []]);
    },
  },
  {
    name: 'list: owners are compared exactly, with any characters',
    needs: [],
    async check({ store }) {
      const owners = ['a', 'A', 'a ', ' a', 'a%', 'a_', "it's", '"', '\\', '\n', '1', '01', 'é', 'e\u0301'];
      owners.push('🚣', '__proto__', 'null', 'undefined', 'a;b', 'auth0|5', 'x'.repeat(512));
      for (const [n, owner] of owners.entries()) {
        await store.commit(sampleChange({ runId: `run-${n}`, owner }));
      }
      for (const [n, owner] of owners.entries()) {
        expectSame(`owner ${JSON.stringify(owner)}`, await listIds(store, { owner }), [`run-${n}`]);
      }
    },
  },
  {
    name: 'list: owners with lone surrogates are distinct or rejected',
    needs: [],
    async check({ store }) {
      const save = async (runId: string, owner: string): Promise<void> => {
        // A store may reject such an owner. It must not confuse it with another one.
        await store.commit(sampleChange({ runId, owner })).catch(() => undefined);
      };
      await save('run-1', '\ud800');
      await save('run-2', '\ufffd');
      for (const owner of ['\ud801', '\udc00']) {
        const listed = await listIds(store, { owner }).catch(() => []);
        expectSame(`owner ${JSON.stringify(owner)}`, listed, []);
      }
      const replaced = await listIds(store, { owner: '\ufffd' });
      expectSame('the owner U+FFFD', replaced.includes('run-1'), false);
    },
  },
];

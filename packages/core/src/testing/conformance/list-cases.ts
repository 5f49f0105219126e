import type { RunFilter, RunStore } from '../../store/run-store.ts';
import { expectRefused, expectSame } from './expectations.ts';
import { sampleChange } from './sample-run.ts';
import type { StoreCase } from './store-case.ts';

async function listIds(store: RunStore, filter?: RunFilter): Promise<string[]> {
  return (await store.list(filter)).map((head) => head.runId);
}

/** The expected order of `list`: newest first, then by id. */
const order = ['new', 'tie-1', 'tie-2', 'tie-3', 'old'];

async function fill(store: RunStore): Promise<void> {
  const samples = [
    { runId: 'tie-2', createdAt: 2_000, agent: 'b', status: 'completed' },
    { runId: 'old', createdAt: 999, agent: 'a', status: 'queued' },
    { runId: 'tie-3', createdAt: 2_000, agent: 'a', status: 'requires_action' },
    { runId: 'new', createdAt: 10_000, agent: 'a', status: 'completed' },
    { runId: 'tie-1', createdAt: 2_000, agent: 'a', status: 'failed' },
  ];
  for (const sample of samples) await store.commit(sampleChange({ ...sample, append: [{ n: 1 }] }));
}

/** The order, the filters and the pages of `list`. */
export const listCases: readonly StoreCase[] = [
  {
    name: 'list: returns the last saved heads, newest first by createdAt, then by runId',
    needs: [],
    async check({ store }) {
      expectSame('list of an empty store', await store.list(), []);
      await fill(store);
      expectSame('ids', await listIds(store), order);
      expectSame('ids with an empty filter', await listIds(store, {}), order);
      const change = sampleChange({ runId: 'old', createdAt: 999, revision: 2, head: { more: [1] } });
      await store.commit(change);
      expectSame('ids after a later commit', await listIds(store), order);
      expectSame('the head after a later commit', (await store.list()).at(-1), change.head);
    },
  },
  {
    name: 'list: filters the stored heads by one status, several statuses and agent',
    needs: [],
    async check({ store }) {
      await fill(store);
      expectSame('completed', await listIds(store, { status: 'completed' }), ['new', 'tie-2']);
      expectSame('failed or queued', await listIds(store, { status: ['queued', 'failed'] }), [
        'tie-1',
        'old',
      ]);
      expectSame('no status at all', await listIds(store, { status: [] }), []);
      expectSame('agent b', await listIds(store, { agent: 'b' }), ['tie-2']);
      expectSame('agent a, completed', await listIds(store, { agent: 'a', status: 'completed' }), ['new']);
      expectSame('unknown agent', await listIds(store, { agent: 'A' }), []);
      await store.commit(sampleChange({ runId: 'old', createdAt: 999, revision: 2, status: 'completed' }));
      expectSame('completed, later', await listIds(store, { status: 'completed' }), ['new', 'tie-2', 'old']);
      expectSame('queued, later', await listIds(store, { status: 'queued' }), []);
    },
  },
  {
    name: 'list: finds one run by its id, or ignores the field',
    needs: [],
    async check({ store }) {
      await fill(store);
      // Stores that were written before this field existed ignore it.
      if ((await listIds(store, { runId: 'none' })).length === order.length) return;
      const change = sampleChange({ runId: 'old', createdAt: 999, revision: 2, head: { more: [1] } });
      await store.commit(change);
      expectSame('the run', await store.list({ runId: 'old' }), [change.head]);
      expectSame('the run, with a limit', await listIds(store, { runId: 'tie-2', limit: 1 }), ['tie-2']);
      expectSame('limit 0', await listIds(store, { runId: 'tie-2', limit: 0 }), []);
      expectSame('another agent', await listIds(store, { runId: 'tie-2', agent: 'a' }), []);
      expectSame('its status', await listIds(store, { runId: 'tie-2', status: 'completed' }), ['tie-2']);
      expectSame('after an earlier run of the list', await listIds(store, { runId: 'old', after: 'new' }), [
        'old',
      ]);
      expectSame('after a later one', await listIds(store, { runId: 'new', after: 'old' }), []);
      expectSame('a run that is not stored', await listIds(store, { runId: 'none' }), []);
      expectSame('a part of an id', await listIds(store, { runId: 'tie' }), []);
    },
  },
  {
    name: 'list: limit applies after the filter',
    needs: [],
    async check({ store }) {
      await fill(store);
      expectSame('limit 2', await listIds(store, { limit: 2 }), order.slice(0, 2));
      expectSame('limit 0', await listIds(store, { limit: 0 }), []);
      expectSame('limit 100', await listIds(store, { limit: 100 }), order);
      expectSame('limit 3 of agent a', await listIds(store, { agent: 'a', limit: 3 }), [
        'new',
        'tie-1',
        'tie-3',
      ]);
    },
  },
  {
    name: 'list: accepts a limit of Infinity and rejects an invalid limit',
    needs: [],
    async check({ store }) {
      await fill(store);
      expectSame('limit Infinity', await listIds(store, { limit: Number.POSITIVE_INFINITY }), order);
      for (const limit of [-1, Number.NaN, 1.5, Number.NEGATIVE_INFINITY]) {
        await expectRefused(`limit ${limit}`, listIds(store, { limit }));
      }
    },
  },
  {
    name: 'list: continues after the run `after`, so that pages contain each run once',
    needs: [],
    async check({ store }) {
      await fill(store);
      const seen: string[] = [];
      for (let page = await listIds(store, { limit: 2 }); page.length > 0 && seen.length < 10; ) {
        seen.push(...page);
        const after = page.at(-1);
        page = after === undefined ? [] : await listIds(store, { limit: 2, after });
      }
      expectSame('all pages', seen, order);
      expectSame(
        'after a run that does not pass the filter',
        await listIds(store, { after: 'tie-2', agent: 'a' }),
        ['tie-3', 'old'],
      );
      expectSame('after the last', await listIds(store, { after: 'old' }), []);
      expectSame('after a run that is not stored', await listIds(store, { after: 'gone' }), []);
    },
  },
];

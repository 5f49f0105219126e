import type { RunFilter, RunStore, ThreadFilter } from '../../store/run-store.ts';
import { expectRefused, expectSame } from './expectations.ts';
import { sampleChange, type SampleChange } from './sample-run.ts';
import type { StoreCase } from './store-case.ts';

/** The fields of a head that describe the run's place in its conversation. */
interface Place {
  readonly threadId?: string;
  readonly continues?: string;
  readonly title?: string;
  readonly inputText?: string;
}

async function save(store: RunStore, sample: SampleChange, place: Place = {}): Promise<void> {
  const { threadId, continues, title, inputText } = place;
  const head = {
    ...(threadId !== undefined && { threadId }),
    ...(continues !== undefined && { continues }),
    ...(title !== undefined && { title }),
    ...(inputText !== undefined && { inputText }),
  };
  await store.commit(sampleChange({ ...sample, head, append: [{ n: 1 }] }));
}

/**
 * Three conversations. `trip` has two roots, a retry, a branch, and a run whose predecessor is not stored. `tea` belongs
 * to two owners. `old` is a run of an older version, whose head has none of the fields.
 */
async function fill(store: RunStore): Promise<void> {
  const trip = { threadId: 'trip' };
  const ann = { owner: 'ann', agent: 'a' };
  await save(
    store,
    { ...ann, runId: 'branch', createdAt: 6_000, status: 'failed' },
    {
      ...{ ...trip, continues: 'first', inputText: 'And by boat?' },
    },
  );
  await save(
    store,
    { ...ann, runId: 'first', createdAt: 1_000, status: 'completed' },
    {
      ...{ ...trip, inputText: 'How do I get to Rome?' },
    },
  );
  await save(store, { runId: 'old', createdAt: 7_000, status: 'completed' });
  await save(
    store,
    { ...ann, runId: 'retry', createdAt: 5_000, status: 'cancelled' },
    {
      ...{ ...trip, continues: 'second' },
    },
  );
  await save(
    store,
    { ...ann, runId: 'second', createdAt: 4_000, status: 'failed', agent: 'b' },
    {
      ...{ ...trip, continues: 'first', inputText: 'And back?', title: 'Rome' },
    },
  );
  await save(
    store,
    { ...ann, runId: 'root-2', createdAt: 2_000, status: 'completed' },
    {
      ...{ ...trip, inputText: 'How do I get to Paris?', title: 'Paris' },
    },
  );
  await save(
    store,
    { ...ann, runId: 'orphan', createdAt: 2_000, status: 'queued' },
    {
      ...{ ...trip, continues: 'gone', inputText: '' },
    },
  );
  await save(
    store,
    { owner: 'bob', agent: 'b', runId: 'tea', createdAt: 3_000, status: 'completed' },
    {
      ...{ threadId: 'tea', inputText: 'Green or black tea?' },
    },
  );
  await save(
    store,
    { ...ann, runId: 'tea-2', createdAt: 3_500, status: 'in_progress' },
    {
      ...{ threadId: 'tea', continues: 'tea', inputText: 'With milk?' },
    },
  );
}

const ofAnn = { agent: 'a', owner: 'ann' };
const runsOfTrip = [
  { runId: 'first', ...ofAnn, status: 'completed', createdAt: 1_000 },
  { runId: 'orphan', ...ofAnn, continues: 'gone', status: 'queued', createdAt: 2_000 },
  { runId: 'root-2', ...ofAnn, status: 'completed', createdAt: 2_000 },
  { runId: 'second', ...ofAnn, agent: 'b', continues: 'first', status: 'failed', createdAt: 4_000 },
  { runId: 'retry', ...ofAnn, continues: 'second', isRetry: true, status: 'cancelled', createdAt: 5_000 },
  { runId: 'branch', ...ofAnn, continues: 'first', status: 'failed', createdAt: 6_000 },
];

/** The conversations of {@link fill}. A sample is saved one millisecond after it was created. */
const old = { threadId: 'old', title: '', status: 'completed', updatedAt: 7_001, runs: 1 };
const trip = { threadId: 'trip', title: 'Rome', status: 'failed', updatedAt: 6_001, runs: 6 };
const tea = {
  ...{ threadId: 'tea', title: 'Green or black tea?', status: 'in_progress', updatedAt: 3_501, runs: 2 },
};

async function listIds(store: RunStore, filter: RunFilter): Promise<string[]> {
  return (await store.list(filter)).map((head) => head.runId);
}

/** The ids of the conversations. Undefined if the store does not have `listThreads`. */
function threadsOf(store: RunStore): ((filter?: ThreadFilter) => Promise<string[]>) | undefined {
  if (!store.listThreads) return undefined;
  return async (filter) => ((await store.listThreads?.(filter)) ?? []).map(({ threadId }) => threadId);
}

/** Conversations: the filter of `list`, and `listThreadRuns` and `listThreads` if the store has them. */
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
      const orphan = { runId: 'orphan', createdAt: 2_000, agent: 'a', revision: 2 };
      const place = { threadId: 'trip', continues: 'gone', inputText: '' };
      await save(store, { ...orphan, owner: 'bob', status: 'completed' }, place);
      const [first, second, ...others] = runsOfTrip;
      const changed = { ...second, owner: 'bob', status: 'completed' };
      expectSame('a later commit', await store.listThreadRuns('trip'), [first, changed, ...others]);
      await store.delete('first');
      expectSame('a delete', await store.listThreadRuns('trip'), [changed, ...others]);
      await save(store, { ...orphan, revision: 3, status: 'completed' }, place);
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
        await save(store, { runId: `run-${n}` }, { threadId: id, continues: id, inputText: 'Hi' });
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
    name: 'listThreads: returns conversations by their newest run, with title, status, time and number of runs',
    needs: [],
    async check({ store }) {
      if (!store.listThreads) return;
      expectSame('an empty store', await store.listThreads(), []);
      await fill(store);
      expectSame('all', await store.listThreads(), [old, trip, tea]);
      expectSame('an empty filter', await store.listThreads({}), [old, trip, tea]);
      for (const n of [2, 3]) {
        const first = { ...ofAnn, runId: 'first', createdAt: 1_000, status: 'completed', revision: n };
        const times = { updatedAt: 20_000 - n };
        const place = { threadId: 'trip', inputText: 'How do I get to Rome?' };
        await store.commit(sampleChange({ ...first, head: { ...place, ...times } }));
      }
      expectSame('a later save of an old run', await store.listThreads(), [
        old,
        { ...trip, updatedAt: 19_997 },
        tea,
      ]);
    },
  },
  {
    name: 'listThreads: the title is that of the newest run with a title, or the first input',
    needs: [],
    async check({ store }) {
      if (!store.listThreads) return;
      await fill(store);
      const titles = async (): Promise<string[]> =>
        ((await store.listThreads?.()) ?? []).map(({ title }) => title);
      expectSame('titles', await titles(), ['', 'Rome', 'Green or black tea?']);
      await store.delete('second');
      expectSame('without the newest title', await titles(), ['', 'Paris', 'Green or black tea?']);
      await store.delete('root-2');
      await store.delete('tea');
      expectSame('without titles', await titles(), ['', 'How do I get to Rome?', 'With milk?']);
      await store.delete('first');
      expectSame('without the oldest input', await titles(), ['', 'And by boat?', 'With milk?']);
    },
  },
  {
    name: 'listThreads: filters by owner and agent, and counts only the matching runs',
    needs: [],
    async check({ store }) {
      if (!store.listThreads) return;
      await fill(store);
      const milk = { ...tea, title: 'With milk?', runs: 1 };
      const green = { ...tea, status: 'completed', updatedAt: 3_001, runs: 1 };
      expectSame('owner ann', await store.listThreads({ owner: 'ann' }), [trip, milk]);
      expectSame('owner bob', await store.listThreads({ owner: 'bob' }), [green]);
      for (const owner of ['Ann', 'an', 'ann ', 'a%', 'null', '']) {
        expectSame(`owner ${JSON.stringify(owner)}`, await store.listThreads({ owner }), []);
      }
      const second = { ...trip, updatedAt: 4_001, runs: 1 };
      expectSame('agent b', await store.listThreads({ agent: 'b' }), [second, green]);
      expectSame('ann, agent b', await store.listThreads({ owner: 'ann', agent: 'b' }), [second]);
      expectSame('an unknown agent', await store.listThreads({ agent: 'B' }), []);
    },
  },
  {
    name: 'listThreads: limit and after give pages that contain each conversation once',
    needs: [],
    async check({ store }) {
      const threads = threadsOf(store);
      if (!threads) return;
      const order = ['new', 'tie-1', 'tie-2', 'tie-3', 'late'];
      for (const threadId of ['tie-3', 'late', 'tie-1', 'new', 'tie-2']) {
        const createdAt = threadId === 'new' ? 9_000 : 5_000 - (threadId === 'late' ? 1_000 : 0);
        await save(store, { runId: `z-${threadId}`, createdAt, owner: 'ann' }, { threadId });
        // The position of a conversation does not depend on its older runs.
        await save(store, { runId: `a-${threadId}`, createdAt: 1_000, owner: 'ann' }, { threadId });
        await save(
          store,
          { runId: `b-${threadId}`, createdAt: 10_000, owner: 'bob' },
          { threadId: `of ${threadId}` },
        );
      }
      const ann: ThreadFilter = { owner: 'ann' };
      expectSame('the order', await threads(ann), order);
      const seen: string[] = [];
      for (let page = await threads({ ...ann, limit: 2 }); page.length > 0 && seen.length < 10; ) {
        seen.push(...page);
        const after = page.at(-1);
        page = after === undefined ? [] : await threads({ ...ann, limit: 2, after });
      }
      expectSame('all pages', seen, order);
      expectSame('limit 0', await threads({ ...ann, limit: 0 }), []);
      expectSame('limit Infinity', await threads({ ...ann, limit: Number.POSITIVE_INFINITY }), order);
      expectSame('after the last', await threads({ ...ann, after: 'late' }), []);
      expectSame('after an unknown one', await threads({ ...ann, after: 'gone' }), []);
      expectSame("after another owner's", await threads({ ...ann, after: 'of new' }), []);
      for (const limit of [-1, Number.NaN, 1.5, Number.NEGATIVE_INFINITY]) {
        await expectRefused(`limit ${limit}`, threads({ limit }));
      }
    },
  },
  {
    name: 'listThreads: a deleted run does not count, and an empty conversation is not listed',
    needs: [],
    async check({ store }) {
      const threads = threadsOf(store);
      if (!threads) return;
      await fill(store);
      await store.delete('branch');
      await store.delete('old');
      const shorter = { ...trip, status: 'cancelled', updatedAt: 5_001, runs: 5 };
      expectSame('without the newest run', await store.listThreads?.(), [shorter, tea]);
      for (const runId of ['tea', 'tea-2']) await store.delete(runId);
      expectSame('without a conversation', await threads(), ['trip']);
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

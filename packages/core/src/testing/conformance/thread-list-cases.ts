import type { RunStore, ThreadFilter } from '../../store/run-store.ts';
import { expectRefused, expectSame } from './expectations.ts';
import { sampleChange } from './sample-run.ts';
import { fill, ofAnn, old, save, tea, trip } from './sample-threads.ts';
import type { StoreCase } from './store-case.ts';

/** The ids of the conversations. Undefined if the store does not have `listThreads`. */
function threadsOf(store: RunStore): ((filter?: ThreadFilter) => Promise<string[]>) | undefined {
  if (!store.listThreads) return undefined;
  return async (filter) => ((await store.listThreads?.(filter)) ?? []).map(({ threadId }) => threadId);
}

/** Lists of conversations, if the store has `listThreads`. */
export const threadListCases: readonly StoreCase[] = [
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
        await save(store, { runId: `z-${threadId}`, createdAt, owner: 'ann', threadId });
        // The position of a conversation does not depend on its older runs.
        await save(store, { runId: `a-${threadId}`, createdAt: 1_000, owner: 'ann', threadId });
        await save(store, {
          runId: `b-${threadId}`,
          createdAt: 10_000,
          owner: 'bob',
          threadId: `of ${threadId}`,
        });
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
];

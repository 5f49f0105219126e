import { summarizeThreads } from '../src/store/thread-lists.ts';
import type { Defect } from './store-defects.ts';

const cases = {
  listed: 'list: filters by threadId, and a run of an older version is a conversation of its own',
  runs: 'listThreadRuns: returns the runs of a conversation, oldest first, with their predecessors',
  last: 'listThreadRuns: shows the last status and owner of each run, and no deleted run',
  exact: 'listThreadRuns: ids are compared exactly, with any characters',
  threads:
    'listThreads: returns conversations by their newest run, with title, status, time and number of runs',
  title: 'listThreads: the title is that of the newest run with a title, or the first input',
  filter: 'listThreads: filters by owner and agent, and counts only the matching runs',
  pages: 'listThreads: limit and after give pages that contain each conversation once',
  deleted: 'listThreads: a deleted run does not count, and an empty conversation is not listed',
} as const;

/** Defects of a store's lists of conversations. */
export const threadDefects: Record<string, Defect> = {
  'its list ignores threadId': {
    found: [cases.listed],
    breakIt: ({ list }) => ({ list: ({ threadId: _threadId, ...filter } = {}) => list(filter) }),
  },
  'its list finds the runs of older versions in no conversation': {
    found: [cases.listed],
    breakIt: ({ list }) => ({
      list: async (filter = {}) =>
        (await list(filter)).filter(
          (head) => filter.threadId === undefined || head.threadId === filter.threadId,
        ),
    }),
  },
  'its listThreadRuns returns the newest first': {
    found: [cases.runs, cases.last],
    breakIt: ({ listThreadRuns }) => ({
      listThreadRuns: async (threadId) => (await listThreadRuns(threadId)).toReversed(),
    }),
  },
  'its listThreadRuns omits runs whose predecessor is not stored': {
    found: [cases.runs, cases.last, cases.exact],
    breakIt: ({ listThreadRuns, load }) => ({
      listThreadRuns: async (threadId) => {
        const runs = await listThreadRuns(threadId);
        const known = await Promise.all(
          runs.map(async ({ continues }) => continues === undefined || load(continues)),
        );
        return runs.filter((_, index) => known[index]);
      },
    }),
  },
  'its listThreadRuns does not mark retries': {
    found: [cases.runs],
    breakIt: ({ listThreadRuns }) => ({
      listThreadRuns: async (threadId) =>
        (await listThreadRuns(threadId)).map(({ isRetry: _isRetry, ...run }) => run),
    }),
  },
  'its listThreadRuns ignores case': {
    found: [cases.runs, cases.exact],
    breakIt: ({ list, listThreadRuns }) => ({
      listThreadRuns: async (threadId) => {
        const ids = new Set((await list()).map((head) => head.threadId ?? head.runId));
        const same = [...ids].filter((id) => id.toLowerCase() === threadId.toLowerCase());
        return (await Promise.all(same.map(listThreadRuns))).flat();
      },
    }),
  },
  'its listThreads orders by the time of the last save': {
    found: [cases.threads],
    breakIt: ({ listThreads }) => ({
      listThreads: async (filter) =>
        (await listThreads(filter)).toSorted((a, b) => b.updatedAt - a.updatedAt),
    }),
  },
  'its listThreads returns the time of the newest run': {
    found: [cases.threads],
    breakIt: ({ list }) => ({
      listThreads: async (filter) =>
        summarizeThreads(
          (await list()).map((head) => ({ ...head, updatedAt: head.createdAt + 1 })),
          filter,
        ),
    }),
  },
  'its listThreads returns the oldest title': {
    found: [cases.threads, cases.title],
    breakIt: ({ list, listThreads }) => ({
      listThreads: async (filter) => {
        const heads = (await list()).toReversed();
        return (await listThreads(filter)).map((thread) => ({
          ...thread,
          title:
            heads.find((head) => (head.threadId ?? head.runId) === thread.threadId && head.title)?.title ??
            thread.title,
        }));
      },
    }),
  },
  'its listThreads filters conversations, and counts all their runs': {
    found: [cases.filter],
    breakIt: ({ listThreads }) => ({
      listThreads: async (filter) => {
        const ids = new Set((await listThreads(filter)).map(({ threadId }) => threadId));
        return (await listThreads()).filter(({ threadId }) => ids.has(threadId));
      },
    }),
  },
  'its listThreads ignores the agent': {
    found: [cases.filter],
    breakIt: ({ listThreads }) => ({
      listThreads: ({ agent: _agent, ...filter } = {}) => listThreads(filter),
    }),
  },
  'its listThreads starts at the beginning after an unknown conversation': {
    found: [cases.pages],
    breakIt: ({ listThreads }) => ({
      listThreads: async ({ after, ...filter } = {}) => {
        const all = await listThreads({ ...filter, limit: undefined });
        const start = all.findIndex(({ threadId }) => threadId === after) + 1;
        return all.slice(start, start + (filter.limit ?? all.length));
      },
    }),
  },
  'its listThreads keeps conversations whose runs are deleted': {
    found: [cases.deleted],
    breakIt: ({ listThreads, delete: deleteRun, list }) => {
      const deleted = new Map<string, Awaited<ReturnType<typeof list>>[number]>();
      return {
        delete: async (runId) => {
          for (const head of await list({ runId })) deleted.set(runId, head);
          await deleteRun(runId);
        },
        listThreads: async (filter) =>
          deleted.size === 0
            ? listThreads(filter)
            : summarizeThreads([...(await list()), ...deleted.values()], filter),
      };
    },
  },
};

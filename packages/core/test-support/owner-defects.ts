import type { Defect } from './store-defects.ts';

/** Defects in how a store saves the owners of runs and filters by them. */
export const ownerDefects: Record<string, Defect> = {
  'it ignores the owner of the filter': {
    found: [
      'list: filters by owner, and a run without an owner matches no owner',
      'list: combines the owner with status, agent, after and limit',
      'list: a commit may set, change and remove the owner',
      'list: owners are compared exactly, with any characters',
      'list: owners with lone surrogates are distinct or rejected',
    ],
    breakIt: ({ list }) => ({ list: ({ owner: _owner, ...filter } = {}) => list(filter) }),
  },
  'it lists runs without an owner for every owner': {
    found: [
      'list: filters by owner, and a run without an owner matches no owner',
      'list: a commit may set, change and remove the owner',
    ],
    breakIt: ({ list }) => ({
      list: async ({ owner, ...filter } = {}) =>
        (await list(filter)).filter((head) => owner === undefined || (head.owner ?? owner) === owner),
    }),
  },
  'it filters by owner after the limit': {
    found: ['list: combines the owner with status, agent, after and limit'],
    breakIt: ({ list }) => ({
      list: async ({ owner, ...filter } = {}) =>
        (await list(filter)).filter((head) => owner === undefined || head.owner === owner),
    }),
  },
  'it saves the owner of the first commit only': {
    found: ['list: a commit may set, change and remove the owner'],
    breakIt: ({ commit, list }) => {
      const owners = new Map<string, string | undefined>();
      return {
        commit: async (change) => {
          await commit(change);
          if (!owners.has(change.runId)) owners.set(change.runId, change.head.owner);
        },
        list: async ({ owner, ...filter } = {}) =>
          (await list(filter)).filter(({ runId }) => owner === undefined || owners.get(runId) === owner),
      };
    },
  },
  'its owners are compared without case': {
    found: [
      'list: filters by owner, and a run without an owner matches no owner',
      'list: owners are compared exactly, with any characters',
    ],
    breakIt: ({ list }) => ({
      list: async ({ owner, ...filter } = {}) =>
        (await list(filter)).filter(
          (head) => owner === undefined || head.owner?.toLowerCase() === owner.toLowerCase(),
        ),
    }),
  },
  'its owners are converted to UTF-8': {
    found: ['list: owners with lone surrogates are distinct or rejected'],
    breakIt: ({ list }) => ({
      list: async ({ owner, ...filter } = {}) =>
        (await list(filter)).filter(
          (head) => owner === undefined || head.owner?.toWellFormed() === owner.toWellFormed(),
        ),
    }),
  },
};

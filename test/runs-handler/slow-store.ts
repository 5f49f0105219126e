import { memoryStore, type RunStore } from '@longhaul/core';

/** A store whose commits take 20 ms, so that requests at the same time read the run before the first of them is saved. */
export function slowStore(): RunStore {
  const store = memoryStore();
  return {
    ...store,
    commit: async (change) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      await store.commit(change);
    },
  };
}

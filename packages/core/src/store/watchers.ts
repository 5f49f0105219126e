import type { RunNotice } from './run-store.ts';

/** The listeners of a store's `watch`. */
export interface Watchers {
  watch(listener: (notice: RunNotice) => void): () => void;
  notify(notice: RunNotice): void;
}

export function watchers(): Watchers {
  // An object for each call of `watch`: the same function given twice is two listeners, ended one by one.
  const watching = new Set<{ readonly listener: (notice: RunNotice) => void }>();
  return {
    watch: (listener) => {
      const entry = { listener };
      watching.add(entry);
      return () => void watching.delete(entry);
    },
    notify: (notice) => {
      for (const entry of watching) {
        // Later: a listener that throws must not fail the save that it hears of.
        queueMicrotask(() => {
          if (watching.has(entry)) entry.listener(notice);
        });
      }
    },
  };
}

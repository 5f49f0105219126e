import type { RunNotice } from './run-store.ts';

/** The listeners of a store's `watch`. */
export interface StoreListeners {
  watch(listener: (notice: RunNotice) => void): () => void;
  notify(notice: RunNotice): void;
}

export function storeListeners(): StoreListeners {
  // Each call of `watch` adds its own object. The same function passed twice is two listeners, which end separately.
  const watching = new Set<{ readonly listener: (notice: RunNotice) => void }>();
  return {
    watch: (listener) => {
      const entry = { listener };
      watching.add(entry);
      return () => void watching.delete(entry);
    },
    notify: (notice) => {
      for (const entry of watching) {
        // Asynchronous, because a listener that throws must not fail the save that it is notified of.
        queueMicrotask(() => {
          if (watching.has(entry)) entry.listener(notice);
        });
      }
    },
  };
}

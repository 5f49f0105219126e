import { useEffect, useSyncExternalStore } from 'react';
import type * as threadWork from './thread-work.ts';

type ThreadCode = typeof threadWork;

let code: ThreadCode | undefined;
let loading: Promise<ThreadCode> | undefined;
const listeners = new Set<() => void>();

/** Loads the code that a page does not need before it has rendered. A failed load is repeated at the next call. */
export function loadThreadCode(): Promise<ThreadCode> {
  loading ??= import('./thread-work.ts').then(
    (loaded) => {
      code = loaded;
      for (const listener of listeners) listener();
      return loaded;
    },
    (error: unknown) => {
      loading = undefined;
      throw error;
    },
  );
  return loading;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The code, and undefined until it is loaded. The hook loads it. */
export function useThreadCode(): ThreadCode | undefined {
  useEffect(() => {
    // If it fails, the next action loads the code.
    loadThreadCode().catch(() => undefined);
  }, []);
  return useSyncExternalStore(
    subscribe,
    () => code,
    () => undefined,
  );
}

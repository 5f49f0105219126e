import { type StoreListeners, storeListeners } from './store-listeners.ts';

export interface SharedListeners extends StoreListeners {
  /** Ends all listeners. */
  close(): void;
}

/**
 * The listeners of a store, which share what they need from other processes.
 *
 * @param begin Called before the first listener is added. If it throws, `watch` throws. It returns a function that is
 * called after the last listener has ended.
 */
export function sharedListeners(begin: () => () => void): SharedListeners {
  const listeners = storeListeners();
  let watching = 0;
  let end: (() => void) | undefined;
  let isClosed = false;

  function endShared(): void {
    end?.();
    end = undefined;
  }

  return {
    notify: (notice) => {
      if (!isClosed) listeners.notify(notice);
    },
    watch: (listener) => {
      end ??= begin();
      watching += 1;
      const stop = listeners.watch(listener);
      let isStopped = false;
      return () => {
        if (isStopped) return;
        isStopped = true;
        stop();
        watching -= 1;
        if (watching === 0) endShared();
      };
    },
    close: () => {
      isClosed = true;
      endShared();
    },
  };
}

'use client';

import { ConfigurationError, type Runner } from '@longhaul/core';
import { focusManager, onlineManager, useQueryClient } from '@tanstack/react-query';
import { createContext, type JSX, type ReactNode, useContext, useEffect } from 'react';
import { mirrorRuns } from './mirror-runs.ts';

const RunnerContext = createContext<Runner | undefined>(undefined);

export interface LonghaulProviderProps {
  /** Make it once, outside of components: runs live in it, and go on whatever is mounted. */
  readonly runner: Runner;
  readonly children?: ReactNode;
}

/** A hidden page's timers hardly run, an offline page's requests fail: both catch up at once when that is over. */
function wakeOnReturn(runner: Runner): () => void {
  const wake = (back: boolean): void => {
    if (back) runner.wake();
  };
  const endOnline = onlineManager.subscribe(wake);
  const endFocus = focusManager.subscribe(wake);
  // TanStack Query takes a page to be online until it hears otherwise, and says nothing of one that was opened offline.
  const opened = new AbortController();
  window.addEventListener?.('online', () => wake(true), { signal: opened.signal });
  return () => {
    endOnline();
    endFocus();
    opened.abort();
  };
}

/**
 * Gives a runner to the hooks below, and shows its runs in the query cache. Goes inside a `QueryClientProvider`.
 *
 * @example
 * <QueryClientProvider client={queryClient}>
 *   <LonghaulProvider runner={runner}>
 *     <App />
 *   </LonghaulProvider>
 * </QueryClientProvider>
 */
export function LonghaulProvider({ runner, children }: LonghaulProviderProps): JSX.Element {
  const client = useQueryClient();
  useEffect(() => mirrorRuns(runner, client), [runner, client]);
  useEffect(() => wakeOnReturn(runner), [runner]);
  return <RunnerContext.Provider value={runner}>{children}</RunnerContext.Provider>;
}

/**
 * The runner of the nearest `LonghaulProvider`.
 *
 * @throws ConfigurationError outside of one.
 */
export function useRunner(): Runner {
  const runner = useContext(RunnerContext);
  if (runner === undefined) {
    throw new ConfigurationError(
      'No runner here: put <LonghaulProvider runner={runner}> around the components that use runs.',
      { option: 'runner' },
    );
  }
  return runner;
}

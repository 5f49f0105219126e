'use client';

import { ConfigurationError, type Runner } from '@longhaul/core';
import { focusManager, onlineManager, useQueryClient } from '@tanstack/react-query';
import { createContext, type JSX, type ReactNode, useContext, useEffect } from 'react';
import { mirrorRuns } from './mirror-runs.ts';

const RunnerContext = createContext<Runner | undefined>(undefined);

export interface LonghaulProviderProps {
  /** Create it once, outside of components. Its runs do not depend on mounted components. */
  readonly runner: Runner;
  readonly children?: ReactNode;
}

/**
 * Wakes the runner when the page becomes visible or goes online. In a hidden page timers are late, and in an offline
 * page requests fail.
 */
function wakeOnReturn(runner: Runner): () => void {
  const wake = (back: boolean): void => {
    if (back) runner.wake();
  };
  const endOnline = onlineManager.subscribe(wake);
  const endFocus = focusManager.subscribe(wake);
  // TanStack Query assumes that a page opens online. So it does not report when a page that opened offline goes online.
  const opened = new AbortController();
  window.addEventListener?.('online', () => wake(true), { signal: opened.signal });
  return () => {
    endOnline();
    endFocus();
    opened.abort();
  };
}

/**
 * Provides a runner to the hooks below it, and writes the runner's runs into the query cache. Place it inside a
 * `QueryClientProvider`.
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
 * Returns the runner of the nearest `LonghaulProvider`.
 *
 * @throws ConfigurationError if there is no provider.
 */
export function useRunner(): Runner {
  const runner = useContext(RunnerContext);
  if (runner === undefined) {
    throw new ConfigurationError(
      'No runner found. Wrap the components that use runs in <LonghaulProvider runner={runner}>.',
      { option: 'runner' },
    );
  }
  return runner;
}

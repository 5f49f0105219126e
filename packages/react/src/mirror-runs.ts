import type { Run, Runner } from '@longhaul/core';
import type { QueryClient } from '@tanstack/react-query';
import { agentRunKeys } from './agent-run-keys.ts';
import { agentRunOptions } from './agent-run-options.ts';
import { mirrorRun } from './mirror-run.ts';

/** Milliseconds for which changes of runs are collected before the lists are refetched. */
const listDelayMs = 50;

/**
 * Mirrors a runner's runs into the query cache. Writes each loaded run under its detail key whenever it changes, and
 * refetches the lists when runs are added, removed or change status. The runs are the source of truth: changes of the
 * cache do not affect them.
 *
 * @returns A function that stops the mirror.
 */
export function mirrorRuns(runner: Runner, client: QueryClient): () => void {
  const mirrored = new Map<Run, () => void>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const refreshLists = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      void client.invalidateQueries({ queryKey: agentRunKeys.list() });
    }, listDelayMs);
  };

  const mirror = (run: Run): (() => void) => {
    let { status } = run.view;
    const stop = mirrorRun(client, run, () =>
      client.getQueryCache().build(client, client.defaultQueryOptions(agentRunOptions(runner, run.id))),
    );
    const unsubscribe = run.subscribe(() => {
      if (run.view.status === status) return;
      status = run.view.status;
      refreshLists();
    });
    return () => {
      unsubscribe();
      stop();
    };
  };

  const sync = (): void => {
    const loaded = new Set(runner.runs);
    for (const [run, stop] of mirrored) {
      if (loaded.has(run)) continue;
      stop();
      mirrored.delete(run);
    }
    for (const run of loaded) if (!mirrored.has(run)) mirrored.set(run, mirror(run));
  };

  sync();
  const unsubscribe = runner.subscribe(() => {
    sync();
    refreshLists();
  });
  return () => {
    unsubscribe();
    clearTimeout(timer);
    for (const stop of mirrored.values()) stop();
  };
}

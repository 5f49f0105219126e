import { LonghaulError, type Run, type Runner } from '@longhaul/core';
import type { Query, QueryClient } from '@tanstack/react-query';
import { agentRunKeys } from './agent-run-keys.ts';
import { agentRunOptions } from './agent-run-options.ts';
import { mirrorRun } from './mirror-run.ts';
import { agentThreadKeys } from './thread/agent-thread-keys.ts';
import { refreshThreads } from './thread/refresh-threads.ts';

/** Milliseconds for which changes of runs are collected before the lists are refetched. */
const listDelayMs = 50;

/** Errors that may be over: the store or the server was not available, or the visitor was not signed in. */
const passing: readonly string[] = ['unavailable', 'unauthorized'];

/** Whether the query of a run has failed, and may succeed now. */
function mayLoadNow({ queryKey, state: { error } }: Query): boolean {
  const isRun = queryKey[agentRunKeys.all.length] === 'detail';
  return isRun && LonghaulError.isInstance(error) && passing.includes(error.code);
}

/**
 * Mirrors a runner's runs into the query cache. Writes each loaded run under its detail key whenever it changes, and
 * refetches the lists when runs are added, removed or change status. Runs that could not be loaded are then loaded again.
 * The runs are the source of truth: changes of the cache do not affect them.
 *
 * @returns A function that stops the mirror.
 */
export function mirrorRuns(runner: Runner, client: QueryClient): () => void {
  const mirrored = new Map<Run, () => void>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  let changedThreads: 'some' | 'removed' | undefined;

  const refresh = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      void client.invalidateQueries({ queryKey: agentRunKeys.list() });
      void client.invalidateQueries({ queryKey: agentThreadKeys.list() });
      if (changedThreads !== undefined) void refreshThreads(runner, client, changedThreads === 'removed');
      changedThreads = undefined;
      // A runner of a server notifies of changes of its list, and after each connection to the server.
      void client.refetchQueries({ queryKey: agentRunKeys.all, type: 'active', predicate: mayLoadNow });
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
      refresh();
    });
    return () => {
      unsubscribe();
      stop();
    };
  };

  const sync = (): void => {
    const loaded = new Set(runner.runs);
    let isAdded = false;
    let isRemoved = false;
    for (const [run, stop] of mirrored) {
      if (loaded.has(run)) continue;
      stop();
      mirrored.delete(run);
      isRemoved = true;
    }
    for (const run of loaded) {
      if (mirrored.has(run)) continue;
      mirrored.set(run, mirror(run));
      isAdded = true;
    }
    // The hooks add the loaded runs to their threads. A runner that keeps a number of finished runs forgets one when it
    // loads another: that one was not deleted.
    if (isAdded) return;
    // Otherwise a run was deleted, or another process may have added one.
    if (isRemoved) changedThreads = 'removed';
    else changedThreads ??= 'some';
  };

  sync();
  changedThreads = undefined;
  const unsubscribe = runner.subscribe(() => {
    sync();
    refresh();
  });
  return () => {
    unsubscribe();
    clearTimeout(timer);
    for (const stop of mirrored.values()) stop();
  };
}

import { type Run, type Runner } from '@longhaul/core';
import type { QueryClient } from '@tanstack/react-query';
import { agentRunKeys } from './agent-run-keys.ts';
import { agentRunOptions } from './agent-run-options.ts';
import { RunObserver } from './run-observer.ts';

/** Milliseconds in which changes of runs are gathered before the lists are read again. */
const listDelayMs = 50;

/** Puts the view of a run into the query cache, as if it had been fetched. */
function writeRun(client: QueryClient, runner: Runner, run: Run): void {
  const options = client.defaultQueryOptions(agentRunOptions(runner, run.id));
  const query = client.getQueryCache().build(client, options);
  const write = (): void => {
    query.setData(run.view, { manual: true });
  };
  write();
  // A fetch under way answers with a view that it read earlier, and would put that over this one.
  query.promise?.then(write, write);
}

/**
 * Keeps the query cache a view of a runner's runs: each run that lives there is written under its detail key as it
 * changes, and the lists are read again when runs come, go or change status. The runs are the truth; nothing that
 * happens to the cache reaches them.
 *
 * @returns Stops it.
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
    const observer = new RunObserver(run);
    let { status } = run.view;
    writeRun(client, runner, run);
    const unsubscribe = observer.subscribe(() => {
      writeRun(client, runner, run);
      if (run.view.status === status) return;
      status = run.view.status;
      refreshLists();
    });
    return () => {
      observer.flush();
      unsubscribe();
    };
  };

  const sync = (): void => {
    const living = new Set(runner.runs);
    for (const [run, stop] of mirrored) {
      if (living.has(run)) continue;
      stop();
      mirrored.delete(run);
    }
    for (const run of living) if (!mirrored.has(run)) mirrored.set(run, mirror(run));
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

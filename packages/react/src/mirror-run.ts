import type { Run } from '@longhaul/core';
import type { QueryClient } from '@tanstack/react-query';
import { RunObserver } from './run-observer.ts';

/** What is needed of a run's query in the cache. */
interface RunQuery {
  readonly promise: Promise<unknown> | undefined;
  setData(view: Run['view'], options: { readonly manual: true }): unknown;
}

/** Finds the query, or makes it; undefined where it is gone and nobody misses it. */
type FindQuery = () => RunQuery | undefined;

interface Mirror {
  readonly users: Set<FindQuery>;
  stop(): void;
}

const mirrors = new WeakMap<QueryClient, Map<Run, Mirror>>();

/** Puts the view of a run into its query, as if it had been fetched. */
function writeRun(run: Run, users: ReadonlySet<FindQuery>): void {
  for (const find of users) {
    const query = find();
    if (query === undefined) continue;
    const write = (): void => void query.setData(run.view, { manual: true });
    write();
    // A fetch under way answers with a view that it read earlier, and would put that over this one.
    query.promise?.then(write, write);
    return;
  }
}

function startMirror(run: Run): Mirror {
  const users = new Set<FindQuery>();
  const observer = new RunObserver(run);
  const unsubscribe = observer.subscribe(() => writeRun(run, users));
  return {
    users,
    stop: () => {
      observer.flush();
      unsubscribe();
    },
  };
}

/**
 * Writes a run that lives in the runner into the query cache as it changes; once, however many want it.
 *
 * @returns Ends it, when all who wanted it have called theirs.
 */
export function mirrorRun(client: QueryClient, run: Run, find: FindQuery): () => void {
  const ofClient = mirrors.get(client) ?? new Map<Run, Mirror>();
  mirrors.set(client, ofClient);
  const mirror = ofClient.get(run) ?? startMirror(run);
  ofClient.set(run, mirror);
  mirror.users.add(find);
  writeRun(run, mirror.users);
  return () => {
    if (mirror.users.size === 1) mirror.stop();
    mirror.users.delete(find);
    if (mirror.users.size === 0) ofClient.delete(run);
  };
}

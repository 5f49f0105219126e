import type { Run } from '@longhaul/core';
import type { QueryClient } from '@tanstack/react-query';
import { RunObserver } from './run-observer.ts';

/** The part of a cached query that the mirror needs. */
interface RunQuery {
  readonly promise: Promise<unknown> | undefined;
  setData(view: Run['view'], options: { readonly manual: true }): unknown;
}

/** Finds or creates the query. Returns undefined if the query was removed and has no observers. */
type FindQuery = () => RunQuery | undefined;

interface Mirror {
  readonly users: Set<FindQuery>;
  stop(): void;
}

const mirrors = new WeakMap<QueryClient, Map<Run, Mirror>>();

/** Writes the view of a run into its query, as a fetch would. */
function writeRun(run: Run, users: ReadonlySet<FindQuery>): void {
  for (const find of users) {
    const query = find();
    if (query === undefined) continue;
    const write = (): void => void query.setData(run.view, { manual: true });
    write();
    // A pending fetch has read an older view and would overwrite this one, so write the view again after the fetch.
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
 * Writes a loaded run into the query cache whenever the run changes. All callers for one run share one subscription.
 *
 * @returns A function that unregisters the caller. The subscription ends when no caller is left.
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

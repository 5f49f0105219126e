import type { Run, Runner, RunView } from '@longhaul/core';
import { hashKey, type QueryClient } from '@tanstack/react-query';
import { agentRunKeys } from './agent-run-keys.ts';
import { mirrorRun } from './mirror-run.ts';

/** Starts or stops the mirror of a run, depending on whether its query has observers. */
type UpdateMirror = (runId: string) => void;

const updates = new WeakMap<QueryClient, WeakMap<Runner, UpdateMirror>>();

/**
 * Keeps the query of this run up to date while the query has observers and the runner has loaded the run. This lets
 * `useQuery` follow a run without a `LonghaulProvider`. A query without observers, as on a server, has no subscription.
 */
export function mirrorObservedRun(client: QueryClient, runner: Runner, runId: string): void {
  const ofClient = updates.get(client) ?? new WeakMap<Runner, UpdateMirror>();
  updates.set(client, ofClient);
  const update = ofClient.get(runner) ?? mirrorObserved(client, runner);
  ofClient.set(runner, update);
  update(runId);
}

function mirrorObserved(client: QueryClient, runner: Runner): UpdateMirror {
  const cache = client.getQueryCache();
  const mirrored = new Map<string, { readonly run: Run; stop(): void }>();
  const update: UpdateMirror = (runId) => {
    const find = () => cache.find<RunView>({ queryKey: agentRunKeys.detail(runId), exact: true });
    const isObserved = (find()?.getObserversCount() ?? 0) > 0;
    const run = isObserved ? runner.get(runId) : undefined;
    const before = mirrored.get(runId);
    if (before?.run === run) return;
    before?.stop();
    if (run === undefined) mirrored.delete(runId);
    else mirrored.set(runId, { run, stop: mirrorRun(client, run, find) });
  };
  cache.subscribe(({ type, query }) => {
    if (type !== 'observerAdded' && type !== 'observerRemoved') return;
    const runId: unknown = query.queryKey[agentRunKeys.all.length + 1];
    if (typeof runId === 'string' && query.queryHash === hashKey(agentRunKeys.detail(runId))) update(runId);
  });
  return update;
}

import { repeat } from '../../clock/repeat.ts';
import type { RunSummary } from '../../run/runner.ts';
import { activeStatuses, listRuns } from './list-runs.ts';
import type { ConnectionHost } from './connection.ts';
import type { WatchedRun } from './watched-run.ts';

/** The delay between two queries, in milliseconds. */
const everyMs = 30_000;

/**
 * Reads the summaries of the active runs regularly, for a page that is not visible. Reads the views of the runs whose
 * summary has changed. Asks nothing while `isWanted` returns false. A run that is not among the active ones has ended.
 *
 * @returns a function that ends the queries
 */
export function readSummaries(
  host: ConnectionHost,
  observed: () => readonly WatchedRun[],
  isWanted: () => boolean,
): () => void {
  let known = new Map<string, string>();
  return repeat(host.clock, everyMs, async () => {
    if (!isWanted()) return;
    const active = await listRuns(host.server, { status: activeStatuses }).catch(() => undefined);
    if (active === undefined) return;
    const summaries = active.map(markOf);
    const before = known;
    known = new Map(summaries);
    const changed = observed().filter(({ id }) => !before.has(id) || before.get(id) !== known.get(id));
    await Promise.all(changed.map((run) => run.refresh()));
    const isListChanged =
      before.size !== known.size || summaries.some(([runId, mark]) => before.get(runId) !== mark);
    if (isListChanged) host.listChanged();
  });
}

function markOf({ runId, revision, status }: RunSummary): readonly [runId: string, mark: string] {
  return [runId, `${revision} ${status}`];
}

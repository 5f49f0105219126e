import { isTerminalRun } from '../../engine/view/run-view.ts';
import type { RunStore, UndrivenRun } from '../../store/run-store.ts';
import { needsProcess, openStatuses } from '../../store/undriven-runs.ts';
import { fieldsOf } from '../../wire/json.ts';
import { readHeads } from './heads.ts';

/** The active runs of these agents that no process drives. A custom store may not have the query. */
export async function undrivenRuns(store: RunStore, agents: readonly string[]): Promise<UndrivenRun[]> {
  if (store.undriven === undefined) return listedUndriven(store, agents);
  const found: unknown = await store.undriven(agents);
  // A custom store may return any value.
  return (Array.isArray(found) ? found : []).filter(
    (run): run is UndrivenRun =>
      typeof fieldsOf(run)['runId'] === 'string' && agents.includes(String(fieldsOf(run)['agent'])),
  );
}

async function listedUndriven(store: RunStore, agents: readonly string[]): Promise<UndrivenRun[]> {
  if (store.look === undefined) return [];
  const { heads } = readHeads(await store.list({ status: openStatuses }));
  const open = heads.filter(({ agent, status }) => agents.includes(agent) && !isTerminalRun(status));
  if (open.length === 0) return [];
  const looks = await store.look(open.map(({ runId }) => runId));
  const free = new Map(looks.filter(({ claimed }) => !claimed).map((look) => [look.runId, look]));
  return open
    .filter(({ runId, status }) => {
      const look = free.get(runId);
      return look !== undefined && needsProcess(status, look.posted);
    })
    .map(({ runId, agent }) => ({ runId, agent }))
    .toReversed();
}

import type { EngineEventBody } from '../../engine/engine-event.ts';
import { historyOf, unreadBefore, type ContinuedRun } from '../../engine/continuation-of.ts';
import type { RunState } from '../../engine/run-state.ts';
import type { WireTool } from '../../wire/create-body.ts';
import type { LoopPorts } from '../loop-setup.ts';
import { retryStore } from '../saved/retry-store.ts';
import { readSnapshot } from '../saved/read-snapshot.ts';

/**
 * Loads the conversation before a run from the runs that it continues. It loads no run before the first one that has
 * saved its own history.
 *
 * @param tools The tools of the run's agent
 * @param stop Ends the retries while the store is not available
 * @throws the store's error, after the retries, or SnapshotError for a damaged run: driving stops, and the run can be
 * resumed
 */
export async function loadHistory(
  ports: LoopPorts,
  state: RunState,
  tools: readonly WireTool[],
  stop: AbortSignal,
): Promise<EngineEventBody> {
  const runs: ContinuedRun[] = [];
  const seen = new Set([state.runId]);
  for (let next = state.continues; next !== undefined; ) {
    const runId = next;
    const stored = seen.has(runId) ? undefined : await retryStore(ports, () => ports.store.load(runId), stop);
    // Databases return null for a missing row, and so may a store.
    if (!stored) {
      const message = `The conversation before run ${state.runId} cannot be sent: run ${runId} is not in the store. Start a run without \`continueFrom\`, and send what it needs in its input.`;
      return { type: 'history_failed', error: { code: 'history_missing', message } };
    }
    seen.add(runId);
    const { head, items } = readSnapshot(stored, runId);
    runs.unshift({ state: head, items });
    next = head.history === 'elsewhere' ? head.continues : unreadBefore(head, items);
  }
  return { type: 'history_loaded', items: historyOf(runs, tools) };
}

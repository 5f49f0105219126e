import { stateVersion } from '../engine/run-state.ts';
import { SnapshotError } from '../errors/snapshot-error.ts';
import type { RunSnapshot, RunStore } from '../store/run-store.ts';
import { fieldsOf } from '../wire/json.ts';

/**
 * Checks a saved run before it is taken up.
 *
 * @throws SnapshotError for one that is damaged, or written by a newer version
 */
export function readSnapshot(value: RunSnapshot): RunSnapshot {
  const { head: given, items } = fieldsOf(value);
  const { version, runId, agent, revision, phase } = fieldsOf(given);
  const readable =
    Array.isArray(items) &&
    typeof version === 'number' &&
    typeof runId === 'string' &&
    typeof agent === 'string' &&
    typeof revision === 'number' &&
    typeof fieldsOf(phase)['type'] === 'string';
  if (!readable) {
    throw new SnapshotError(
      'unreadable_snapshot',
      'The saved run cannot be read: it must be { head, items } as `run.snapshot()` gives it.',
    );
  }
  if (version > stateVersion) {
    throw new SnapshotError(
      'newer_snapshot',
      `Run ${runId} was saved by a newer version (${version}, this one reads ${stateVersion}). Upgrade @longhaul/core.`,
    );
  }
  return value;
}

/** @throws SnapshotError, StoreError */
export async function loadSnapshot(store: RunStore, runId: string): Promise<RunSnapshot | undefined> {
  const stored = await store.load(runId);
  return stored === undefined ? undefined : readSnapshot(stored);
}

import { stateVersion } from '../engine/run-state.ts';
import { SnapshotError } from '../errors/snapshot-error.ts';
import type { RunSnapshot, RunStore } from '../store/run-store.ts';
import { isJsonObject } from '../wire/json.ts';

/**
 * Checks a saved run before it is taken up.
 *
 * @throws SnapshotError for one that is damaged, or written by a newer version
 */
export function readSnapshot(value: RunSnapshot): RunSnapshot {
  const given: unknown = value;
  const head = isJsonObject(given) ? given['head'] : undefined;
  const items = isJsonObject(given) ? given['items'] : undefined;
  const version = isJsonObject(head) ? head['version'] : undefined;
  const readable =
    isJsonObject(head) &&
    Array.isArray(items) &&
    typeof version === 'number' &&
    typeof head['runId'] === 'string' &&
    typeof head['agent'] === 'string' &&
    typeof head['revision'] === 'number' &&
    isJsonObject(head['phase']) &&
    typeof head['phase']['type'] === 'string';
  if (!readable) {
    throw new SnapshotError(
      'unreadable_snapshot',
      'The saved run cannot be read: it must be { head, items } as `run.snapshot()` gives it.',
    );
  }
  if (version > stateVersion) {
    throw new SnapshotError(
      'newer_snapshot',
      `Run ${String(head['runId'])} was saved by a newer version (${version}, this one reads ${stateVersion}). Upgrade @longhaul/core.`,
    );
  }
  return value;
}

/** @throws SnapshotError, StoreError */
export async function loadSnapshot(store: RunStore, runId: string): Promise<RunSnapshot | undefined> {
  const stored = await store.load(runId);
  return stored === undefined ? undefined : readSnapshot(stored);
}

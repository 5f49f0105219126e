import { stateVersion } from '../engine/run-state.ts';
import { SnapshotError } from '../errors/snapshot-error.ts';
import type { RunSnapshot } from '../store/run-store.ts';
import { isJsonObject } from '../wire/json.ts';

/**
 * Checks a saved run before it is taken up.
 *
 * @throws SnapshotError for one that is damaged, or written by a newer version
 */
export function readSnapshot(value: unknown): RunSnapshot {
  const head = isJsonObject(value) ? value['head'] : undefined;
  const items = isJsonObject(value) ? value['items'] : undefined;
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
  // Checked above as far as it is used before the engine reads it; what an older version wrote is migrated here.
  return value as unknown as RunSnapshot;
}

import { stateVersion } from '../../engine/run-state.ts';
import { upgradeItem, upgradeState } from '../../engine/saved-state.ts';
import type { StoredItem } from '../../engine/stored-item.ts';
import { viewOf } from '../../engine/view/view-of.ts';
import { SnapshotError } from '../../errors/snapshot-error.ts';
import type { RunSnapshot } from '../../store/run-store.ts';
import { fieldsOf, wordOf, type JsonValue } from '../../wire/json.ts';
import { unreadable } from './heads.ts';
import { isHead, isUpgradedHead } from './state-shape.ts';

const itemTypes = {
  input: true,
  history: true,
  steer: true,
  steer_sent: true,
  output: true,
  iteration: true,
  call: true,
  request: true,
  warning: true,
} as const satisfies { readonly [Each in StoredItem as Each['type']]: true };

function isItem(item: JsonValue): item is JsonValue & StoredItem {
  return Object.hasOwn(itemTypes, wordOf(fieldsOf(item)['type']));
}

/**
 * Checks a saved run before it is resumed.
 *
 * @throws SnapshotError if the snapshot is damaged, or was written by a newer version
 */
export function readSnapshot(value: RunSnapshot, knownAs?: string): RunSnapshot {
  const { head: given, items: givenItems } = fieldsOf(value);
  const { version, runId, agent, revision } = fieldsOf(given);
  const named = typeof version === 'number' && typeof runId === 'string' && typeof agent === 'string';
  if (!named || typeof revision !== 'number') throw unreadable(knownAs ?? runId);
  if (version > stateVersion) {
    throw new SnapshotError(
      'newer_snapshot',
      `Run ${runId} was saved by a newer version (${version}, this one reads ${stateVersion}). Upgrade @longhaul/core.`,
    );
  }
  // Every version writes these fields. The rest is checked in the shape of this version.
  if (!isHead(fieldsOf(given)) || !Array.isArray(givenItems)) throw unreadable(runId);
  const head = upgradeState(fieldsOf(given));
  const items = givenItems.map(upgradeItem).filter(isItem);
  if (!isUpgradedHead(head) || items.length < givenItems.length) throw unreadable(runId);
  // The view reads nearly all saved fields, so it fails for damage that the checks above do not find.
  try {
    viewOf(head, items, 'none');
  } catch {
    throw unreadable(runId);
  }
  return { head, items };
}

import type { SaveEffect } from '../../engine/effect.ts';
import { stateVersion, type RunState } from '../../engine/run-state.ts';
import { savedState, upgradeItem, upgradeState } from '../../engine/saved-state.ts';
import type { StoredItem } from '../../engine/stored-item.ts';
import type { RunStatus } from '../../engine/view/run-view.ts';
import { viewOf } from '../../engine/view/view-of.ts';
import { mustBe } from '../../errors/must-be.ts';
import { SnapshotError } from '../../errors/snapshot-error.ts';
import type { RunSummary } from '../../run/runner.ts';
import type { RunCommit, RunHead, RunSnapshot, RunStore } from '../../store/run-store.ts';
import { defined } from '../../wire/defined.ts';
import { fieldsOf, jsonCopy, wordOf, type JsonValue } from '../../wire/json.ts';
import { isHead, isSavedOwner, isUpgradedHead, statuses } from './state-shape.ts';
import { randomId } from '../random-id.ts';

const itemTypes = ['input', 'output', 'iteration', 'call', 'request', 'warning'];

function isItem(item: JsonValue): item is JsonValue & StoredItem {
  return itemTypes.includes(wordOf(fieldsOf(item)['type']));
}

/** @param runId The run's id, if the caller knows it. A damaged snapshot may not contain it. */
function unreadable(runId: unknown): SnapshotError {
  const name = typeof runId === 'string' ? `Run ${runId}` : 'The saved run';
  return new SnapshotError(
    'unreadable_snapshot',
    `${name} cannot be read: it must be { head, items } as \`run.snapshot()\` returns it.`,
  );
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

/**
 * Separates the heads that a store lists: the heads with readable public fields, and an error for each other head.
 *
 * @throws ConfigurationError if the answer is not a list
 */
export function readHeads(listed: readonly RunHead[]): {
  readonly heads: readonly RunHead[];
  readonly errors: readonly SnapshotError[];
} {
  const heads: RunHead[] = [];
  const errors: SnapshotError[] = [];
  mustBe(Array.isArray(listed), 'store', 'list', 'a function that returns an array');
  for (const head of listed) {
    const { runId, agent, owner, status } = fieldsOf(head);
    const isReadable = typeof runId === 'string' && typeof agent === 'string' && isSavedOwner(owner);
    if (isReadable && statuses.includes(wordOf(status))) heads.push(head);
    else errors.push(unreadable(runId));
  }
  return { heads, errors };
}

/** The public fields of a head that {@link readHeads} has checked. */
export function summaryOf(head: RunHead): RunSummary {
  const { runId, agent, owner, status, revision, usage, createdAt, updatedAt } = head;
  return { runId, agent, ...defined({ owner }), status, revision, usage, createdAt, updatedAt };
}

/** @throws SnapshotError if the run is damaged or was saved by a newer version; any error of the store */
export async function loadSnapshot(store: RunStore, runId: string): Promise<RunSnapshot | undefined> {
  const stored = await store.load(runId);
  // Databases return null for a missing row, and so may a store.
  return stored ? readSnapshot(stored, runId) : undefined;
}

/** The status of a saved run; undefined if the store does not have the run, or if the run is damaged. */
export async function savedStatus(store: RunStore, runId: string): Promise<RunStatus | undefined> {
  try {
    const { status } = (await store.load(runId))?.head ?? {};
    return statuses.includes(wordOf(status)) ? status : undefined;
  } catch (error) {
    if (SnapshotError.isInstance(error) && error.code === 'unreadable_snapshot') return undefined;
    throw error;
  }
}

/** A save: its head, and the number of its items. */
export interface Saved {
  readonly head: RunHead;
  readonly items: number;
}

/** The last save of a run; its current state if it was never saved. */
export function snapshotOf(
  state: RunState,
  items: readonly StoredItem[],
  saved: Saved | undefined,
): RunSnapshot {
  const head = saved?.head ?? { ...savedState(state), commitId: randomId() };
  return jsonCopy({ head, items: items.slice(0, saved?.items) });
}

/**
 * The commit of this state for a save. `whole`: the items before those of this save, for a run that the store does not
 * have yet.
 */
export function commitOf(
  state: RunState,
  { append, received }: Omit<SaveEffect, 'type'>,
  whole: readonly StoredItem[] | undefined,
): RunCommit {
  const { runId, revision } = state;
  const commitId = randomId();
  const head: RunHead = { ...savedState(state), commitId };
  const change = { runId, revision, commitId, head, ...defined({ received }) };
  return whole === undefined
    ? { ...change, append }
    : { ...change, import: true, append: [...whole, ...append] };
}

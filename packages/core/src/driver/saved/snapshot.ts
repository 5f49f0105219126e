import type { SaveEffect } from '../../engine/effect.ts';
import type { RunState } from '../../engine/run-state.ts';
import { savedState } from '../../engine/saved-state.ts';
import type { StoredItem } from '../../engine/stored-item.ts';
import type { RunStatus } from '../../engine/view/run-view.ts';
import { thrownText } from '../../errors/error-message.ts';
import { StoreError } from '../../errors/store-error.ts';
import { SnapshotError } from '../../errors/snapshot-error.ts';
import type { RunCommit, RunHead, RunSnapshot, RunStore } from '../../store/run-store.ts';
import { defined } from '../../wire/defined.ts';
import { fieldsOf, jsonCopy, textOf } from '../../wire/json.ts';
import { importLoop } from '../load-loop.ts';
import { randomId } from '../../run/random-id.ts';
import { isStatus } from './heads.ts';

/** @throws SnapshotError if the run is damaged or was saved by a newer version; any error of the store */
export async function loadSnapshot(store: RunStore, runId: string): Promise<RunSnapshot | undefined> {
  const stored = await store.load(runId);
  // Databases return null for a missing row, and so may a store.
  if (!stored) return undefined;
  const { readSnapshot } = await importLoop().catch((cause: unknown) => {
    const message = `The code that reads run ${runId} could not be loaded: ${thrownText(cause)}`;
    throw new StoreError('unavailable', message, { cause });
  });
  return readSnapshot(stored, runId);
}

/** The status of a saved run, and its conversation. A damaged run may have no status. */
export interface SavedPlace {
  readonly status: RunStatus | undefined;
  readonly threadId: string;
}

/** The place of a saved run, which may be damaged; undefined if the store does not have the run. */
export async function savedPlace(store: RunStore, runId: string): Promise<SavedPlace | undefined> {
  try {
    const stored = await store.load(runId);
    if (!stored) return undefined;
    const { status, threadId } = fieldsOf(stored.head);
    return { status: isStatus(status) ? status : undefined, threadId: textOf(threadId) ?? runId };
  } catch (error) {
    if (SnapshotError.isInstance(error) && error.code === 'unreadable_snapshot')
      return { status: undefined, threadId: runId };
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

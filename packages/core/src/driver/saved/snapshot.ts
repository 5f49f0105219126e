import type { SaveEffect } from '../../engine/effect.ts';
import type { RunState } from '../../engine/run-state.ts';
import { savedState } from '../../engine/saved-state.ts';
import type { StoredItem } from '../../engine/stored-item.ts';
import { thrownText } from '../../errors/error-message.ts';
import { StoreError } from '../../errors/store-error.ts';
import type { RunCommit, RunHead, RunSnapshot, RunStore } from '../../store/run-store.ts';
import { defined } from '../../wire/defined.ts';
import { jsonCopy } from '../../wire/json.ts';
import { importLoop } from '../load-loop.ts';
import { randomId } from '../../run/random-id.ts';

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

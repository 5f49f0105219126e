import { isTerminalRun, type RunStatus, type RunView } from '../../engine/view/run-view.ts';
import { LonghaulError } from '../../errors/longhaul-error.ts';
import { SnapshotError } from '../../errors/snapshot-error.ts';
import { hasMethods, mustBe, mustBeOptions } from '../../errors/must-be.ts';
import type { DrivingDeleteOptions } from '../../run/driving-runner.ts';
import { runsAfter } from '../../run/runs-after.ts';
import type { RunStore, ThreadRun } from '../../store/run-store.ts';
import { defined } from '../../wire/defined.ts';
import type { LoopPorts } from '../loop-setup.ts';
import { fieldsOf, textOf } from '../../wire/json.ts';
import { isStatus } from '../saved/heads.ts';
import { listThreadRuns } from '../saved/lists.ts';
import { deleteResponses } from './delete-responses.ts';
import { checkRunId } from './start-options.ts';

/** The status of a saved run, and its conversation. A damaged run may have no status. */
interface SavedPlace {
  readonly status: RunStatus | undefined;
  readonly threadId: string;
}

/** The place of a saved run, which may be damaged; undefined if the store does not have the run. */
async function savedPlace(store: RunStore, runId: string): Promise<SavedPlace | undefined> {
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

/** A run with a damaged status cannot be driven, so it is not active. */
function isActive({ status }: Pick<SavedPlace, 'status'>): boolean {
  return isStatus(status) && !isTerminalRun(status);
}

/** The handles of a runner. */
interface KeptHandles {
  readonly all: readonly DeletedHandle[];
  get(runId: string): DeletedHandle | undefined;
  /** These runs are about to be deleted. */
  deleting(runIds: Iterable<string>): void;
  /** Removes the handles of deleted runs. */
  deleted(runIds: Iterable<string>): void;
}

interface DeletedHandle {
  readonly id: string;
  readonly view: Pick<RunView, 'status' | 'agent' | 'createdAt'>;
  readonly owner: string | undefined;
  readonly threadId: string;
  readonly continues: string | undefined;
  /** Whether another process cannot have changed the run unnoticed. */
  readonly isCurrent: boolean;
  /** The saved run may have changed. */
  hint(hint: 'saved'): void;
}

/** The place of a run of this runner, or of a saved run. */
function placeOf(store: RunStore, kept: KeptHandles, runId: string): Promise<SavedPlace | undefined> {
  const run = kept.get(runId);
  // Another process may have ended a run that this process detached.
  if (run?.isCurrent !== true) return savedPlace(store, runId);
  return Promise.resolve({ status: run.view.status, threadId: run.threadId });
}

function hasSuccessors(runId: string, count: number): LonghaulError {
  const runs = count === 1 ? '1 run continues' : `${count} runs continue`;
  const message = `Run ${runId} is not deleted, because ${runs} it. Delete those runs first, or pass \`branch: true\` to delete the run and all runs after it.`;
  return new LonghaulError('has_successors', message);
}

/** The runs that this runner starts or drives. The store may not have all of them yet. */
function currentRuns(kept: KeptHandles): readonly ThreadRun[] {
  return kept.all
    .filter(({ isCurrent }) => isCurrent)
    .map(({ id: runId, view: { status, agent, createdAt }, owner, continues }) => ({
      ...{ runId, status, agent, createdAt },
      ...defined({ owner, continues }),
    }));
}

/**
 * The ids of the runs to delete, each before the run that it continues.
 *
 * @throws LonghaulError `run_active`, `active`, `has_successors`; any error of `check`
 */
async function deletable(
  store: RunStore,
  kept: KeptHandles,
  runId: string,
  { branch = false, check }: DrivingDeleteOptions,
): Promise<readonly string[]> {
  const place = await placeOf(store, kept, runId);
  if (place === undefined) return [runId];
  if (isActive(place)) {
    const message = `Run ${runId} is ${place.status}. Cancel it before you delete it.`;
    throw new LonghaulError(branch ? 'active' : 'run_active', message);
  }
  const saved = await listThreadRuns(store, place.threadId);
  const after = runsAfter(runId, [...saved, ...currentRuns(kept)]);
  if (after.length === 0) return [runId];
  if (!branch) throw hasSuccessors(runId, after.filter(({ continues }) => continues === runId).length);
  for (const run of after) await check?.(run);
  const active = after.find(isActive);
  if (active !== undefined) {
    const message = `Run ${active.runId}, which is after run ${runId}, is ${active.status}. Cancel it before you delete the branch.`;
    throw new LonghaulError('active', message);
  }
  return [runId, ...after.map((run) => run.runId)].toReversed();
}

/**
 * Deletes a run that has ended. With `branch`, also the runs after it. The responses are deleted first, then the runs,
 * each before the run that it continues. If the process dies or the store fails in the meantime, the run itself is still
 * stored, so the same call deletes the rest.
 *
 * @param stop Ends the retries of requests
 * @throws ConfigurationError for `responses` if the client has no `delete`; LonghaulError `run_active`, `active`,
 * `has_successors`; any error of the store, of `check` and of `deleteResponses`
 */
export async function deleteRuns(
  ports: LoopPorts,
  kept: KeptHandles,
  stop: AbortSignal,
  runId: string,
  options: DrivingDeleteOptions = {},
): Promise<void> {
  const { client, store } = ports;
  const asking = 'delete';
  checkRunId(asking, runId);
  mustBeOptions(options, asking, { branch: 'boolean', responses: 'boolean', check: 'function' });
  const responses = options.responses === true;
  const canDelete = !responses || hasMethods(client.responses, ['delete']);
  const absent = 'absent, because the client of the runner has no `responses.delete`';
  mustBe(canDelete, asking, 'responses', absent);
  const runIds = await deletable(store, kept, runId, options);
  if (responses) await deleteResponses(ports, runIds, stop);
  const deleted: string[] = [];
  kept.deleting(runIds);
  try {
    for (const one of runIds) {
      await store.delete(one);
      deleted.push(one);
      // The notice makes a resting handle load the run. The handle does not find the run, and stops.
      kept.get(one)?.hint('saved');
    }
  } finally {
    kept.deleted(deleted);
  }
}

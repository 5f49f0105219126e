import { LonghaulError } from '../../errors/longhaul-error.ts';
import { StoreError } from '../../errors/store-error.ts';
import type { RunSnapshot, RunStore } from '../../store/run-store.ts';
import { randomId } from '../../run/random-id.ts';

/** The run in the store, and its claim. */
interface ClaimableRun {
  claim(): Promise<boolean>;
  load(): Promise<RunSnapshot | undefined>;
  release(lastSave: Promise<void>): void;
  released(): Promise<void>;
}

/**
 * Sets the owner of a run that no process drives, under the run's claim.
 *
 * @returns false if another process holds the claim
 * @throws LonghaulError `not_found`
 */
async function assignOwnerOfUndriven(
  store: RunStore,
  record: ClaimableRun,
  runId: string,
  owner: string,
): Promise<boolean> {
  if (!(await record.claim())) return false;
  try {
    const stored = await record.load();
    if (stored === undefined) throw new LonghaulError('not_found', `There is no run ${runId} in the store.`);
    const revision = stored.head.revision + 1;
    const commitId = randomId();
    const head = { ...stored.head, owner, revision, commitId };
    await store.commit({ runId, revision, commitId, head, append: [] });
    return true;
  } finally {
    record.release(Promise.resolve());
    await record.released();
  }
}

/** The parts of the runner that assign an owner. */
interface OwnerAssignment {
  readonly store: RunStore;
  readonly record: ClaimableRun;
  /** Whether this runner drives the run. */
  readonly drives: boolean;
  readonly followed: {
    follow(runId: string): Promise<OwnedRun>;
    unfollow(runId: string): void;
  };
}

interface OwnedRun {
  readonly owner: string | undefined;
  assignOwner(owner: string): Promise<void>;
}

/**
 * Sets the owner of a run: in the store if no process drives the run, otherwise through its driver.
 *
 * @throws LonghaulError `not_found`, StoreError `unavailable` if the owner is not set
 */
export async function assignOwner(
  { store, record, drives, followed }: OwnerAssignment,
  runId: string,
  owner: string,
): Promise<void> {
  if (!drives && (await assignOwnerOfUndriven(store, record, runId, owner))) return;
  const run = await followed.follow(runId);
  await run.assignOwner(owner).finally(() => followed.unfollow(runId));
  // A run that has ended in the meantime receives no messages, and its claim may not be released yet.
  if (run.owner !== owner)
    throw new StoreError('unavailable', `The owner of run ${runId} is not set. Try again.`);
}

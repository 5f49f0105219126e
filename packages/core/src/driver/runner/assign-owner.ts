import { LonghaulError } from '../../errors/longhaul-error.ts';
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
export async function assignOwnerOfUndriven(
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

import { LonghaulError } from '../../errors/longhaul-error.ts';
import type { LoopPorts } from '../loop-setup.ts';
import type { Claims } from '../ownership/claims.ts';
import { RunRecord } from '../ownership/run-record.ts';
import { randomId } from '../../run/random-id.ts';

/**
 * Sets the owner of a run that no process drives, under the run's claim.
 *
 * @returns false if another process holds the claim
 * @throws LonghaulError `not_found`
 */
export async function assignOwnerOfUndriven(
  ports: LoopPorts,
  claims: Claims,
  runId: string,
  owner: string,
): Promise<boolean> {
  const record = new RunRecord(ports, claims, runId, { claimLost: () => undefined });
  if (!(await record.claim())) return false;
  try {
    const stored = await record.load();
    if (stored === undefined) throw new LonghaulError('not_found', `There is no run ${runId} in the store.`);
    const revision = stored.head.revision + 1;
    const commitId = randomId();
    const head = { ...stored.head, owner, revision, commitId };
    await ports.store.commit({ runId, revision, commitId, head, append: [] });
    return true;
  } finally {
    record.release(Promise.resolve());
    await record.released();
  }
}

import { forEachAtMost } from '../../clock/for-each-at-most.ts';
import { isTerminalRun } from '../../engine/view/run-view.ts';
import { errorMessage } from '../../errors/error-message.ts';
import { LonghaulError } from '../../errors/longhaul-error.ts';
import type { Run } from '../../run/run.ts';
import type { RunHead } from '../../store/run-store.ts';
import { readHeads } from '../saved/heads.ts';

/** The maximum number of runs that are resumed at the same time. The store and the process can then do other work. */
const atOnce = 16;

/**
 * Resumes all active runs whose agents are known, the oldest first. A run that cannot be read does not affect the
 * others.
 *
 * @param listed The heads that the store lists.
 * @throws LonghaulError `resume_failed` if a run could not be resumed, after the others were. Its cause is an
 * AggregateError with the error of each such run.
 */
export async function resumeAll<Resumed extends Run>(
  listed: readonly RunHead[],
  isKnown: (agent: string) => boolean,
  resume: (head: RunHead) => Promise<Resumed>,
): Promise<Resumed[]> {
  const { heads, errors } = readHeads(listed);
  const open = heads.filter(({ status, agent }) => !isTerminalRun(status) && isKnown(agent)).toReversed();
  const count = open.length + errors.length;
  const outcomes: Promise<Resumed>[] = [];
  // A run whose store call is slow occupies one of the 16 places. The runs after it use the other places.
  await forEachAtMost(atOnce, open, (head) => {
    const taken = resume(head);
    outcomes.push(taken);
    return taken.catch(() => undefined);
  });
  const settled = await Promise.allSettled(outcomes);
  const runs = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const failures = [...errors, ...settled.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))];
  if (failures.length === 0) return runs;
  const message = `${failures.length} of ${count} runs could not be resumed: ${failures.map((error) => errorMessage(error)).join(' ')} The others are driven.`;
  throw new LonghaulError('resume_failed', message, { cause: new AggregateError(failures, message) });
}

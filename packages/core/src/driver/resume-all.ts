import { isTerminalRun } from '../engine/view/run-view.ts';
import { errorMessage } from '../errors/error-message.ts';
import { LonghaulError } from '../errors/longhaul-error.ts';
import type { Run } from '../run/run.ts';
import type { RunHead } from '../store/run-store.ts';
import { readHeads } from './snapshot.ts';

/** Runs taken up at once: a store may answer many calls together, and the rest of the process wants its turn, too. */
const atOnce = 16;

/**
 * Takes up every run that is not over and whose agent is known, the oldest first. One that cannot be read does not
 * keep the others from being driven.
 *
 * @param listed What the store lists.
 * @throws LonghaulError `resume_failed` once the others are driven; its cause is an AggregateError with what was
 * thrown for each run
 */
export async function resumeAll(
  listed: readonly RunHead[],
  isKnown: (agent: string) => boolean,
  resume: (head: RunHead) => Promise<Run>,
): Promise<Run[]> {
  const { heads, errors } = readHeads(listed);
  const open = heads.filter(({ status, agent }) => !isTerminalRun(status) && isKnown(agent)).toReversed();
  const count = open.length + errors.length;
  const runs: Run[] = [];
  const failures: unknown[] = [...errors];
  for (let from = 0; from < open.length; from += atOnce) {
    const outcomes = await Promise.allSettled(open.slice(from, from + atOnce).map(resume));
    for (const outcome of outcomes) {
      if (outcome.status === 'fulfilled') runs.push(outcome.value);
      else failures.push(outcome.reason);
    }
  }
  if (failures.length === 0) return runs;
  const message = `${failures.length} of ${count} runs could not be taken up: ${failures.map(errorMessage).join(' ')} The others are driven.`;
  throw new LonghaulError('resume_failed', message, { cause: new AggregateError(failures, message) });
}

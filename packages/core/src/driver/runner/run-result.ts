import { LonghaulError } from '../../errors/longhaul-error.ts';
import { RunFailedError } from '../../run/run-error.ts';
import { outcomeError } from '../../run/run-outcome.ts';
import type { Run, RunResult } from '../../run/run.ts';
import { unsentOf } from '../../run/unsent-of.ts';
import type { RunOwner } from '../ownership/run-owner.ts';

/**
 * The result of a run, when it has ended or is no longer driven here.
 *
 * @throws RunError if the run did not complete, LonghaulError if driving stopped before its end
 */
export async function resultOf(run: Pick<Run, 'id' | 'view'>, owner: RunOwner): Promise<RunResult> {
  const { ending } = owner;
  await ending.ended;
  const { loop } = owner;
  const { phase } = loop.state;
  const { id: runId, view } = run;
  if (phase.type !== 'done')
    throw ending.stopError ?? new LonghaulError('detached', `Run ${runId} is no longer driven here.`);
  const error = outcomeError(phase.outcome, view, loop.cause);
  if (error !== undefined) throw error;
  // The output of the schema is not saved, so a process that has resumed the run parses the text again.
  const { agent } = owner.current.options;
  const read = agent.output === undefined ? undefined : await loop.output.read(agent);
  if (read?.error !== undefined) {
    const message = `The output of run ${runId} does not match the schema that agent "${agent.name}" has now: ${read.error.message}`;
    throw new RunFailedError(read.error.code, message, view, { cause: read.cause });
  }
  return { runId, text: view.text, output: read?.value, usage: view.usage, unsent: unsentOf(view), view };
}

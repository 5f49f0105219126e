import type { Agent } from '../../agent/define-agent.ts';
import type { RunView } from '../../engine/view/run-view.ts';
import type { Outcome } from '../../engine/run-state.ts';
import { RunFailedError } from '../../run/run-error.ts';
import type { RunResult } from '../../run/run.ts';
import { outcomeError } from '../../run/run-outcome.ts';
import { unsentOf } from '../../run/unsent-of.ts';
import type { OutputReader } from '../loop/read-output.ts';

/** The loop of a run that has ended. */
interface EndedLoop {
  readonly output: OutputReader;
  readonly cause: unknown;
}

/**
 * The result of a run that has ended.
 *
 * @throws RunError for any end but `completed`
 */
export async function resultOf(
  loop: EndedLoop,
  outcome: Outcome,
  view: RunView,
  agent: Agent,
): Promise<RunResult> {
  const { runId } = view;
  const error = outcomeError(outcome, view, loop.cause);
  if (error !== undefined) throw error;
  // The output of the schema is not saved, so a process that has resumed the run parses the text again.
  const read = agent.output === undefined ? undefined : await loop.output.read(agent);
  if (read?.error !== undefined) {
    const message = `The output of run ${runId} does not match the schema that agent "${agent.name}" has now: ${read.error.message}`;
    throw new RunFailedError(read.error.code, message, view, { cause: read.cause });
  }
  const { text, usage } = view;
  return { runId, text, output: read?.value, usage, unsent: unsentOf(view), view };
}

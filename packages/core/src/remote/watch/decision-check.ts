import { resultJson } from '../../agent/result-json.ts';
import type { Decision } from '../../engine/decision.ts';
import type { RunView } from '../../engine/view/run-view.ts';
import { DecisionError } from '../../errors/decision-error.ts';
import { thrownText } from '../../errors/error-message.ts';
import { fieldsOf, wordOf } from '../../wire/json.ts';

/** The first decision that does not fit the calls that the view shows. Undefined if all of them fit. */
export function misfit(
  view: RunView,
  decisions: readonly Decision[],
  iteration: number = view.iteration,
): DecisionError | undefined {
  for (const decision of decisions) {
    // A decision of a form may not have the declared type.
    const { type, callId } = fieldsOf(decision);
    const call = view.toolCalls.find((one) => one.callId === callId && one.iteration === iteration);
    const awaited = type === 'output' || type === 'error' ? 'awaiting_output' : 'awaiting_approval';
    if (call?.status === awaited) continue;
    const id = wordOf(callId);
    const why =
      call === undefined
        ? `Run ${view.runId} has no call ${id} that waits for a decision; it is ${view.status}.`
        : `The call ${id} of run ${view.runId} is ${call.status}: "${wordOf(type)}" does not apply to it.`;
    return new DecisionError(id, why);
  }
  return undefined;
}

/**
 * A decision as JSON.
 *
 * @throws DecisionError for an output that JSON cannot represent
 */
export function sentDecision(decision: Decision): Decision {
  if (decision.type !== 'output') return decision;
  const { callId, output } = decision;
  try {
    // The API refuses a missing output.
    return { ...decision, output: output === undefined ? null : JSON.parse(resultJson(output, 'the tool')) };
  } catch (error) {
    throw new DecisionError(callId, `The output for call ${callId} cannot be sent: ${thrownText(error)}`);
  }
}

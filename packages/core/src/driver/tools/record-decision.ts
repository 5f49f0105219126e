import { deniedText, failureText, type Decision } from '../../engine/decision.ts';
import type { RecordedDecision } from '../../engine/engine-event.ts';
import { DecisionError } from '../../errors/decision-error.ts';
import { fieldsOf, wordOf } from '../../wire/json.ts';
import { longestOutput } from '../../wire/items.ts';
import { defined } from '../../wire/defined.ts';
import { errorMessage } from '../../errors/error-message.ts';
import { toolOutput } from './tool-result.ts';

/** Checks a decision. A decision from a form or a webhook may not have the declared type. */
function checkDecision(decision: unknown): void {
  const { type, callId, reason, message, leaseId } = fieldsOf(decision);
  const problem =
    typeof callId !== 'string'
      ? '`callId` must be a string'
      : !['approve', 'deny', 'output', 'error'].includes(wordOf(type))
        ? "`type` must be 'approve', 'deny', 'output' or 'error'"
        : reason !== undefined && typeof reason !== 'string'
          ? '`reason` must be a string'
          : type === 'error' && typeof message !== 'string'
            ? "`message` must be a string where `type` is 'error'"
            : leaseId !== undefined && typeof leaseId !== 'string'
              ? '`leaseId` must be a string'
              : undefined;
  if (problem !== undefined) throw new DecisionError(wordOf(callId), `Invalid decision: ${problem}.`);
}

/** The text that the model receives for a decision without an output. */
function outputText(decision: Exclude<Decision, { readonly type: 'output' }>): string {
  if (decision.type === 'deny') return deniedText(decision.reason ?? '');
  return decision.type === 'error' ? failureText(decision) : '';
}

/**
 * A decision as it is saved and posted, with the output that will be sent.
 *
 * @throws DecisionError for an invalid decision, an output that JSON cannot represent, or a text that is longer than
 * the API accepts
 */
export function recordDecision(decision: Decision): RecordedDecision {
  checkDecision(decision);
  const { callId } = decision;
  if (decision.type !== 'output') {
    const { length } = outputText(decision);
    if (length <= longestOutput) return { ...decision };
    const why = `the text has ${length} characters. The API accepts at most ${longestOutput}`;
    throw new DecisionError(callId, `The "${decision.type}" for call ${callId} cannot be sent: ${why}.`);
  }
  try {
    const { leaseId } = decision;
    return { type: 'output', callId, ...defined({ leaseId }), ...toolOutput(decision.output) };
  } catch (error) {
    throw new DecisionError(callId, `The output for call ${callId} cannot be sent: ${errorMessage(error)}`);
  }
}

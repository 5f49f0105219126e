import type { Decision } from '../engine/decision.ts';
import type { RecordedDecision } from '../engine/engine-event.ts';
import { DecisionError } from '../errors/decision-error.ts';
import { errorMessage } from './error-message.ts';
import { toolOutput } from './tool-result.ts';

/**
 * A decision as it is saved and handed on: outputs are what will be sent.
 *
 * @throws DecisionError for an output that JSON cannot hold
 */
export function recordDecision(decision: Decision): RecordedDecision {
  if (decision.type !== 'output') return { ...decision };
  const { callId } = decision;
  try {
    return { type: 'output', callId, ...toolOutput(decision.output) };
  } catch (error) {
    throw new DecisionError(callId, `The output for call ${callId} cannot be sent: ${errorMessage(error)}`);
  }
}

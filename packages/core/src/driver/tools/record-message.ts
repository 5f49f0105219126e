import type { Decision } from '../../engine/decision.ts';
import { decisionsProblem } from '../../engine/decision-problem.ts';
import { steerProblem } from '../../engine/steer-problem.ts';
import { DecisionError } from '../../errors/decision-error.ts';
import { refuseSecrets } from '../../run/saved-secrets.ts';
import { readSteer } from '../../run/steer-input.ts';
import type { RespondOptions } from '../../run/run.ts';
import type { RunInput } from '../../run/run-input.ts';
import { defined } from '../../wire/defined.ts';
import type { UserMessage } from '../user-message.ts';
import { recordDecision } from './record-decision.ts';

/** @throws DecisionError for an invalid decision */
export function decisionMessage(
  messageId: string,
  decisions: readonly Decision[],
  { by, iteration }: RespondOptions,
): UserMessage {
  if (by !== undefined && typeof by !== 'string')
    throw new DecisionError(decisions[0]?.callId ?? '', 'Invalid decision: `by` must be a string.');
  const recorded = decisions.map(recordDecision);
  return {
    messageId,
    problem: (state) => decisionsProblem(state, decisions, iteration),
    messageFor: (state) => ({
      type: 'decided',
      decisions: recorded,
      iteration: iteration ?? state.iteration,
      ...defined({ by }),
      source: { id: messageId },
    }),
  };
}

export function leaseMessage(messageId: string, callId: string, leaseId: string): UserMessage {
  return {
    messageId,
    problem: (state) => decisionsProblem(state, [{ type: 'output', callId, leaseId }]),
    messageFor: ({ iteration }) => ({
      type: 'lease_asked',
      callId,
      leaseId,
      iteration,
      source: { id: messageId },
    }),
  };
}

/** @throws ConfigurationError for an invalid input or id */
export function steerMessage(messageId: string, input: RunInput, steerId: string): UserMessage {
  const given = readSteer(input, steerId);
  refuseSecrets('steer', given);
  return {
    messageId,
    problem: (state) => steerProblem(state, steerId),
    messageFor: () => ({ type: 'steer_asked', steerId, input: given, source: { id: messageId } }),
  };
}

export function ownerMessage(messageId: string, owner: string): UserMessage {
  return {
    messageId,
    problem: () => undefined,
    messageFor: () => ({ type: 'owner_assigned', owner, source: { id: messageId } }),
  };
}

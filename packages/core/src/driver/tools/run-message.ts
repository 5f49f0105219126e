import type { Decision } from '../../engine/decision.ts';
import { decisionsProblem } from '../../engine/decision-problem.ts';
import { areDecided } from '../../engine/repeated-decision.ts';
import type { EngineEventBody } from '../../engine/engine-event.ts';
import type { RunState } from '../../engine/run-state.ts';
import { DecisionError } from '../../errors/decision-error.ts';
import type { RespondOptions } from '../../run/run.ts';
import type { StoredItem } from '../../engine/stored-item.ts';
import { defined } from '../../wire/defined.ts';
import { recordDecision } from './record-decision.ts';

type MessageOf<Type extends EngineEventBody['type']> = Extract<EngineEventBody, { readonly type: Type }>;

/** A message of the user for a run. The run records its result under `messageId`. */
export interface RunMessage {
  readonly messageId: string;
  /** Why the message does not fit the run in this state; undefined if it fits. */
  problem(state: RunState): { readonly callId: string; readonly reason: string } | undefined;
  /** The message for the state of the run at the time of sending. */
  messageFor(state: RunState): MessageOf<'decided' | 'lease_asked' | 'owner_assigned'>;
}

/** @throws DecisionError for an invalid decision */
export function decisionMessage(
  messageId: string,
  decisions: readonly Decision[],
  { by, iteration }: RespondOptions,
): RunMessage {
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

/** @throws DecisionError for an invalid decision */
export function isRepeated(
  state: RunState,
  items: readonly StoredItem[],
  decisions: readonly Decision[],
  iteration: number,
): boolean {
  return areDecided(state, items, decisions.map(recordDecision), iteration);
}

export function leaseMessage(messageId: string, callId: string, leaseId: string): RunMessage {
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

export function ownerMessage(messageId: string, owner: string): RunMessage {
  return {
    messageId,
    problem: () => undefined,
    messageFor: () => ({ type: 'owner_assigned', owner, source: { id: messageId } }),
  };
}

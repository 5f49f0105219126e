import type { Decision } from './decision.ts';
import { decisionMade } from './processed-messages.ts';
import type { RunState } from './run-state.ts';

type DecisionLike = Pick<Decision, 'type' | 'callId'> & { readonly leaseId?: string };

/** Why a decision does not fit the run in its current state; undefined if it fits. */
export function decisionProblem(state: RunState, decision: DecisionLike): string | undefined {
  return problemOf(state, decision, undefined);
}

/** `iteration`: the iteration of the call, if the decision states it. */
function problemOf(
  state: RunState,
  { type, callId, leaseId }: DecisionLike,
  iteration: number | undefined,
): string | undefined {
  const { phase, runId } = state;
  // Some servers give calls of different iterations the same id. A late decision must not apply to a call of another
  // iteration.
  const isCurrent = phase.type === 'tools' && (iteration ?? state.iteration) === state.iteration;
  const call = isCurrent ? phase.calls.find((one) => one.callId === callId) : undefined;
  const awaited = type === 'output' || type === 'error' ? 'awaiting_output' : 'awaiting_approval';
  if (call?.status === awaited) {
    const isForeign = call.lease !== undefined && call.lease.id !== leaseId;
    return isForeign
      ? `The call ${callId} of run ${runId} is leased: only its lease can answer it.`
      : undefined;
  }
  const made = decisionMade(state, callId, call ? state.iteration : iteration);
  if (call === undefined && made === undefined)
    return `Run ${runId} has no call ${callId} that waits for a decision; it is ${state.status}.`;
  const became = made === undefined ? call?.status : `decided already ("${made}")`;
  return `The call ${callId} of run ${runId} is ${became}: "${type}" does not apply to it.`;
}

/** The first decision that does not fit the run, and why; undefined if all of them fit. */
export function decisionsProblem(
  state: RunState,
  decisions: readonly DecisionLike[],
  iteration?: number,
): { readonly callId: string; readonly reason: string } | undefined {
  const seen = new Set<string>();
  for (const decision of decisions) {
    const { callId } = decision;
    const reason = seen.has(callId)
      ? `The call ${callId} is decided twice.`
      : problemOf(state, decision, iteration);
    if (reason !== undefined) return { callId, reason };
    seen.add(callId);
  }
  return undefined;
}

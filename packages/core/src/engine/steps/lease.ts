import type { EngineEventOf } from '../engine-event.ts';
import type { MessageResult } from '../message-result.ts';
import type { CallState } from '../run-state.ts';
import type { Step } from '../step.ts';
import { leaseMs } from '../policy/lease-ms.ts';
import { decisionsProblem } from '../decision-problem.ts';
import { endLeaseOf, needDecision, setCall, settle, unknownOutcome } from './settle-call.ts';
import { failureText } from '../decision.ts';
import { advanceTools } from './tools.ts';

/**
 * Handles a request for a call's lease. A recorded lease is valid until its timer has fired, so another page cannot get
 * one that still executes the call. The page that holds the lease renews it.
 */
export function onLeaseAsked(step: Step, event: EngineEventOf<'lease_asked'>): MessageResult {
  const { callId, leaseId, iteration } = event;
  const problem = decisionsProblem(step.state, [{ type: 'output', callId, leaseId }], iteration);
  if (problem !== undefined) return { result: 'rejected', ...problem };
  const expiresAt = step.time + leaseMs;
  setCall(step, callId, { lease: { id: leaseId, expiresAt } });
  step.save();
  step.emit({
    type: 'tool.leased',
    iteration,
    callId,
    leasedUntil: expiresAt + step.state.clock.skewMs,
  });
  return { result: 'applied' };
}

/**
 * Ends the leases that were not renewed. The page may have executed the call, so only a call of an idempotent tool is
 * offered again (I6).
 */
export function endLeases(step: Step): void {
  const { phase } = step.state;
  if (phase.type !== 'tools') return;
  for (const { lease, ...call } of phase.calls) {
    if (lease === undefined || step.time < lease.expiresAt) continue;
    endLease(step, call);
  }
  advanceTools(step);
}

function endLease(step: Step, call: CallState): void {
  endLeaseOf(step, call.callId);
  step.save();
  if (call.idempotent === true) return needDecision(step, call, 'output', call.arguments);
  const message = unknownOutcome('page');
  settle(step, call, {
    status: 'interrupted',
    output: failureText({ message }),
    error: { code: 'interrupted', message },
  });
}

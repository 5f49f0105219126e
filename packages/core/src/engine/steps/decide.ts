import { decisionProblem } from '../decision-problem.ts';
import type { EngineEventOf, RecordedDecision } from '../engine-event.ts';
import type { CallState } from '../run-state.ts';
import { deniedText, failureText } from '../settlement.ts';
import type { Step } from '../step.ts';
import { countError, needDecision, setCall, settle } from './calls.ts';
import { advanceTools } from './tools.ts';

/**
 * Decisions by people, or by systems outside. Each is for the call that waits for it now, and is used up by it: one
 * that comes late, twice, or for another kind of wait changes nothing.
 */
export function onDecided(step: Step, event: EngineEventOf<'decided'>): void {
  // Some servers give calls of different iterations the same id: a late decision must not be for another call.
  if (event.iteration !== step.state.iteration) return;
  let taken = false;
  for (const decision of event.decisions) {
    const { phase } = step.state;
    if (phase.type !== 'tools' || decisionProblem(step.state, decision) !== undefined) continue;
    const call = phase.calls.find((one) => one.callId === decision.callId);
    if (call === undefined) continue;
    const { type, callId } = decision;
    step.emit({
      type: 'decision.made',
      iteration: step.state.iteration,
      callId,
      decision: type,
      ...(type === 'deny' && decision.reason !== undefined ? { reason: decision.reason } : {}),
    });
    decide(step, call, decision);
    taken = true;
  }
  if (!taken) return;
  step.save();
  advanceTools(step);
}

function decide(step: Step, call: CallState, decision: RecordedDecision): void {
  switch (decision.type) {
    case 'approve':
      if (call.kind === 'mcp_approval') {
        settle(step, call, { status: 'completed' });
        return;
      }
      setCall(step, call.callId, { status: call.external ? 'awaiting_output' : 'pending', approved: true });
      if (call.external) needDecision(step, call, 'output', call.arguments);
      return;
    case 'deny': {
      const message = decision.reason ?? 'No reason was given.';
      settle(step, call, {
        status: 'denied',
        output: deniedText(message),
        error: { code: 'denied', message },
      });
      return;
    }
    case 'output': {
      const { output, json } = decision;
      return countError(step, settle(step, call, { status: 'completed', output, json }));
    }
    case 'error': {
      const error = { code: 'failed', message: decision.message };
      return countError(step, settle(step, call, { status: 'failed', output: failureText(error), error }));
    }
  }
}

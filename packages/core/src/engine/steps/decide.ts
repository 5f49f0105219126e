import { defined } from '../../wire/defined.ts';
import { deniedText, failureText } from '../decision.ts';
import { decisionsProblem } from '../decision-problem.ts';
import type { EngineEventOf, RecordedDecision } from '../engine-event.ts';
import type { MessageResult } from '../message-result.ts';
import type { CallState } from '../run-state.ts';
import { noReason } from '../repeated-decision.ts';
import type { Step } from '../step.ts';
import { countToolError, needDecision, setCall, settle } from './settle-call.ts';
import { advanceTools } from './tools.ts';

/**
 * Handles a message with decisions. Each decision applies once, to a call that waits for it. If one decision is late,
 * repeated, or of another type than the call waits for, the whole message is rejected.
 *
 * @returns the result of the message
 */
export function onDecided(step: Step, event: EngineEventOf<'decided'>): MessageResult {
  const { decisions, iteration, by } = event;
  const problem = decisionsProblem(step.state, decisions, iteration);
  if (problem !== undefined) return { result: 'rejected', ...problem };
  for (const decision of decisions) {
    const { phase } = step.state;
    const { type, callId } = decision;
    const call = phase.type === 'tools' ? phase.calls.find((one) => one.callId === callId) : undefined;
    // An earlier decision of the message has ended the run.
    if (call === undefined) break;
    step.emit({
      type: 'decision.made',
      iteration,
      callId,
      decision: type,
      ...defined({ reason: type === 'deny' ? decision.reason : undefined, by }),
    });
    if (by !== undefined) setCall(step, callId, { decidedBy: by });
    decide(step, { ...call, ...defined({ decidedBy: by }) }, decision);
  }
  if (decisions.length > 0) {
    step.save();
    advanceTools(step);
  }
  const calls = decisions.map(({ callId, type }) => ({ callId, decision: type }));
  return { result: 'applied', decided: { iteration, calls } };
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
      const message = decision.reason ?? noReason;
      settle(step, call, {
        status: 'denied',
        output: deniedText(message),
        error: { code: 'denied', message },
      });
      return;
    }
    case 'output': {
      const { output, json } = decision;
      return countToolError(step, settle(step, call, { status: 'completed', output, json }));
    }
    case 'error': {
      const error = { code: 'failed', message: decision.message };
      return countToolError(
        step,
        settle(step, call, { status: 'failed', output: failureText(error), error }),
      );
    }
  }
}

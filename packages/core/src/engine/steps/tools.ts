import { defined } from '../../wire/defined.ts';
import { isSameJson } from '../../wire/is-same-json.ts';
import type { Assessment, EngineEventOf } from '../engine-event.ts';
import type { CallState, RunningTools } from '../run-state.ts';
import { failureText } from '../decision.ts';
import type { Step } from '../step.ts';
import { isSettledCall } from '../view/run-view.ts';
import { beginIteration } from './begin-iteration.ts';
import { countToolError, needDecision, setCall, settle, unknownOutcome } from './settle-call.ts';
import { endRun } from './end-run.ts';

function findCall(step: Step, callId: string): CallState | undefined {
  const { phase } = step.state;
  return phase.type === 'tools' ? phase.calls.find((call) => call.callId === callId) : undefined;
}

/** Handles the assessment of calls: each runs, waits for an approval or an output, or fails. */
export function onAssessed(step: Step, event: EngineEventOf<'assessed'>): void {
  let changed = false;
  for (const assessment of event.calls) {
    const call = findCall(step, assessment.callId);
    if (call === undefined || call.assessed || isSettledCall(call.status)) continue;
    assess(step, call, assessment);
    changed = true;
  }
  if (!changed) return;
  step.save();
  advanceTools(step);
}

function assess(step: Step, found: CallState, assessment: Assessment): void {
  const { changedArguments, jsonOutput } = assessment;
  const call: CallState = {
    ...found,
    ...defined({ arguments: changedArguments, jsonOutput: jsonOutput === true || undefined }),
  };
  const { callId } = call;
  if (assessment.verdict === 'fail') {
    if (call.resumed) {
      step.warn(
        'agent_changed',
        `The call ${callId} of "${call.name}" no longer fits the agent: ${assessment.error.message}`,
      );
    }
    setCall(step, callId, call);
    const { code, message } = assessment.error;
    // An interrupted call may have had an effect, and its error states that.
    return failCall(step, call, 'failed', {
      code,
      message: call.interrupted ? `${message} ${unknownOutcome('process')}` : message,
    });
  }
  const { idempotent, external, approvalView } = assessment;
  const ready: CallState = { ...call, assessed: true, idempotent, external };
  setCall(step, callId, ready);
  // The call runs again only if its tool was idempotent when it started, and is idempotent now.
  if (call.interrupted && !(call.idempotent === true && idempotent)) {
    return failCall(step, ready, 'interrupted', {
      code: 'interrupted',
      message: unknownOutcome('process'),
    });
  }
  // A call that waits for a person keeps waiting, even if the changed agent no longer requires that.
  const waits = call.status === 'awaiting_approval';
  const asks = call.status === 'pending' && assessment.verdict === 'ask' && call.approved !== true;
  if (asks || (waits && approvalView !== undefined && !isSameJson(approvalView, call.approvalView))) {
    const asking: CallState = { ...ready, status: 'awaiting_approval', ...defined({ approvalView }) };
    setCall(step, callId, asking);
    needDecision(step, asking, 'approval', assessment.arguments);
  } else if (call.status === 'pending' && external) {
    setCall(step, callId, { status: 'awaiting_output' });
    needDecision(step, ready, 'output', assessment.arguments);
  }
}

function failCall(
  step: Step,
  call: CallState,
  status: 'failed' | 'interrupted',
  error: { code: string; message: string },
): void {
  settle(step, call, { status, output: failureText(error), error });
  if (status === 'failed') step.set({ toolErrors: step.state.toolErrors + 1 });
}

export function onToolProgressed(step: Step, event: EngineEventOf<'tool_progressed'>): void {
  const { callId, progress } = event;
  if (findCall(step, callId)?.status !== 'running') return;
  setCall(step, callId, { progress });
  step.emit({ type: 'tool.progress', iteration: step.state.iteration, callId, progress });
}

/** Records the result of a running call. A late result of a call that is already settled is ignored (I6). */
export function onToolSettled(step: Step, event: EngineEventOf<'tool_settled'>): void {
  const call = findCall(step, event.callId);
  if (call === undefined || call.status !== 'running') return;
  countToolError(step, settle(step, call, event.outcome));
  advanceTools(step);
}

/** Starts the calls that may run. Begins the next iteration when every call has its output (I5). */
export function advanceTools(step: Step): void {
  const { phase, policy, iteration, runId, toolErrors, draining } = step.state;
  if (phase.type !== 'tools' || draining) return;
  startReady(step, phase, `${runId}/${iteration}`);
  if (phase.calls.some((call) => !isSettledCall(call.status))) return;
  if (toolErrors >= policy.consecutiveToolErrors) {
    const message = `${toolErrors} calls in a row have failed; the limit is ${policy.consecutiveToolErrors}.`;
    return endRun(step, {
      status: 'incomplete',
      error: { code: 'tool_errors', message },
      errorKind: 'limit',
    });
  }
  beginIteration(step, iteration + 1);
}

function startReady(step: Step, phase: RunningTools, keyPrefix: string): void {
  let running = phase.calls.filter((call) => call.status === 'running').length;
  for (const call of phase.calls) {
    if (running >= step.state.policy.toolConcurrency) return;
    if (call.status !== 'pending' || !call.assessed) continue;
    running += 1;
    setCall(step, call.callId, { status: 'running', startedAt: step.at });
    // Save before the call runs. If the process dies, the next one then knows that the call has started (I6, I7).
    step.save();
    step.perform({ type: 'execute', callId: call.callId, idempotencyKey: `${keyPrefix}/${call.callId}` });
  }
}

import { defined } from '../../wire/defined.ts';
import type { JsonValue } from '../../wire/json.ts';
import { asJson, callOutput, type Settlement } from '../call-output.ts';
import type { CallState } from '../run-state.ts';
import { settledCall } from '../view/call-view.ts';
import type { Step } from '../step.ts';
import type { StoredCall } from '../stored-item.ts';
import type { SettledCallStatus } from '../view/run-view.ts';

/** The output that the model receives for an interrupted call. */
export function unknownOutcome(executor: 'process' | 'page'): string {
  return `The ${executor} that ran this call ended before the call returned. Whether it had an effect is not known.`;
}

export function setCall(step: Step, callId: string, change: Partial<CallState>): void {
  const { phase } = step.state;
  if (phase.type !== 'tools') return;
  step.enter({
    ...phase,
    calls: phase.calls.map((call) => (call.callId === callId ? { ...call, ...change } : call)),
  });
}

/** Removes the lease of a call: it has ended, or the call is settled. */
export function endLeaseOf(step: Step, callId: string): void {
  const { phase } = step.state;
  if (phase.type !== 'tools') return;
  const calls = phase.calls.map((call) => {
    const { lease, ...rest } = call;
    return call.callId === callId && lease !== undefined ? rest : call;
  });
  step.enter({ ...phase, calls });
}

/**
 * Records the end of a call, once and before its output is sent (I6, I7). Returns the recorded status: an output that
 * is not valid for the tool is recorded as a failure.
 */
export function settle(step: Step, call: CallState, end: Settlement): SettledCallStatus {
  const { iteration } = step.state;
  const { callId, name, startedAt, arguments: args, approvalView, decidedBy, progress } = call;
  const settlement = call.jsonOutput === true ? asJson(end, name) : end;
  const { status, output, json, error } = settlement;
  setCall(step, callId, { status });
  if (call.lease !== undefined) endLeaseOf(step, callId);
  const answered = output !== undefined || call.kind === 'mcp_approval';
  const record: StoredCall = {
    type: 'call',
    iteration,
    callId,
    name,
    status,
    ...defined({
      output: answered ? callOutput(call, output ?? '', status === 'completed', error?.message) : undefined,
      json: json === true ? json : undefined,
      error,
      arguments: args,
      decidedBy,
      approvalView,
      progress,
      startedAt,
    }),
    endedAt: step.at,
  };
  step.save(record);
  step.emit({ type: 'tool.settled', iteration, callId, name, ...settledCall(record) });
  return status;
}

/** Counts the calls that failed in a row. The run ends when their number reaches its limit. */
export function countToolError(step: Step, status: SettledCallStatus): void {
  step.set({ toolErrors: status === 'completed' ? 0 : step.state.toolErrors + 1 });
}

/** Records a call that was open when the run ended. A run that continues the ended run answers the call (I5). */
export function settleNotRun(step: Step, call: CallState, message: string): void {
  settle(step, call, { status: 'cancelled', error: { code: 'not_run', message } });
}

export function needDecision(
  step: Step,
  call: CallState,
  kind: 'approval' | 'output',
  args: JsonValue | undefined,
): void {
  const { iteration } = step.state;
  step.emit({
    type: 'decision.needed',
    iteration,
    callId: call.callId,
    name: call.name,
    kind,
    ...defined({ arguments: args, approvalView: kind === 'approval' ? call.approvalView : undefined }),
  });
}

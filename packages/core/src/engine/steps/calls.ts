import { defined } from '../../wire/defined.ts';
import type { ToolOutput } from '../../wire/items.ts';
import type { JsonValue } from '../../wire/json.ts';
import { callOutput } from '../call-output.ts';
import type { CallState } from '../run-state.ts';
import { settledCall } from '../settled-call.ts';
import type { Step } from '../step.ts';
import type { StoredCall } from '../stored-item.ts';
import type { ErrorView, SettledCallStatus } from '../view/run-view.ts';

/** How a call is settled: `output` is what the model is told. */
export interface Settlement {
  readonly status: SettledCallStatus;
  readonly output?: ToolOutput;
  /** Whether `output` is the JSON text of the tool's result. */
  readonly json?: boolean;
  readonly error?: ErrorView;
}

export function setCall(step: Step, callId: string, change: Partial<CallState>): void {
  const { phase } = step.state;
  if (phase.type !== 'tools') return;
  step.go({
    ...phase,
    calls: phase.calls.map((call) => (call.callId === callId ? { ...call, ...change } : call)),
  });
}

/** Records how a call ended: once, and before its output is sent (I6, I7). */
export function settle(step: Step, call: CallState, settlement: Settlement): void {
  const { iteration } = step.state;
  const { callId, name, startedAt, arguments: args } = call;
  const { status, output, json, error } = settlement;
  setCall(step, callId, { status });
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
      startedAt,
    }),
    endedAt: step.at,
  };
  step.save(record);
  step.tell({ type: 'tool.settled', iteration, callId, name, ...settledCall(record) });
}

/** An output that tells the model what went wrong, so that it can do better. */
export function failureText(error: ErrorView): string {
  return `Error: ${error.message}`;
}

/** A call that the run ends without having run: recorded as such, and answered by whoever continues the run (I5). */
export function settleUnrun(step: Step, call: CallState, message: string): void {
  settle(step, call, { status: 'cancelled', error: { code: 'not_run', message } });
}

export function needDecision(
  step: Step,
  call: CallState,
  kind: 'approval' | 'output',
  args: JsonValue | undefined,
): void {
  const { iteration } = step.state;
  step.tell({
    type: 'decision.needed',
    iteration,
    callId: call.callId,
    name: call.name,
    kind,
    ...defined({ arguments: args }),
  });
}

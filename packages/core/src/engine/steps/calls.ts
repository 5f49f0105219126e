import type { CallOutputItem, ToolOutput } from '../../wire/items.ts';
import type { JsonValue } from '../../wire/json.ts';
import type { CallState } from '../run-state.ts';
import type { Step } from '../step.ts';
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

function outputItem(call: CallState, settlement: Settlement): CallOutputItem | undefined {
  const { output = '', status, error } = settlement;
  switch (call.kind) {
    case 'function':
      return { type: 'function_call_output', call_id: call.callId, output };
    case 'custom':
      return { type: 'custom_tool_call_output', call_id: call.callId, output };
    case 'mcp_approval':
      return {
        type: 'mcp_approval_response',
        approval_request_id: call.callId,
        approve: status === 'completed',
        ...(error === undefined ? {} : { reason: error.message }),
      };
  }
}

/** Records how a call ended: once, and before its output is sent (I6, I7). */
export function settle(step: Step, call: CallState, settlement: Settlement): void {
  const { iteration } = step.state;
  const { callId, name, startedAt } = call;
  const { status, output, error } = settlement;
  setCall(step, callId, { status });
  const record =
    output === undefined && call.kind !== 'mcp_approval' ? undefined : outputItem(call, settlement);
  step.save({
    type: 'call',
    iteration,
    callId,
    name,
    status,
    ...(record === undefined ? {} : { output: record }),
    ...(settlement.json === true ? { json: true } : {}),
    ...(error === undefined ? {} : { error }),
    ...(call.arguments === undefined ? {} : { arguments: call.arguments }),
    ...(startedAt === undefined ? {} : { startedAt }),
    endedAt: step.at,
  });
  step.tell({
    type: 'tool.settled',
    iteration,
    callId,
    name,
    status,
    ...(status === 'completed' && output !== undefined
      ? { output: shownOutput(output, settlement.json === true) }
      : {}),
    ...(error === undefined ? {} : { error }),
    ...(call.arguments === undefined ? {} : { arguments: call.arguments }),
  });
}

/** What a completed call shows as its output: the tool's result, not the text that stands for it on the wire. */
export function shownOutput(output: ToolOutput, json: boolean): JsonValue {
  return json && typeof output === 'string' ? JSON.parse(output) : output;
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
    arguments: args,
  });
}

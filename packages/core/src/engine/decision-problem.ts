import type { RunState } from './run-state.ts';

/** Why a decision does not fit the run as it stands, or undefined where it does. */
export function decisionProblem(
  state: RunState,
  decision: { readonly type: 'approve' | 'deny' | 'output' | 'error'; readonly callId: string },
): string | undefined {
  const { phase, runId } = state;
  const { type, callId } = decision;
  const call = phase.type === 'tools' ? phase.calls.find((one) => one.callId === callId) : undefined;
  if (call === undefined)
    return `Run ${runId} has no call ${callId} that waits for a decision; it is ${state.status}.`;
  const fits =
    type === 'output' || type === 'error'
      ? call.status === 'awaiting_output'
      : call.status === 'awaiting_approval';
  return fits
    ? undefined
    : `The call ${callId} of run ${runId} is ${call.status}: "${type}" does not apply to it.`;
}

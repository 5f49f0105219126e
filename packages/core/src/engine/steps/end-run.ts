import { defined } from '../../wire/defined.ts';
import { noUsage, type Usage } from '../../wire/usage.ts';
import type { JsonValue } from '../../wire/json.ts';
import { isTerminal } from '../../wire/response.ts';
import type { Outcome, PendingResponse } from '../run-state.ts';
import type { Step } from '../step.ts';
import { isSettledCall } from '../view/run-view.ts';
import { settleUnrun } from './settle-call.ts';
import { recordIteration } from './record-iteration.ts';
import { saveInput } from './start.ts';
import type { EngineEventOf, FailureReason } from '../engine-event.ts';

/** The run is over: whatever is still open is recorded as such, and nothing is sent any more (I8, I9). */
export function endRun(
  step: Step,
  outcome: Outcome,
  last: { readonly output?: JsonValue | undefined; readonly usage?: Usage } = {},
): void {
  const { phase } = step.state;
  const { output, usage: lastUsage = noUsage } = last;
  saveInput(step);
  if (phase.type === 'tools') {
    for (const call of phase.calls) {
      if (!isSettledCall(call.status))
        settleUnrun(step, call, `The run ended before this call was answered.`);
    }
    step.perform({ type: 'abort_tools' });
  }
  if (phase.type === 'creating') recordOpenIteration(step, null, outcome, lastUsage);
  if (phase.type === 'waiting' || phase.type === 'cancelling') {
    recordOpenIteration(step, phase.pending, outcome, lastUsage);
  }
  step.enter({ type: 'done', outcome });
  step.save();
  step.perform({ type: 'abort_request' });
  const { usage } = step.state;
  const { status, error } = outcome;
  step.emit({
    type: 'run.ended',
    status,
    ...defined({ output, error }),
    usage,
  });
}

/**
 * An iteration that never got a final answer, or none that counts, leaves its attempts on record: what may still run at
 * the server can be found by them.
 */
function recordOpenIteration(
  step: Step,
  pending: PendingResponse | null,
  outcome: Outcome,
  usage: Usage,
): void {
  if (step.state.attempts.length === 0) return;
  // A response that completed in spite of the cancel was not taken: whoever carries the run on must not chain to it
  // (I8).
  const status = pending === null || isTerminal(pending.status) ? outcome.status : pending.status;
  recordIteration(step, {
    responseId: pending?.responseId ?? null,
    status,
    usage,
    text: null,
    toolCallIds: [],
  });
}

/** The structured output was read from the final text, which happens for completed responses only. */
export function onOutputRead(step: Step, event: EngineEventOf<'output_read'>): void {
  if (step.state.phase.type !== 'finishing') return;
  const { output, error } = event;
  if (error === undefined) endRun(step, { status: 'completed' }, { output });
  else endRun(step, { status: 'failed', error });
}

/** The run could not even begin: what it was to continue from is not there, or not over. */
export function onStartFailed(step: Step, event: EngineEventOf<'start_failed'>): void {
  if (step.state.phase.type === 'starting') endRun(step, { status: 'failed', ...reasonOf(event) });
}

export function reasonOf({ error, errorKind }: FailureReason): FailureReason {
  return { error, ...defined({ errorKind }) };
}

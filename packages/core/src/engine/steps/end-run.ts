import { defined } from '../../wire/defined.ts';
import { noUsage, type Usage } from '../../wire/usage.ts';
import type { JsonValue } from '../../wire/json.ts';
import { isTerminal } from '../../wire/response.ts';
import type { Outcome, PendingResponse, Phase } from '../run-state.ts';
import type { Step } from '../step.ts';
import { isSettledCall } from '../view/run-view.ts';
import { settleNotRun } from './settle-call.ts';
import { recordIteration, type IterationEnd } from './record-iteration.ts';
import { streamedOutput, type StoppedOutput } from './stopped-output.ts';
import { saveInput } from './start.ts';
import type { EngineEventOf, FailureReason } from '../engine-event.ts';

interface RunEnd {
  readonly output?: JsonValue | undefined;
  readonly usage?: Usage;
  /** The output of the response that was stopped. @default the output that the phase `cancelling` names */
  readonly stopped?: StoppedOutput;
}

/** Ends the run: records open calls and an open iteration, and aborts requests and tools (I8, I9). */
export function endRun(step: Step, outcome: Outcome, last: RunEnd = {}): void {
  const { phase } = step.state;
  const { output, usage = noUsage, stopped = streamedOutput(toolCallIdsOf(phase)) } = last;
  saveInput(step);
  if (phase.type === 'tools') {
    for (const call of phase.calls) {
      if (!isSettledCall(call.status))
        settleNotRun(step, call, `The run ended before this call was answered.`);
    }
    step.perform({ type: 'abort_tools' });
  }
  if (phase.type === 'creating') recordOpenIteration(step, null, outcome, { usage, ...stopped });
  if (phase.type === 'waiting' || phase.type === 'cancelling') {
    recordOpenIteration(step, phase.pending, outcome, { usage, ...stopped });
  }
  step.enter({ type: 'done', outcome });
  step.set({ endedAt: step.at });
  step.save();
  step.perform({ type: 'abort_request' });
  const { status, error } = outcome;
  step.emit({
    type: 'run.ended',
    status,
    ...defined({ output, error }),
    usage: step.state.usage,
  });
}

function toolCallIdsOf(phase: Phase): readonly string[] | undefined {
  return phase.type === 'cancelling' ? phase.toolCallIds : undefined;
}

/**
 * Records an iteration that has no final response, or whose final response does not count. Its attempts help to find
 * jobs that may still be running at the server.
 */
function recordOpenIteration(
  step: Step,
  pending: PendingResponse | null,
  outcome: Outcome,
  end: Pick<IterationEnd, 'usage'> & StoppedOutput,
): void {
  if (step.state.attempts.length === 0) return;
  // A response that completed despite the cancel is not recorded as completed, so that a later run does not chain to it
  // (I8).
  const status = pending === null || isTerminal(pending.status) ? outcome.status : pending.status;
  recordIteration(step, {
    responseId: pending?.responseId ?? null,
    status,
    ...end,
  });
}

/** Ends the run with the structured output of its final text, or with the error of reading it. */
export function onOutputRead(step: Step, event: EngineEventOf<'output_read'>): void {
  if (step.state.phase.type !== 'finishing') return;
  const { output, error } = event;
  if (error === undefined) endRun(step, { status: 'completed' }, { output });
  else endRun(step, { status: 'failed', error });
}

/** Fails a run that could not start, for example because the run that it continues is missing or still active. */
export function onStartFailed(step: Step, event: EngineEventOf<'start_failed'>): void {
  if (step.state.phase.type === 'starting') endRun(step, { status: 'failed', ...reasonOf(event) });
}

export function reasonOf({ error, errorKind }: FailureReason): FailureReason {
  return { error, ...defined({ errorKind }) };
}

import type { EngineEventOf } from '../engine-event.ts';
import type { Step } from '../step.ts';
import { endRun } from './end-run.ts';

/** The structured output was read from the final text, which happens for completed responses only. */
export function onOutputRead(step: Step, event: EngineEventOf<'output_read'>): void {
  if (step.state.phase.type !== 'finishing') return;
  const { output, error } = event;
  if (error === undefined) endRun(step, { status: 'completed' }, { output });
  else endRun(step, { status: 'failed', error });
}

/** The run could not even begin: what it was to continue from is not there, or not over. */
export function onStartFailed(step: Step, event: EngineEventOf<'start_failed'>): void {
  if (step.state.phase.type === 'starting') endRun(step, { status: 'failed', error: event.error });
}

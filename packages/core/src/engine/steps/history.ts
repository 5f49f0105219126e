import type { EngineEventOf } from '../engine-event.ts';
import type { Step } from '../step.ts';
import { saveAndSend } from './begin-iteration.ts';
import { endRun, reasonOf } from './end-run.ts';

/** Saves the conversation before this run, and sends the create that replays it. */
export function onHistoryLoaded(step: Step, { items }: EngineEventOf<'history_loaded'>): void {
  const { phase } = step.state;
  if (phase.type !== 'creating' || phase.stage !== 'loading') return;
  step.set({ history: 'saved' });
  step.save({ type: 'history', items });
  saveAndSend(step, phase, true);
}

export function onHistoryFailed(step: Step, event: EngineEventOf<'history_failed'>): void {
  const { phase } = step.state;
  if (phase.type === 'creating' && phase.stage === 'loading')
    endRun(step, { status: 'failed', ...reasonOf(event) });
}

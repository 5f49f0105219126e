import type { Continuation, EngineEventOf } from '../engine-event.ts';
import type { Step } from '../step.ts';
import { threadFields } from '../view/thread-fields.ts';
import { beginIteration } from './begin-iteration.ts';

/** Saves the input as the run's first item. A run that ends before it starts saves it too, so that the store has it. */
export function saveInput(step: Step, continuation?: Continuation): void {
  const { phase, runId, status, createdAt } = step.state;
  if (phase.type !== 'starting') return;
  const threadId = step.state.threadId ?? continuation?.threadId ?? runId;
  step.set({ threadId });
  step.save({ type: 'input', input: phase.input, lead: continuation?.lead ?? [] });
  step.emit({ type: 'run.started', ...threadFields(step.state), input: phase.input, status, createdAt });
}

export function onStarted(step: Step, event: EngineEventOf<'started'>): void {
  if (step.state.phase.type !== 'starting') return;
  const { continuation, context } = event;
  if (context !== undefined) step.set({ context });
  saveInput(step, continuation);
  if (continuation !== undefined) {
    const { previousResponseId, stored, hasHistory } = continuation;
    if (hasHistory) step.set({ history: 'elsewhere' });
    // Without a completed response there is nothing to chain to. The request begins with the unanswered input (`lead`).
    step.set({
      previousResponseId,
      stored,
      strategy: previousResponseId === null && !hasHistory ? 'first' : 'chain',
    });
  }
  beginIteration(step, 0);
}

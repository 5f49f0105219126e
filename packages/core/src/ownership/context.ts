import { stop } from './places.ts';
import type { Ownership } from './ownership.ts';
import type { OwnershipStep } from './ownership-step.ts';

/**
 * Whether the loop here may not receive messages, nor continue, without the context. A run that is cancelled does not
 * start tools, so it needs no context.
 */
export function needsContext({ asksContext, context, cancels, asks, run }: Ownership): boolean {
  if (!asksContext || context === 'given' || cancels || run.standing === 'cancelling') return false;
  return asks.every(({ type }) => type !== 'cancel');
}

/** Whether the loop must wait for the context now. A loop that waits for a person needs it when the person decides. */
export function awaitsContext(own: Ownership): boolean {
  if (!needsContext(own)) return false;
  const { started, run, context, stale, asks } = own;
  const isWaiting = started && run.standing === 'awaits_person' && context === 'none';
  return !isWaiting || stale.inbox || asks.some(({ type, sent }) => type === 'decide' && sent === 'no');
}

/** Asks the runner for the context. The inbox is read in the meantime. */
export function askContext(step: OwnershipStep): void {
  if (step.state.context !== 'none') return;
  const request = step.state.contexts + 1;
  step.set({ context: 'asked', contexts: request });
  step.perform({ type: 'ask_context', request });
}

export function onContextGiven(step: OwnershipStep, request: number): void {
  if (!isCurrent(step, request)) return;
  step.set({ context: 'given' });
  // Messages that arrived before were not sent to the loop.
  if (step.state.run.revision > 0) step.mark({ inbox: true });
}

/** Without the context, the run is not driven here. */
export function onContextFailed(step: OwnershipStep, request: number): void {
  if (!isCurrent(step, request)) return;
  step.set({ context: 'none' });
  if (needsContext(step.state)) stop(step, 'failed');
}

function isCurrent({ state }: OwnershipStep, request: number): boolean {
  return state.context === 'asked' && state.contexts === request;
}

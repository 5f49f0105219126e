import { end, follow, isWaiting, stop } from './places.ts';
import type { RunFacts } from './ownership.ts';
import type { OwnershipStep } from './ownership-step.ts';

interface Facts {
  readonly run: RunFacts;
  readonly answered: readonly number[];
}

/** The loop here has finished a step with these facts. */
export function onFacts(step: OwnershipStep, { run, answered }: Facts): void {
  const { place } = step.state;
  if (place !== 'driving' && place !== 'starting') return;
  if (run.commitId !== step.state.run.commitId) step.set({ isUnstored: false });
  // Without claims, this process drives the run while it waits. The rights of the owner may change in the meantime.
  const begins = run.standing === 'awaits_person' && step.state.run.standing !== 'awaits_person';
  if (begins && !step.state.shared) step.set({ context: 'none' });
  step.set({ run });
  for (const ask of answered) if (step.has(ask)) step.answer(ask);
  if (run.standing === 'over') return end(step);
  // The loop processes its queued events before the claim is released.
  if (isWaiting(run)) step.mark({ loop: true });
}

/**
 * The loop has stopped before the run ended: a save failed, or the engine stopped it, for example without credentials.
 */
export function onHalted(step: OwnershipStep): void {
  if (step.state.place !== 'stopped') stop(step, 'halted');
}

/** The claim was lost. Another process may hold it, and then sends the run's requests. */
export function onClaimLost(step: OwnershipStep): void {
  const { place, leaving, claimReason, queue } = step.state;
  step.set({ claimed: false });
  if (queue === 'worker' && !leaving && place !== 'stopped' && place !== 'parked') return stop(step, 'lost');
  if (place === 'following' && claimReason !== 'no') step.mark({ claim: true });
  if (place !== 'driving') return;
  step.perform({ type: 'stop_loop' });
  if (leaving) return;
  step.set({ call: null });
  follow(step);
  // Unsaved events of the loop are discarded. If a decision was saved, its id prevents a second effect.
  for (const { id, sent } of step.state.asks) if (sent === 'to_loop') step.setSent(id, 'no');
}

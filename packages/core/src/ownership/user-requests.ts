import { feed, isUnbegun, noteDriver, requestClaim, stop } from './places.ts';
import type { OwnershipEventOf, StoreHint } from './ownership-event.ts';
import type { OwnershipStep } from './ownership-step.ts';

const noFlags = { manual: false, replaces: false, permits: false, adopts: false };

/** The user resumes the run, decides about a call, or cancels. */
export function onAsk(
  step: OwnershipStep,
  event: OwnershipEventOf<'resume' | 'follow' | 'decide' | 'cancel'>,
): void {
  const { place, started, leaving, asks, mayDrive, call, queue } = step.state;
  const { ask: id, type } = event;
  const { manual, replaces, permits, adopts } = type === 'resume' ? event : noFlags;
  step.set({
    asks: [...asks, { id, type, sent: 'no', manual, replaces, permits, adopts, afterDetach: leaving }],
  });
  // A cancel does not wait: a new run that is cancelled immediately sends nothing.
  const mayFeed = queue !== 'front' && call?.type !== 'park';
  const isRunning = isUnbegun(step.state) || (place === 'driving' && started && mayFeed);
  if (type === 'cancel' && isRunning && !leaving) return feed(step, id);
  if (place === 'driving' && (type === 'decide' || permits)) step.mark({ loop: true });
  if (type === 'resume' && !mayDrive) {
    step.set({ mayDrive: true });
    if (place === 'following') requestClaim(step, manual);
  }
  // A decision is for the run's current state, not for the state that this process read last.
  if (type === 'decide' || type === 'cancel') lookAgain(step);
}

export function onAskSettled(step: OwnershipStep, ask: number): void {
  if (step.state.call?.ask === ask) step.set({ call: null });
  step.forget(ask);
}

/** Driving ends here. The process waits only for the loop, because a store may never answer. */
export function onDetach(step: OwnershipStep): void {
  const { place, started, leaving } = step.state;
  if (place === 'stopped' || place === 'parked' || leaving) return;
  if (place !== 'driving' || !started) return stop(step, 'detached');
  step.set({ leaving: true });
  step.call('drain');
}

/**
 * A follower asks for unsaved events. A run that rests here publishes them too, because it may be driven here again.
 */
export function onHello(step: OwnershipStep): void {
  const { place } = step.state;
  if (place !== 'driving' && place !== 'resting') return;
  step.set({ listened: true });
  step.perform({ type: 'publish_live' });
}

export function onHint(step: OwnershipStep, hint: StoreHint): void {
  switch (step.state.place) {
    case 'driving':
      // Only this process saves while it drives, so only a message is new to it.
      if (hint === 'posted' || hint === 'asked') step.mark({ inbox: true });
      return;
    case 'resting':
      return lookAgain(step);
    case 'following':
      if (hint === 'saved') step.mark({ store: true });
      // The claim of a process that has just saved is not free.
      if (hint === 'released' || hint === 'asked') lookAgain(step);
      return;
    case 'starting':
    case 'parked':
    case 'stopped':
      return;
  }
}

/** A query of the store has returned its result. Data that has changed is read again, as after a notice. */
export function onLooked(
  step: OwnershipStep,
  { revision, commitId, claimed, posted, halted = false }: OwnershipEventOf<'looked'>,
): void {
  const { place, run, mayDrive } = step.state;
  const isSaved = commitId === undefined ? revision !== run.revision : commitId !== run.commitId;
  const isNews = isSaved || halted !== (run.halted === true);
  if (place === 'driving') step.mark({ inbox: step.state.stale.inbox || posted });
  if (place === 'resting' && (posted || isNews)) lookAgain(step);
  if (place === 'following' && !claimed && mayDrive) lookAgain(step);
  if (place === 'following' && !mayDrive) noteDriver(step, claimed);
  if (place === 'following' && isNews) step.mark({ store: true });
}

/** Marks all data that other processes may have changed as stale. */
function lookAgain(step: OwnershipStep): void {
  const { place } = step.state;
  if (place === 'resting') step.mark({ inbox: true, store: true });
  if (place === 'following') step.mark({ claim: step.state.mayDrive, store: true });
}

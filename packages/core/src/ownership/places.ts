import type { OwnershipCommand } from './ownership-command.ts';
import { noContext, nothingStale, type Ask, type Ownership, type RunFacts } from './ownership.ts';
import type { OwnershipStep } from './ownership-step.ts';

type StopReason = Extract<OwnershipCommand, { readonly type: 'stop' }>['why'];

/** Sends a decision or a cancel to the loop here. */
export function feed(step: OwnershipStep, ask: number): void {
  step.setSent(ask, 'to_loop');
  if (step.state.asks.some(({ id, type }) => id === ask && type === 'cancel')) step.set({ cancels: true });
  step.mark({ loop: true });
  step.perform({ type: 'feed', ask });
}

/** Resets the data that belongs to the current place. */
function leave(step: OwnershipStep): void {
  step.release();
  step.set({
    place: 'stopped',
    started: false,
    shown: false,
    call: null,
    stale: nothingStale,
    claimReason: 'no',
    leaving: false,
    listened: false,
    ...noContext,
  });
}

/** The run has ended. */
export function end(step: OwnershipStep): void {
  leave(step);
  step.perform({ type: 'end' });
  for (const { id } of step.state.asks) step.answer(id);
}

/** Driving, or following, ends before the run. */
export function stop(step: OwnershipStep, why: StopReason): void {
  const { leaving, asks } = step.state;
  leave(step);
  step.perform({ type: 'stop', why });
  // A request that was made after `detach` drives the run again. A resume that permits the create for which driving has
  // just stopped drives it again too.
  const drivesAgain = ({ permits, sent, afterDetach }: Ask): boolean =>
    leaving ? afterDetach : permits && sent === 'no' && why === 'halted';
  for (const ask of asks) {
    if (drivesAgain(ask)) continue;
    step.forget(ask.id);
    step.perform({ type: 'answer', ask: ask.id, stopped: true });
  }
  step.set({ asks: step.state.asks.map((ask) => ({ ...ask, afterDetach: false })) });
}

/** Whether nothing happens in the run until a person decides, or until a time that is far away. */
export function isWaiting({ standing }: RunFacts): boolean {
  return standing === 'awaits_person' || standing === 'awaits_timer';
}

/** The queue has the run, and the job of this process is completed. */
export function parked(step: OwnershipStep): void {
  stop(step, 'parked');
  step.set({ place: 'parked' });
}

/** A run of a queue is saved. The workers drive it, and this process shows it. */
export function handOver(step: OwnershipStep): void {
  step.perform({ type: 'stop_loop' });
  step.set({ mayDrive: false });
  follow(step);
}

/** No process drives a run that waits for a person. The process that receives the decision drives it again. */
export function rest(step: OwnershipStep): void {
  // The rights of the owner may change in the meantime.
  step.set({ place: 'resting', claimReason: 'no', shown: true, ...noContext });
  step.release();
  // A message that was posted before the release may have found no process that reads it.
  step.set({ stale: { ...nothingStale, inbox: true, store: true } });
}

/** The claim was lost or refused. Shows the saves of the process that holds it. */
export function follow(step: OwnershipStep): void {
  step.perform({ type: 'follow' });
  step.set({ place: 'following', started: false, shown: false, claimed: false, listened: false });
  step.set({
    elsewhere: true,
    ...noContext,
    claimReason: 'no',
    stale: { ...nothingStale, store: true },
  });
}

/** The user resumes a run that this process follows. */
export function requestClaim(step: OwnershipStep, manual: boolean): void {
  step.set({ claimReason: manual ? 'manual' : 'asked' });
  step.mark({ claim: true });
}

/** Shows whether another process drives a run that this process follows. */
export function noteDriver(step: OwnershipStep, claimed: boolean): void {
  const { shown, elsewhere } = step.state;
  if (claimed === elsewhere) return;
  step.set({ elsewhere: claimed });
  if (shown) step.perform({ type: 'show_driver', driver: claimed ? 'elsewhere' : 'none' });
}

/** Whether a request is a message for the run's loop. */
function isMessage(type: Ask['type']): boolean {
  return type === 'decide' || type === 'cancel';
}

/** A new run whose loop has not received its first event. */
export function isUnbegun({ place, isNew, started, run }: Ownership): boolean {
  return isNew && run.revision === 0 && (place === 'starting' || (place === 'driving' && !started));
}

/** The claim is held, and the store has been read. `saved` is null if the store does not have the run. */
export function enter(step: OwnershipStep, saved: RunFacts | null): void {
  const { place, run, started, claimReason, isUnstored } = step.state;
  // A run that was stored was deleted. An import would execute its tools a second time.
  if (saved === null && !isUnstored) return stop(step, 'not_found');
  if (saved !== null && saved.standing !== 'over') {
    const isAsked = claimReason === 'asked' || claimReason === 'manual';
    const isOurs = place === 'resting' && started && saved.commitId === run.commitId;
    if (isOurs && !isAsked) return driveOn(step);
    const decides = step.state.asks.some(({ type, sent }) => isMessage(type) && sent === 'no');
    if (claimReason === 'free' && saved.standing === 'awaits_person' && !decides) {
      step.set({ place: 'resting', run: saved, started: false, shown: true, claimReason: 'check_inbox' });
      step.perform({ type: 'show_resting' });
      // The inbox is read before the release. Otherwise two processes that find the claim free would take it from each
      // other in turns, and neither would read the message.
      return;
    }
  }
  step.perform({ type: saved === null ? 'import' : 'open' });
  step.set({ place: 'driving', run: saved ?? run, started: false, shown: true, listened: false });
  step.set({ stale: { ...nothingStale, inbox: true } });
  if (step.state.run.standing === 'over') return end(step);
}

/** Continues the loop that rested here. No process has saved the run since. */
function driveOn(step: OwnershipStep): void {
  step.set({ place: 'driving', claimReason: 'no' });
  step.set({ stale: { ...nothingStale, inbox: true } });
  step.perform({ type: 'show_driver', driver: 'here' });
}

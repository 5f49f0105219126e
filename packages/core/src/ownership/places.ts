import type { OwnershipCommand } from './ownership-command.ts';
import { nothingStale, type RunFacts } from './ownership.ts';
import type { Turn } from './turn.ts';

type StopReason = Extract<OwnershipCommand, { readonly type: 'stop' }>['why'];

/** Sends a decision or a cancel to the loop here. */
export function feed(turn: Turn, ask: number): void {
  turn.setSent(ask, 'fed');
  turn.mark({ loop: true });
  turn.perform({ type: 'feed', ask });
}

/** Resets the data that belongs to the current place. */
function leave(turn: Turn): void {
  turn.release();
  turn.set({
    place: 'stopped',
    started: false,
    shown: false,
    call: null,
    stale: nothingStale,
    taking: 'no',
    leaving: false,
    listened: false,
  });
}

/** The run has ended. */
export function end(turn: Turn): void {
  leave(turn);
  turn.perform({ type: 'end' });
  for (const { id } of turn.state.asks) turn.answer(id);
}

/** Driving, or following, ends before the run. */
export function stop(turn: Turn, why: StopReason): void {
  leave(turn);
  turn.perform({ type: 'stop', why });
  // A resume that permits the create for which driving has just stopped drives the run again.
  const resumes = turn.state.asks.filter(({ permits, sent }) => permits && sent === 'no' && why === 'halted');
  for (const ask of turn.state.asks) if (!resumes.includes(ask)) turn.answer(ask.id);
}

/** No process drives a run that waits for a person. The process that receives the decision drives it again. */
export function rest(turn: Turn): void {
  turn.set({ place: 'resting', taking: 'no', shown: true });
  turn.release();
  // A message that was posted before the release may have found no process that reads it.
  turn.set({ stale: { ...nothingStale, inbox: true, store: true } });
}

/** The claim was lost or refused. Shows the saves of the process that holds it. */
export function follow(turn: Turn): void {
  turn.set({ place: 'following', started: false, shown: false, taking: 'no', claimed: false });
  turn.set({ stale: { ...nothingStale, store: true } });
}

/** The claim is held, and the store has been read. `saved` is null if the store does not have the run. */
export function enter(turn: Turn, saved: RunFacts | null): void {
  const { place, run, started, taking } = turn.state;
  const isAsked = taking === 'asked' || taking === 'manually';
  if (saved === null && !isAsked) return stop(turn, 'not_found');
  if (saved !== null && saved.standing !== 'over') {
    const isOurs = place === 'resting' && started && saved.revision === run.revision;
    if (isOurs && !isAsked) return driveOn(turn);
    const decides = turn.state.asks.some(({ type, sent }) => type !== 'resume' && sent === 'no');
    if (taking === 'free' && saved.standing === 'awaits_person' && !decides) {
      turn.set({ place: 'resting', run: saved, started: false, shown: true, taking: 'if_posted' });
      turn.perform({ type: 'show_resting' });
      // The inbox is read before the release. Otherwise two processes that find the claim free would take it from each
      // other in turns, and none would read the message.
      return;
    }
  }
  turn.perform({ type: saved === null ? 'import' : 'open' });
  turn.set({ place: 'driving', run: saved ?? run, started: false, shown: true, listened: false });
  turn.set({ stale: nothingStale });
  if (turn.state.run.standing === 'over') return end(turn);
}

/** Continues the loop that rested here. No process has saved the run since. */
function driveOn(turn: Turn): void {
  turn.set({ place: 'driving', taking: 'no' });
  turn.set({ stale: { ...nothingStale, inbox: true } });
  turn.perform({ type: 'show_driver', driver: 'here' });
}

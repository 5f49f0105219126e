import { feed, stop } from './places.ts';
import type { OwnershipEventOf, StoreHint } from './ownership-event.ts';
import type { Turn } from './turn.ts';

const noFlags = { manually: false, replaces: false, permits: false };

/** The user resumes the run, decides about a call, or cancels. */
export function onAsk(turn: Turn, event: OwnershipEventOf<'resume' | 'decide' | 'cancel'>): void {
  const { place, started, leaving, asks } = turn.state;
  const { ask: id, type } = event;
  const { manually, replaces, permits } = type === 'resume' ? event : noFlags;
  turn.set({ asks: [...asks, { id, type, sent: 'no', manually, replaces, permits }] });
  // A cancel does not wait: a new run that is cancelled immediately sends nothing.
  const isRunning = place === 'starting' || (place === 'driving' && started);
  if (type === 'cancel' && isRunning && !leaving) return feed(turn, id);
  if (place === 'driving' && (type === 'decide' || permits)) turn.mark({ loop: true });
  // A decision is for the run's current state, not for the state that this process read last.
  if (type !== 'resume') lookAgain(turn);
}

export function onAskSettled(turn: Turn, ask: number): void {
  if (turn.state.call?.ask === ask) turn.set({ call: null });
  turn.forget(ask);
}

/** Driving ends here. The process waits only for the loop, because a store may never answer. */
export function onDetach(turn: Turn): void {
  const { place, started, leaving } = turn.state;
  if (place === 'stopped' || leaving) return;
  if (place !== 'driving' || !started) return stop(turn, 'detached');
  turn.set({ leaving: true });
  turn.call('drain');
}

/**
 * A follower of a run that is driven or rests here. A resting run keeps its followers, because it may be driven again.
 */
export function onHello(turn: Turn): void {
  const { place } = turn.state;
  if (place !== 'driving' && place !== 'resting') return;
  turn.set({ listened: true });
  turn.perform({ type: 'publish_live' });
}

export function onHint(turn: Turn, hint: StoreHint): void {
  switch (turn.state.place) {
    case 'driving':
      // Only this process saves while it drives, so only a message is new to it.
      if (hint === 'posted' || hint === 'asked') turn.mark({ inbox: true });
      return;
    case 'resting':
      return lookAgain(turn);
    case 'following':
      if (hint === 'saved') turn.mark({ store: true });
      // The claim of a process that has just saved is not free.
      if (hint === 'released' || hint === 'asked') lookAgain(turn);
      return;
    case 'starting':
    case 'stopped':
      return;
  }
}

/** The same for a query of the store. */
export function onLooked(turn: Turn, { revision, claimed, posted }: OwnershipEventOf<'looked'>): void {
  const { place, run } = turn.state;
  const isNews = revision !== run.revision;
  if (place === 'driving') turn.mark({ inbox: turn.state.stale.inbox || posted });
  if (place === 'resting' && (posted || isNews)) lookAgain(turn);
  if (place === 'following' && !claimed) lookAgain(turn);
  if (place === 'following' && isNews) turn.mark({ store: true });
}

/** Marks all data that other processes may have changed as stale. */
function lookAgain(turn: Turn): void {
  const { place } = turn.state;
  if (place === 'resting') turn.mark({ inbox: true, store: true });
  if (place === 'following') turn.mark({ claim: true, store: true });
}

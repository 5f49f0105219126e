import { end, follow, stop } from './places.ts';
import type { RunFacts } from './ownership.ts';
import type { Turn } from './turn.ts';

interface Facts {
  readonly run: RunFacts;
  readonly answered: readonly number[];
}

/** The loop here has finished a step with these facts. */
export function onFacts(turn: Turn, { run, answered }: Facts): void {
  const { place } = turn.state;
  if (place !== 'driving' && place !== 'starting') return;
  turn.set({ run });
  for (const ask of answered) if (turn.has(ask)) turn.answer(ask);
  if (run.standing === 'over') return end(turn);
  // The loop processes its queued events before the claim is released.
  if (run.standing === 'awaits_person') turn.mark({ loop: true });
}

/** The loop has stopped before the run ended: a save was refused, or a limit needs the user. */
export function onHalted(turn: Turn): void {
  if (turn.state.place !== 'stopped') stop(turn, 'halted');
}

/** Another process holds the claim, and sends the run's requests from now on. */
export function onClaimLost(turn: Turn): void {
  const { place, leaving, taking } = turn.state;
  turn.set({ claimed: false });
  if (place === 'following' && taking !== 'no') turn.mark({ claim: true });
  if (place !== 'driving') return;
  turn.perform({ type: 'stop_loop' });
  if (leaving) return;
  turn.set({ call: null });
  follow(turn);
  // Unsaved events of the loop are discarded. If a decision was saved, its id prevents a second effect.
  for (const { id, sent } of turn.state.asks) if (sent === 'fed') turn.setSent(id, 'no');
}

import { feed, rest } from './places.ts';
import type { Ask } from './ownership.ts';
import type { Turn } from './turn.ts';

/**
 * Issues the commands that are due, up to the next call. At most one call is pending, so that each call sees the
 * results of the one before.
 */
export function proceed(turn: Turn): void {
  while (turn.state.call === null && advance(turn));
}

/** @returns whether more may be due */
function advance(turn: Turn): boolean {
  switch (turn.state.place) {
    case 'starting':
      turn.call('claim');
      return false;
    case 'driving':
      return drive(turn);
    case 'resting':
      return stayAtRest(turn);
    case 'following':
      return watch(turn);
    case 'stopped':
      return reopen(turn);
  }
}

function drive(turn: Turn): boolean {
  const { started, stale, run, shared, asks } = turn.state;
  // The loop may stop soon. That is the run's result, not the failure of a resume.
  if (started)
    for (const { id, type, sent, permits } of asks)
      if (type === 'resume' && (sent === 'fed' || !permits)) turn.answer(id);
  if (stale.loop && started) {
    // A run that will be cancelled starts nothing before the cancel.
    const cancel = asks.find(({ type, sent }) => type === 'cancel' && sent === 'no');
    if (cancel !== undefined) {
      feed(turn, cancel.id);
      return true;
    }
    turn.mark({ loop: false });
    turn.call('flush');
    return false;
  }
  if (stale.inbox || !started) {
    receive(turn);
    return false;
  }
  answerResumes(turn);
  const ask = turn.unsent();
  if (ask !== undefined) feed(turn, ask.id);
  else if (shared && run.standing === 'awaits_person') {
    turn.perform({ type: 'show_driver', driver: 'none' });
    rest(turn);
  } else return false;
  return true;
}

function stayAtRest(turn: Turn): boolean {
  const { claimed, stale, taking } = turn.state;
  if (claimed && taking === 'if_posted') receive(turn);
  else if (claimed) turn.call('load');
  else if (stale.inbox) receive(turn);
  else if (stale.store) load(turn);
  else {
    const ask = turn.unsent();
    if (ask?.type === 'resume') return resumeAtRest(turn, ask);
    if (ask !== undefined && taking === 'no') turn.set({ taking: 'message' });
    if (turn.state.taking !== 'no') turn.call('claim');
    else answerResumes(turn);
  }
  return false;
}

/** A run that rests is in no need of a driver, unless another agent or context is to judge its calls. */
function resumeAtRest(turn: Turn, { id, manually, replaces }: Ask): boolean {
  if (!replaces) turn.answer(id);
  else {
    turn.setSent(id, 'fed');
    turn.set({ taking: manually ? 'manually' : 'asked' });
  }
  return true;
}

function watch(turn: Turn): boolean {
  const { claimed, shown, stale, taking } = turn.state;
  if (claimed) load(turn);
  else if (stale.claim && !(shown && stale.store)) {
    turn.mark({ claim: false });
    if (taking === 'no') turn.set({ taking: 'free' });
    turn.call('claim');
  } else if (stale.store) load(turn);
  else {
    const ask = turn.unsent();
    if (ask?.permits) {
      turn.setSent(ask.id, 'fed');
      turn.set({ taking: 'manually' });
      turn.mark({ claim: true });
      return true;
    }
    answerResumes(turn);
    const message = turn.unsent();
    if (message !== undefined) turn.call('post', message.id);
  }
  return false;
}

/** A request of the user reopens a stopped run, which is then driven or followed. */
function reopen(turn: Turn): boolean {
  const { asks, isNew, run } = turn.state;
  const [ask] = asks;
  if (ask === undefined) return false;
  // A start that was never saved cannot be resumed, because a stored run with this id is a different run.
  if (run.standing === 'over' || (isNew && run.revision === 0)) turn.answer(ask.id);
  else {
    if (ask.type === 'resume') turn.setSent(ask.id, 'fed');
    turn.perform({ type: 'reopen' });
    turn.set({ place: 'following', taking: ask.manually ? 'manually' : 'asked' });
    turn.mark({ claim: true });
  }
  return true;
}

function answerResumes(turn: Turn): void {
  for (const { id, type } of turn.state.asks) if (type === 'resume') turn.answer(id);
}

function receive(turn: Turn): void {
  turn.mark({ inbox: false });
  turn.call('receive');
}

function load(turn: Turn): void {
  turn.mark({ store: false });
  turn.call('load');
}

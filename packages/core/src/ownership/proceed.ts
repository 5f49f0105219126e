import { askContext, awaitsContext } from './context.ts';
import { feed, handOver, isUnbegun, isWaiting, requestClaim, rest } from './places.ts';
import type { Ask } from './ownership.ts';
import type { OwnershipStep } from './ownership-step.ts';

/**
 * Issues the commands that are due, up to the next call. At most one call is pending, so that each call sees the
 * results of the one before.
 */
export function proceed(step: OwnershipStep): void {
  while (step.state.call === null && advance(step));
}

/** @returns whether additional commands may be due */
function advance(step: OwnershipStep): boolean {
  switch (step.state.place) {
    case 'starting':
      return begin(step);
    case 'driving':
      return drive(step);
    case 'resting':
      return stayAtRest(step);
    case 'following':
      return watch(step);
    case 'parked':
    case 'stopped':
      return reopen(step);
  }
}

/** A run of a queue needs no claim to be saved: the save fails if the store has a run with this id. */
function begin(step: OwnershipStep): boolean {
  const isFront = step.state.queue === 'front';
  if (isFront) step.set({ place: 'driving', shown: true });
  else step.call('claim');
  return isFront;
}

function drive(step: OwnershipStep): boolean {
  const { started, stale, run, shared, asks, queue } = step.state;
  // The view shows the run.
  for (const { id, type } of asks) if (type === 'follow') step.answer(id);
  if (awaitsContext(step.state)) {
    askContext(step);
    // A cancel in the inbox needs no context.
    if (stale.inbox) receive(step);
    return false;
  }
  if (isUnbegun(step.state)) {
    step.set({ started: true });
    step.perform({ type: 'begin' });
    return true;
  }
  if (queue === 'front') {
    if (run.revision > 0) handOver(step);
    return run.revision > 0;
  }
  // The loop may stop soon. That is the run's result, not the failure of a resume.
  if (started)
    for (const { id, type, sent, permits } of asks)
      if (type === 'resume' && (sent === 'to_loop' || !permits)) step.answer(id);
  if (stale.loop && started) {
    // A run that will be cancelled starts nothing before the cancel.
    const cancel = asks.find(({ type, sent }) => type === 'cancel' && sent === 'no');
    if (cancel !== undefined) {
      feed(step, cancel.id);
      return true;
    }
    step.mark({ loop: false });
    step.call('flush');
    return false;
  }
  if (stale.inbox || !started) {
    receive(step);
    return false;
  }
  answerResumes(step);
  const ask = step.unsent();
  if (ask !== undefined) feed(step, ask.id);
  else if (queue === 'worker' && isWaiting(run)) {
    step.perform({ type: 'stop_loop' });
    step.call('park');
    return false;
  } else if (shared && run.standing === 'awaits_person') {
    step.perform({ type: 'show_driver', driver: 'none' });
    rest(step);
  } else return false;
  return true;
}

function stayAtRest(step: OwnershipStep): boolean {
  const { claimed, stale, claimReason } = step.state;
  if (claimed && claimReason === 'check_inbox') receive(step);
  else if (claimed) step.call('load');
  else if (stale.inbox) receive(step);
  else if (stale.store) load(step);
  else {
    const ask = step.unsent();
    if (ask?.type === 'resume') return resumeAtRest(step, ask);
    if (ask?.type === 'follow') {
      step.answer(ask.id);
      return true;
    }
    if (ask !== undefined && claimReason === 'no') step.set({ claimReason: 'message' });
    if (step.state.claimReason !== 'no') step.call('claim');
    else answerResumes(step);
  }
  return false;
}

/** A resting run needs no driver, unless the resume brings another agent or context. */
function resumeAtRest(step: OwnershipStep, { id, manual, replaces }: Ask): boolean {
  if (!replaces) step.answer(id);
  else {
    step.setSent(id, 'to_loop');
    step.set({ claimReason: manual ? 'manual' : 'asked' });
  }
  return true;
}

function watch(step: OwnershipStep): boolean {
  const { claimed, shown, stale, claimReason, mayDrive } = step.state;
  if (claimed) load(step);
  else if (mayDrive && stale.claim && !(shown && stale.store)) {
    step.mark({ claim: false });
    if (claimReason === 'no') step.set({ claimReason: 'free' });
    step.call('claim');
  } else if (stale.store) load(step);
  else {
    const ask = step.unsent();
    if (ask?.permits) {
      step.setSent(ask.id, 'to_loop');
      step.set({ claimReason: 'manual' });
      step.mark({ claim: true });
      return true;
    }
    answerResumes(step);
    const message = step.unsent();
    if (message !== undefined) step.call('post', message.id);
  }
  return false;
}

/** A request of the user reopens a stopped run, which is then driven or followed. */
function reopen(step: OwnershipStep): boolean {
  const { asks, isNew, run } = step.state;
  const [ask] = asks;
  if (ask === undefined) return false;
  // A start that was never saved cannot be resumed, because a stored run with this id is a different run.
  if (run.standing === 'over' || (isNew && run.revision === 0)) step.answer(ask.id);
  else {
    if (ask.type === 'resume') step.setSent(ask.id, 'to_loop');
    step.perform({ type: 'reopen' });
    step.perform({ type: 'follow' });
    step.set({ place: 'following', elsewhere: true });
    if (step.state.mayDrive) requestClaim(step, ask.manual);
    else step.mark({ store: true });
  }
  return true;
}

function answerResumes(step: OwnershipStep): void {
  for (const { id, type } of step.state.asks) if (type === 'resume' || type === 'follow') step.answer(id);
}

function receive(step: OwnershipStep): void {
  step.mark({ inbox: false });
  step.call('receive');
}

function load(step: OwnershipStep): void {
  step.mark({ store: false });
  step.call('load');
}

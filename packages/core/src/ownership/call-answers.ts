import { needsContext } from './context.ts';
import { end, enter, follow, noteDriver, parked, requestClaim, rest, stop } from './places.ts';
import { onFacts } from './loop-reports.ts';
import type { OwnershipEventOf } from './ownership-event.ts';
import { noContext, nothingStale, type RunFacts } from './ownership.ts';
import type { OwnershipStep } from './ownership-step.ts';

type Answer = OwnershipEventOf<
  'claim_answered' | 'loaded' | 'received' | 'posted' | 'flushed' | 'drained' | 'paused' | 'park_answered'
>;

/** A call was answered. */
export function onCallAnswered(step: OwnershipStep, answer: Answer): void {
  const { call } = step.state;
  if (call?.id !== answer.call) return onLateAnswer(step, answer);
  step.set({ call: null });
  switch (answer.type) {
    case 'claim_answered':
      return answer.granted ? onGranted(step) : onRefused(step);
    case 'loaded':
      if (answer.run !== null) answerAll(step, answer.answered);
      if (answer.claimed !== undefined && !step.state.mayDrive) noteDriver(step, answer.claimed);
      return onLoaded(step, answer.run);
    case 'received':
      return onReceived(step, answer);
    case 'posted':
      if (call.ask !== undefined) step.setSent(call.ask, 'to_inbox');
      return;
    case 'flushed':
      for (const { id, sent, type } of step.state.asks)
        if (sent === 'to_loop' && type !== 'resume') step.answer(id);
      onFacts(step, answer);
      // All events have been processed.
      return step.mark({ loop: false });
    case 'drained':
      step.set({ run: answer.run });
      // The loop's events were not shown while the loop was stopping.
      if (answer.run.standing === 'over') step.perform({ type: 'show_end' });
      return answer.run.standing === 'over' ? end(step) : stop(step, 'detached');
    case 'paused':
      return answer.late ? stop(step, 'conflict') : askAgain(step);
    case 'park_answered':
      return onParkAnswered(step, answer.result);
  }
}

function onParkAnswered(step: OwnershipStep, result: OwnershipEventOf<'park_answered'>['result']): void {
  switch (result) {
    case 'parked':
      return parked(step);
    case 'lost':
      return stop(step, 'lost');
    case 'has_messages':
      return reload(step);
  }
}

/** The loop has stopped. Another one continues from the last save, and receives the messages. */
function reload(step: OwnershipStep): void {
  step.perform({ type: 'follow' });
  step.set({ place: 'following', started: false, shown: false, listened: false, ...noContext });
  step.set({ stale: { ...nothingStale, store: true } });
}

/** A process that imports a run requests the claim again. For a start, `proceed` requests it. */
function askAgain(step: OwnershipStep): void {
  const { place, asks } = step.state;
  if (place === 'following')
    requestClaim(
      step,
      asks.some(({ manual }) => manual),
    );
}

/** Releases a claim that is granted after the wait for it has ended, unless the process uses a newer one by now. */
function onLateAnswer(step: OwnershipStep, answer: Answer): void {
  const { claimed, call } = step.state;
  if (answer.type !== 'claim_answered' || !answer.granted) return;
  if (!claimed && call?.type !== 'claim') step.perform({ type: 'release' });
}

function answerAll(step: OwnershipStep, answered: readonly number[]): void {
  for (const ask of answered) if (step.has(ask)) step.answer(ask);
}

function onGranted(step: OwnershipStep): void {
  step.set({ claimed: true });
  if (step.state.place === 'starting') step.set({ place: 'driving', shown: true });
}

function onRefused(step: OwnershipStep): void {
  const { place, shown, asks, queue } = step.state;
  if (queue === 'worker') return stop(step, 'lost');
  // A process that died before its first save may hold the claim.
  if (place === 'starting') return step.call('load');
  if (place === 'resting' || !shown) follow(step);
  noteDriver(step, true);
  // The process that has the claim drives the run. This process takes it over only if its user has resumed the run.
  const resumes = asks.filter(({ type }) => type === 'resume');
  if (resumes.length > 0 && resumes.every(({ adopts }) => adopts)) step.set({ mayDrive: false });
  // The process that needs the permission has stopped, but may not have released the claim yet.
  const isPermitted = asks.some(({ permits }) => permits);
  step.set({ claimReason: isPermitted ? 'manual' : 'no' });
}

function onLoaded(step: OwnershipStep, saved: RunFacts | null): void {
  const { place, claimed, run, shown, isUnstored } = step.state;
  if (place === 'starting') return saved === null ? step.call('pause') : stop(step, 'conflict');
  // The run was deleted, and another run has its id. A decision about the deleted run must not reach the other run.
  if (saved !== null && saved.createdAt !== run.createdAt) return stop(step, 'not_found');
  if (saved !== null) step.set({ isUnstored: false });
  if (claimed) return enter(step, saved);
  // The process that holds the claim may not have saved its import yet, or may have died before.
  if (saved === null) return isUnstored ? step.call('pause') : stop(step, 'not_found');
  const isNews = saved.commitId !== run.commitId || saved.halted !== run.halted;
  if (place === 'resting') {
    if (isNews) onNewsWhileResting(step, saved);
    return;
  }
  if (shown && !isNews) return;
  step.perform({
    type: 'show_saved',
    driver: step.state.elsewhere ? 'elsewhere' : 'none',
  });
  step.set({ run: saved, shown: true });
  // Another process has continued the run, so the permission is no longer needed.
  if (isNews && !step.state.stale.claim) step.set({ claimReason: 'no' });
  if (saved.standing === 'over') return end(step);
  // Another process drives now, and has not received a hello from this follower.
  if (!shown || saved.epoch > run.epoch) step.perform({ type: 'hello' });
}

/** Another process has continued the run, and may have stopped since. */
function onNewsWhileResting(step: OwnershipStep, saved: RunFacts): void {
  if (saved.standing === 'open' || saved.standing === 'cancelling')
    return step.set({ claimReason: step.state.claimReason === 'no' ? 'free' : step.state.claimReason });
  step.perform({ type: 'show_resting' });
  step.set({ run: saved, started: false });
  if (saved.standing === 'over') end(step);
}

function onReceived(step: OwnershipStep, { count, cancels }: OwnershipEventOf<'received'>): void {
  const { place, started, claimReason } = step.state;
  if (place === 'resting') {
    if (count > 0 && (claimReason === 'no' || claimReason === 'check_inbox'))
      step.set({ claimReason: 'message' });
    else if (claimReason === 'check_inbox') rest(step);
    return;
  }
  if (cancels) step.set({ cancels });
  // The messages are read again when the context was provided.
  if (needsContext(step.state)) return;
  if (!started) {
    step.perform({ type: 'resume', manual: claimReason === 'manual' });
    step.set({ started: true, claimReason: 'no' });
  }
  if (count > 0) step.perform({ type: 'feed_received' });
  if (count > 0 || !started) step.mark({ loop: true });
}

/**
 * The store has failed. A process that has not begun to drive, or has not shown the run yet, stops. A process that
 * rests or follows reads the store again at the next hint.
 */
export function onCallFailed(step: OwnershipStep, { call: id }: OwnershipEventOf<'failed'>): void {
  const { call, place, shown, started } = step.state;
  if (call?.id !== id) return;
  step.set({ call: null });
  // The store may have granted an earlier request for the claim. See `onLateAnswer`.
  if (call.type === 'claim') step.perform({ type: 'release' });
  if (place === 'starting' || (place === 'following' && !shown)) return stop(step, 'failed');
  if (place === 'driving') return started && call.type !== 'park' ? undefined : stop(step, 'failed');
  if (call.type === 'post' && call.ask !== undefined) return step.refuse(call.ask);
  step.release();
  step.set({ claimReason: 'no' });
  step.set({ stale: nothingStale });
  for (const { id: ask, sent, type } of step.state.asks)
    if (sent === 'no' || type === 'resume') step.refuse(ask);
}

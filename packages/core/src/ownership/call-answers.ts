import { end, enter, follow, rest, stop } from './places.ts';
import { onFacts } from './loop-reports.ts';
import type { OwnershipEventOf } from './ownership-event.ts';
import { nothingStale, type RunFacts } from './ownership.ts';
import type { Turn } from './turn.ts';

type Answer = OwnershipEventOf<
  'claim_answered' | 'loaded' | 'received' | 'posted' | 'flushed' | 'drained' | 'paused'
>;

/** A call was answered. */
export function onCallAnswered(turn: Turn, answer: Answer): void {
  const { call } = turn.state;
  if (call?.id !== answer.call) return onLateAnswer(turn, answer);
  turn.set({ call: null });
  switch (answer.type) {
    case 'claim_answered':
      return answer.granted ? onGranted(turn) : onRefused(turn);
    case 'loaded':
      if (answer.run !== null) answerAll(turn, answer.answered);
      return onLoaded(turn, answer.run);
    case 'received':
      return onReceived(turn, answer.count);
    case 'posted':
      if (call.ask !== undefined) turn.setSent(call.ask, 'posted');
      return;
    case 'flushed':
      for (const { id, sent, type } of turn.state.asks)
        if (sent === 'fed' && type !== 'resume') turn.answer(id);
      onFacts(turn, answer);
      // All events have been processed.
      return turn.mark({ loop: false });
    case 'drained':
      turn.set({ run: answer.run });
      // Its events were not shown while the loop was stopping.
      if (answer.run.standing === 'over') turn.perform({ type: 'show_end' });
      return answer.run.standing === 'over' ? end(turn) : stop(turn, 'detached');
    case 'paused':
      if (answer.late) stop(turn, 'conflict');
      return;
  }
}

/** Releases a claim that is granted after the wait for it has ended, unless the process uses a newer one by now. */
function onLateAnswer(turn: Turn, answer: Answer): void {
  const { claimed, call } = turn.state;
  if (answer.type !== 'claim_answered' || !answer.granted) return;
  if (!claimed && call?.type !== 'claim') turn.perform({ type: 'release' });
}

function answerAll(turn: Turn, answered: readonly number[]): void {
  for (const ask of answered) if (turn.has(ask)) turn.answer(ask);
}

function onGranted(turn: Turn): void {
  turn.set({ claimed: true });
  if (turn.state.place !== 'starting') return;
  turn.set({ place: 'driving', started: true, shown: true });
  turn.perform({ type: 'begin' });
}

function onRefused(turn: Turn): void {
  const { place, shown } = turn.state;
  // A process that died before its first save may hold the claim.
  if (place === 'starting') return turn.call('load');
  if (place === 'resting' || !shown) follow(turn);
  turn.set({ taking: 'no' });
}

function onLoaded(turn: Turn, saved: RunFacts | null): void {
  const { place, claimed, run, shown } = turn.state;
  if (place === 'starting') return saved === null ? turn.call('pause') : stop(turn, 'conflict');
  if (claimed) return enter(turn, saved);
  if (saved === null) return place === 'following' ? stop(turn, 'not_found') : undefined;
  const isNewer = saved.revision > run.revision;
  if (place === 'resting') {
    if (isNewer) onNewerWhileResting(turn, saved);
    return;
  }
  if (shown && !isNewer) return;
  turn.perform({ type: 'show_saved' });
  turn.set({ run: saved, shown: true });
  if (saved.standing === 'over') return end(turn);
  // Another process drives now, and does not have this follower yet.
  if (!shown || saved.epoch > run.epoch) turn.perform({ type: 'hello' });
}

/** Another process has continued the run, and may have stopped since. */
function onNewerWhileResting(turn: Turn, saved: RunFacts): void {
  if (saved.standing === 'open')
    return turn.set({ taking: turn.state.taking === 'no' ? 'free' : turn.state.taking });
  turn.perform({ type: 'show_resting' });
  turn.set({ run: saved, started: false });
  if (saved.standing === 'over') end(turn);
}

function onReceived(turn: Turn, count: number): void {
  const { place, started, taking } = turn.state;
  if (place === 'resting') {
    if (count > 0 && (taking === 'no' || taking === 'if_posted')) turn.set({ taking: 'message' });
    else if (taking === 'if_posted') rest(turn);
    return;
  }
  if (!started) {
    turn.perform({ type: 'resume', manually: taking === 'manually' });
    turn.set({ started: true, taking: 'no' });
  }
  if (count > 0) turn.perform({ type: 'feed_received' });
  if (count > 0 || !started) turn.mark({ loop: true });
}

/**
 * The store has failed. A place that is not shown yet is left. Any other place reads the store again at the next hint.
 */
export function onCallFailed(turn: Turn, { call: id }: OwnershipEventOf<'failed'>): void {
  const { call, place, shown, started } = turn.state;
  if (call?.id !== id) return;
  turn.set({ call: null });
  // The store may have granted an earlier request for the claim. See `onLateAnswer`.
  if (call.type === 'claim') turn.perform({ type: 'release' });
  if (place === 'starting' || (place === 'following' && !shown)) return stop(turn, 'failed');
  if (place === 'driving') return started ? undefined : stop(turn, 'failed');
  if (call.type === 'post' && call.ask !== undefined) return turn.refuse(call.ask);
  turn.release();
  turn.set({ taking: 'no' });
  turn.set({ stale: nothingStale });
  for (const { id: ask, sent, type } of turn.state.asks)
    if (sent === 'no' || type === 'resume') turn.refuse(ask);
}

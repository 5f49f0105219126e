import { isActive, isRunning, type ModelProcess } from './model-process.ts';
import { ProcessTurn, type Next } from './process-turn.ts';

/** @returns the invariant that one process breaks, regardless of the store and the other processes */
export function wrongWithin(process: ModelProcess, next: Next): string | undefined {
  const { own } = process;
  // A front only saves the start of a run.
  if (isRunning(process) && !own.claimed && own.queue !== 'front') return 'O1: a loop runs without a claim';
  if (own.place === 'parked' && (!process.loop.stopped || process.loop.commit !== null))
    return 'Q3: the loop of a parked run continues';
  if (own.claimed && own.place !== 'driving' && own.call === null)
    return 'O2: a process that does not drive holds the claim';
  const isInLoop = own.asks.some(
    ({ type, sent }) => (type === 'decide' || type === 'cancel') && sent === 'to_loop',
  );
  if (isInLoop && (own.place === 'following' || own.place === 'resting'))
    return 'O5: the loop of a request no longer exists, and the process does not send the request again';
  if (!own.mayDrive && (own.claimed || own.claimReason !== 'no' || own.call?.type === 'claim'))
    return 'O10: a process that only shows the run requests the claim';
  return wrongView(process) ?? wrongLive(process) ?? wrongDetach(process, next);
}

/** O8: only the driver publishes events, and only a follower receives them. */
function wrongLive({ own, live }: ModelProcess): string | undefined {
  if (live === 'published' && own.place === 'following') return 'O8: a follower publishes its events';
  if (live === 'received' && own.place === 'driving')
    return 'O8: a driver receives the events of another process';
  return undefined;
}

function wrongView({ own, view }: ModelProcess): string | undefined {
  const { place, shown, elsewhere } = own;
  const follows = elsewhere ? 'elsewhere' : 'none';
  const isNamed =
    (place === 'following' && (!shown || view === follows)) ||
    ((place === 'starting' || place === 'driving') && view === 'here') ||
    ((place === 'resting' || place === 'stopped' || place === 'parked') && view === 'none');
  return isNamed ? undefined : `O11: a process that is ${place} shows the run as driven ${view}`;
}

/** O7: `detach` waits only for the loop. */
function wrongDetach(process: ModelProcess, next: Next): string | undefined {
  if (!isActive(process)) return undefined;
  const wrong = 'O7: `detach` does not end without an answer of the store';
  try {
    const detached = process.own.leaving
      ? process
      : new ProcessTurn(process, next).take({ type: 'event', event: { type: 'detach' } });
    if (detached.own.place === 'stopped') return undefined;
    if (detached.own.call?.type !== 'drain') return wrong;
    const { asks } = detached.own;
    // A request that was made after the detach drives the run again.
    const withoutLater = {
      ...detached,
      own: { ...detached.own, asks: asks.filter((ask) => !ask.afterDetach) },
    };
    const drained = new ProcessTurn(withoutLater, next).take({ type: 'drained' });
    return drained.own.place === 'stopped' ? undefined : wrong;
  } catch (error) {
    return `${wrong}: ${String(error)}`;
  }
}

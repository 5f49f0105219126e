import { monotonicNow, type Clock } from '../clock/clock.ts';

/**
 * A clock with the time of the database (Q5): the last time that the database has told, plus the monotonic time since.
 * Until it has told one, the time of the machine.
 */
export interface DatabaseClock extends Clock {
  /** The database has told its time. `sentAt`: when it was asked, by the machine's monotonic clock. */
  told(now: number, sentAt: number): void;
  /** Milliseconds by the machine's clock that does not jump. */
  monotonic(): number;
}

/** By how much two clocks are assumed to drift apart, in milliseconds per millisecond. */
const drift = 0.001;

export function databaseClock(machine: Clock): DatabaseClock {
  let offset: number | undefined;
  /** How wrong `offset` may have been when it was told, and when that was. */
  let errorMs = Number.POSITIVE_INFINITY;
  let toldAt = 0;
  return {
    now: () => (offset === undefined ? machine.now() : offset + monotonicNow(machine)),
    monotonic: () => monotonicNow(machine),
    sleep: (ms, signal, options) => machine.sleep(ms, signal, options),
    told: (now, sentAt) => {
      if (!Number.isFinite(now)) return;
      // The database read its clock between the question and the answer.
      const answeredAt = monotonicNow(machine);
      const newErrorMs = (answeredAt - sentAt) / 2;
      // A late answer, as from a network that was interrupted, says less than what is known already.
      if (newErrorMs > errorMs + (answeredAt - toldAt) * drift) return;
      offset = now - (sentAt + answeredAt) / 2;
      errorMs = newErrorMs;
      toldAt = answeredAt;
    },
  };
}

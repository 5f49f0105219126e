import { monotonicNow, type Clock } from '../clock/clock.ts';

/**
 * A clock with the time of the database (Q5): the last time that was read from the database, plus the monotonic time
 * since. Before the first, the time of the machine.
 */
export interface DatabaseClock extends Clock {
  /** The database has answered with its time. `sentAt`: when it was asked, by the machine's monotonic clock. */
  answered(now: number, sentAt: number): void;
  /** Milliseconds by the machine's clock that does not jump. */
  monotonic(): number;
}

/** The assumed drift of two clocks, in milliseconds per millisecond. */
const drift = 0.001;

export function databaseClock(machine: Clock): DatabaseClock {
  let offset: number | undefined;
  /** The largest possible error of `offset` when it was read, and the time of that. */
  let errorMs = Number.POSITIVE_INFINITY;
  let readAt = 0;
  return {
    now: () => (offset === undefined ? machine.now() : offset + monotonicNow(machine)),
    monotonic: () => monotonicNow(machine),
    sleep: (ms, signal, options) => machine.sleep(ms, signal, options),
    answered: (now, sentAt) => {
      if (!Number.isFinite(now)) return;
      // The database read its clock between the question and the answer.
      const answeredAt = monotonicNow(machine);
      const newErrorMs = (answeredAt - sentAt) / 2;
      // A late answer, as from a network that was interrupted, says less than what is known already.
      if (newErrorMs > errorMs + (answeredAt - readAt) * drift) return;
      offset = now - (sentAt + answeredAt) / 2;
      errorMs = newErrorMs;
      readAt = answeredAt;
    },
  };
}

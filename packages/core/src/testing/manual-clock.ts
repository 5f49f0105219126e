import type { Clock } from '../clock/clock.ts';
import { mustBe, mustBeOptions } from '../errors/must-be.ts';

/** A clock that changes only when a test calls `advance` or `jump`. */
export interface ManualClock extends Clock {
  /**
   * Advances time by `ms`. Due sleeps fire one at a time in the order of their time; at equal times, the one that began
   * first fires first. Before the next sleep fires, the woken code runs until it is idle; sleeps that it begins within
   * the span fire too. Resolves when the program is idle at the new time.
   */
  advance(ms: number): Promise<void>;
  /** Milliseconds since the start. Only `advance` changes it. */
  monotonic(): number;
  /**
   * Sets wall time forward, or back by a negative `ms`, without changing `monotonic` or waking sleeps. Simulates that
   * the machine sleeps or that its clock is set. Code that waits in a sleep notices the change only after an `advance`.
   *
   * @example
   * clock.jump(2 * 3_600_000);
   * await clock.advance(5_000);
   */
  jump(ms: number): void;
  /** The number of pending sleeps. */
  readonly pending: number;
  /** When the next sleep is due, in milliseconds since the epoch; undefined if none is pending. */
  readonly nextAt: number | undefined;
}

export interface ManualClockOptions {
  /**
   * Real milliseconds without a new sleep after which the program counts as idle. For promises and streams, 0 is
   * enough. Work outside the event loop (sockets, files, WebCrypto) needs more, because the clock cannot observe it.
   *
   * @default 0
   */
  readonly patienceMs?: number;
}

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/**
 * Event loop turns without a new sleep after which the program counts as idle. A body that passes through two streams
 * needs several.
 */
const quietTurns = 6;
/** Maximum number of turns, so that two parts of a program that keep waking each other do not hang the test. */
const mostTurns = 1000;

// Saved when the module loads, so that fake timers installed later do not stop this clock.
const { setTimeout: startTimer, MessageChannel: Channel } = globalThis;
const immediate: unknown = Reflect.get(globalThis, 'setImmediate');

/** Waits one turn of the event loop, so that pending promise chains and ready stream reads have run. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof immediate === 'function') {
      immediate(resolve);
    } else if (typeof Channel === 'function') {
      // Browsers delay nested timers by at least 4 ms, but not messages.
      const channel = new Channel();
      channel.port1.onmessage = () => {
        channel.port1.close();
        resolve();
      };
      channel.port2.postMessage(null);
    } else {
      startTimer(resolve, 0);
    }
  });
}

/**
 * A clock that tests advance. Pass the same clock to the runner and to the emulator.
 *
 * @param startAt Milliseconds since the epoch. @default 0
 * @param options.patienceMs Only for programs that use sockets, files or WebCrypto. @default 0
 * @throws ConfigurationError if a parameter is invalid
 * @example
 * const clock = manualClock();
 * const emulator = createEmulator({ script: [{ text: 'Hi', queuedMs: 60_000 }], clock });
 * const run = createRunner({ client: fetchClient({ baseURL: 'http://openai.test/v1', fetch: emulator.fetch }), clock }).start(agent, 'Hello');
 * await clock.advance(120_000);
 * expect(run.view.status).toBe('completed');
 */
export function manualClock(startAt: number = 0, options: ManualClockOptions = {}): ManualClock {
  mustBe(Number.isFinite(startAt), 'manualClock', 'startAt', 'a number of milliseconds');
  mustBeOptions(options, 'manualClock', { patienceMs: 'amount' });
  const { patienceMs = 0 } = options;
  let now = startAt;
  /** The sum of all jumps, in milliseconds: wall time minus the time that sleeps and durations use. */
  let jumped = 0;
  let activity = 0;
  const sleepers: Sleeper[] = [];

  async function quietTurnsPass(): Promise<void> {
    let seen = activity;
    for (let calm = 0, turns = 0; calm < quietTurns && turns < mostTurns; turns += 1) {
      await turn();
      calm = seen === activity ? calm + 1 : 0;
      seen = activity;
    }
  }

  async function quiet(): Promise<void> {
    await quietTurnsPass();
    if (patienceMs <= 0) return;
    for (let seen = -1, rounds = 0; seen !== activity && rounds < mostTurns; rounds += 1) {
      seen = activity;
      await new Promise<void>((resolve) => startTimer(resolve, patienceMs));
    }
  }

  function insert(sleeper: Sleeper): void {
    activity += 1;
    let low = 0;
    let high = sleepers.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = sleepers[middle];
      if (other !== undefined && other.at <= sleeper.at) low = middle + 1;
      else high = middle;
    }
    sleepers.splice(low, 0, sleeper);
  }

  return {
    now: () => now + jumped,
    monotonic: () => now - startAt,
    jump: (ms) => {
      jumped += ms;
    },
    sleep: (ms, signal) => {
      if (!(ms > 0) || signal?.aborted === true) return Promise.resolve();
      return new Promise<void>((resolve) => {
        const abort = (): void => {
          const index = sleepers.indexOf(sleeper);
          if (index !== -1) sleepers.splice(index, 1);
          sleeper.wake();
        };
        const sleeper: Sleeper = {
          at: now + ms,
          wake: () => {
            activity += 1;
            signal?.removeEventListener('abort', abort);
            resolve();
          },
        };
        signal?.addEventListener('abort', abort);
        insert(sleeper);
      });
    },
    advance: async (ms) => {
      const until = now + ms;
      await quiet();
      for (let next = sleepers[0]; next !== undefined && next.at <= until; next = sleepers[0]) {
        sleepers.shift();
        now = next.at;
        next.wake();
        await quiet();
      }
      now = until;
    },
    get pending() {
      return sleepers.length;
    },
    get nextAt() {
      const at = sleepers[0]?.at;
      return at === undefined ? undefined : at + jumped;
    },
  };
}

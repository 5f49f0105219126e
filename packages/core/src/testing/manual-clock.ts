import type { Clock } from '../clock/clock.ts';

/** A clock that stands still until a test moves it. */
export interface ManualClock extends Clock {
  /**
   * Moves time on by `ms`. Sleeps that fall due fire one at a time, in the order of their time (equal times: in the
   * order in which they began), and what each wakes runs to quiescence before the next: sleeps that it begins
   * within the span fire too. Resolves when nothing more happens at the new time.
   */
  advance(ms: number): Promise<void>;
  /** Milliseconds since the start by a clock that does not jump: moved by `advance` alone. */
  monotonic(): number;
  /**
   * Sets wall time forward, or back by a negative `ms`, while `monotonic` and the sleeps stand still: the machine sleeps,
   * or its clock is set. What that changes is noticed with the next `advance`.
   *
   * @example
   * clock.jump(2 * 3_600_000);
   * await clock.advance(5_000);
   */
  jump(ms: number): void;
  /** Sleeps that wait at this moment: 0 means that only something other than time can move the program on. */
  readonly pending: number;
  /** When the next sleep falls due, in milliseconds since the epoch; undefined when none waits. */
  readonly nextAt: number | undefined;
}

export interface ManualClockOptions {
  /**
   * Real milliseconds that must pass without a new sleep before the program counts as quiet. Promises and streams
   * need none; work that is done outside the event loop (sockets, files, WebCrypto) does, as nobody can see it coming.
   *
   * @default 0
   */
  readonly patienceMs?: number;
}

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** Turns without any new sleep before the program counts as quiet: a body read through two streams needs a handful. */
const quietTurns = 6;
/** Two parts of a program that wake each other without time passing must not hang the test. */
const mostTurns = 1000;

// Taken when the module loads, so that fake timers installed later do not stop the clock itself.
const { setTimeout: startTimer, MessageChannel: Channel } = globalThis;
const immediate: unknown = Reflect.get(globalThis, 'setImmediate');

/** One turn of the event loop: promise chains and stream reads that are ready have run when it resolves. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof immediate === 'function') {
      immediate(resolve);
    } else if (typeof Channel === 'function') {
      // In browsers: timers are held back to 4 ms when nested, messages are not.
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
 * A clock moved by hand, for tests of whatever waits: give the same one to the runner and to the emulator.
 *
 * @param startAt Milliseconds since the epoch. @default 0
 * @param options.patienceMs Only for programs that use sockets, files or WebCrypto. @default 0
 * @example
 * const clock = manualClock();
 * const emulator = createEmulator({ script: [{ text: 'Hi', queuedMs: 60_000 }], clock });
 * const run = createRunner({ client: fetchClient({ baseURL: 'http://openai.test/v1', fetch: emulator.fetch }), clock }).start(agent, 'Hello');
 * await clock.advance(120_000);
 * expect(run.view.status).toBe('completed');
 */
export function manualClock(startAt: number = 0, options: ManualClockOptions = {}): ManualClock {
  const { patienceMs = 0 } = options;
  let now = startAt;
  /** Wall time minus what sleeps and durations are measured by. */
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

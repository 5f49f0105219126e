import type { Clock } from './clock.ts';
import { repeat } from './repeat.ts';

/** How often both clocks are compared, in milliseconds. */
const compareEveryMs = 5_000;
/**
 * Wall time counts as jumped if its lead has grown by more than this many milliseconds since the last comparison: the
 * machine slept, or its clock was set forward.
 */
const jumpMs = 30_000;

/**
 * The runner's time line. It advances with monotonic time and reports when wall time jumps ahead of it, for example
 * because the machine slept. On Linux and macOS `performance.now()` does not advance while the machine sleeps, and
 * timers may not either. The emulator's `serverClock` measures the same lead in order to add it, because a server does
 * not sleep.
 */
export class SteadyTime {
  readonly #clock: Clock;
  #now = 0;
  #read: number;
  /** Wall time minus the time line, and wall time, as of the last comparison. */
  #ahead: number;
  #compared: number;
  /** The largest lead of wall time so far. */
  #most = Number.NEGATIVE_INFINITY;
  readonly #listeners = new Set<(gapMs: number) => void>();
  #stop: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#read = this.#source();
    this.#compared = clock.now();
    this.#ahead = this.#compared;
  }

  #source(): number {
    return this.#clock.monotonic?.() ?? this.#clock.now();
  }

  /** Milliseconds since this time line began. */
  now(): number {
    const source = this.#source();
    const passed = source - this.#read;
    this.#read = source;
    // Without a clock that does not jump, more time than can pass between two comparisons counts as a jump, and so does
    // negative time.
    const most = this.#clock.monotonic === undefined ? compareEveryMs + jumpMs : Number.POSITIVE_INFINITY;
    if (passed > 0) this.#now += Math.min(passed, most);
    return this.#now;
  }

  /** Called when a sleep until `time` has resolved, so that the sleep counts as over, regardless of the clock. */
  reached(time: number): void {
    if (this.now() < time) this.#now = time;
  }

  /**
   * Calls `listener` with the milliseconds that wall time has jumped ahead, within five seconds after the machine
   * wakes.
   *
   * @returns a function that removes the listener
   */
  onJump(listener: (gapMs: number) => void): () => void {
    this.#listeners.add(listener);
    if (this.#stop === undefined) {
      this.#compared = this.#clock.now();
      this.#ahead = this.#compared - this.now();
      this.#stop = repeat(this.#clock, compareEveryMs, () => this.compare());
    }
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#stop?.();
      this.#stop = undefined;
    };
  }

  /**
   * Compares both clocks now, so that a jump is detected before the first effect after it. Otherwise work that begins
   * after the jump would seem as old as the jump. Does nothing while no listener is registered.
   */
  compare(): void {
    if (this.#stop === undefined) return;
    const wall = this.#clock.now();
    const ahead = wall - this.now();
    const gapMs = ahead - this.#ahead;
    // Without a clock that does not jump, only the pause between two comparisons is known to have passed.
    const jumped =
      this.#clock.monotonic === undefined ? wall - this.#compared - compareEveryMs > jumpMs : gapMs > jumpMs;
    // Setting a clock back, or correcting it later, does not show how much time has passed.
    this.#most = Math.max(this.#most, this.#ahead);
    this.#ahead = ahead;
    this.#compared = wall;
    if (jumped) for (const listener of [...this.#listeners]) listener(Math.max(0, ahead - this.#most));
  }
}

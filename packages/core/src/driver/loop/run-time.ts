import type { Clock } from '../../clock/clock.ts';
import { abortReason } from '../../clock/abort-reason.ts';
import type { SteadyTime } from '../../clock/steady-time.ts';
import { timeOut } from '../../clock/time-out.ts';

export interface RunTimeListener {
  /** The time that was asked for is reached. */
  rang(): void;
  /** Wall time has jumped ahead by so many milliseconds, while the run is watched. */
  slept(gapMs: number): void;
}

/**
 * A run's own time line, which continues where its last save left it, on the time line of its runner; and its one
 * timer.
 */
export class RunTime {
  readonly #clock: Clock;
  readonly #time: SteadyTime;
  readonly #began: number;
  readonly #listener: RunTimeListener;
  #reached = Number.NEGATIVE_INFINITY;
  #timer: AbortController | undefined;
  #ignore: (() => void) | undefined;

  constructor(clock: Clock, time: SteadyTime, startAt: number, listener: RunTimeListener) {
    this.#clock = clock;
    this.#time = time;
    this.#began = startAt - time.now();
    this.#listener = listener;
  }

  now(): number {
    return Math.max(this.#reached, this.#began + this.#time.now());
  }

  /**
   * Sets the timer, and replaces the one before; null for none. `timesOut`: the timer limits the wait for an answer.
   */
  async wakeAt(until: number | null, timesOut: boolean): Promise<void> {
    this.#timer?.abort(abortReason);
    this.#timer = undefined;
    if (until === null) return;
    const timer = new AbortController();
    this.#timer = timer;
    const ms = Math.max(0, until - this.now());
    // A postponed request needs no second timer as a time-out does. In a hidden page, each additional timer may take a
    // minute.
    await (timesOut ? timeOut(this.#clock, ms, timer.signal) : this.#clock.sleep(ms, timer.signal));
    if (timer.signal.aborted) return;
    this.#timer = undefined;
    // A sleep that has resolved is over, even if the clock reads a fraction less.
    this.#time.reached(until - this.#began);
    this.#reached = Math.max(this.#reached, until);
    this.#listener.rang();
  }

  /** Notices a jump that no comparison has seen yet. */
  compare(): void {
    if (this.#ignore !== undefined) this.#time.compare();
  }

  /** Only a run that waits for something must notice that the machine has slept. */
  watch(waits: boolean): void {
    if (waits) {
      this.#ignore ??= this.#time.onJump((gapMs) => this.#listener.slept(gapMs));
    } else {
      this.#ignore?.();
      this.#ignore = undefined;
    }
  }

  stop(): void {
    this.#timer?.abort(abortReason);
    this.watch(false);
  }
}

import type { Clock } from '../../clock/clock.ts';
import { abortReason } from '../../clock/abort-reason.ts';
import type { SteadyTime } from '../../clock/steady-time.ts';
import { timeOut } from '../../clock/time-out.ts';

export interface RunTimeListener {
  /** The timer has fired. */
  timerFired(): void;
  /** Wall time has jumped ahead. `gapMs`: the part of the jump that was not reported before. */
  slept(gapMs: number): void;
}

/** A run's own time line, and its timer. The time line continues at the run's last save. */
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
   * Sets the timer, which replaces the earlier one. Null removes the timer. `timesOut`: the timer is a time limit.
   */
  async wakeAt(until: number | null, timesOut: boolean): Promise<void> {
    this.#timer?.abort(abortReason);
    this.#timer = undefined;
    if (until === null) return;
    const timer = new AbortController();
    this.#timer = timer;
    const ms = Math.max(0, until - this.now());
    // Only a time limit needs the second timer of `timeOut`. In a hidden page, each timer may fire a minute late.
    await (timesOut ? timeOut(this.#clock, ms, timer.signal) : this.#clock.sleep(ms, timer.signal));
    if (timer.signal.aborted) return;
    this.#timer = undefined;
    // The time is reached when the sleep resolves, even if the clock reads a fraction less.
    this.#time.reached(until - this.#began);
    this.#reached = Math.max(this.#reached, until);
    this.#listener.timerFired();
  }

  /** Compares the clocks now, to report a jump that was not detected yet. */
  compare(): void {
    if (this.#ignore !== undefined) this.#time.compare();
  }

  /** Starts or stops reporting jumps. Only a run that waits for something needs the reports. */
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

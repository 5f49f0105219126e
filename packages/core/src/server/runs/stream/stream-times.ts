import { abortReason } from '../../../clock/abort-reason.ts';
import { monotonicNow, type Clock } from '../../../clock/clock.ts';
import { heartbeat } from './frame.ts';
import type { PageStream } from './page-stream.ts';

/** Sends heartbeats to all streams and closes the old ones, with one timer for all of them. */
export class StreamTimes {
  readonly #clock: Clock;
  readonly #heartbeatMs: number;
  readonly #streamMs: number;
  /** The time at which each stream is closed. The oldest stream is first. */
  readonly #closesAt = new Map<PageStream, number>();
  #sleep: AbortController | undefined;

  constructor(clock: Clock, limits: { readonly heartbeatMs: number; readonly streamMs: number }) {
    this.#clock = clock;
    this.#heartbeatMs = limits.heartbeatMs;
    this.#streamMs = limits.streamMs;
  }

  add(page: PageStream): void {
    // The client learns that the stream is open, even if there is no event for minutes.
    page.send(heartbeat);
    this.#closesAt.set(page, monotonicNow(this.#clock) + this.#streamMs);
    page.onEnd(() => {
      this.#closesAt.delete(page);
      if (this.#closesAt.size > 0) return;
      this.#sleep?.abort(abortReason);
      this.#sleep = undefined;
    });
    if (this.#sleep !== undefined || this.#closesAt.size === 0) return;
    this.#sleep = new AbortController();
    void this.#run(this.#sleep.signal);
  }

  async #run(signal: AbortSignal): Promise<void> {
    let beatAt = monotonicNow(this.#clock) + this.#heartbeatMs;
    while (!signal.aborted) {
      const [closesAt = beatAt] = this.#closesAt.values();
      const dueAt = Math.min(beatAt, closesAt);
      await this.#clock.sleep(Math.max(0, dueAt - monotonicNow(this.#clock)), signal, { unref: true });
      if (signal.aborted) return;
      this.#closeUntil(dueAt);
      if (dueAt < beatAt) continue;
      beatAt = monotonicNow(this.#clock) + this.#heartbeatMs;
      for (const page of this.#closesAt.keys()) if (page.wants) page.send(heartbeat);
    }
  }

  #closeUntil(time: number): void {
    for (const [page, closesAt] of [...this.#closesAt]) {
      if (closesAt > time) return;
      page.close();
    }
  }
}

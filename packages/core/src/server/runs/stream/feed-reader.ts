import type { Frame, FrameForm } from './frame.ts';
import type { RunFeed } from './run-feed.ts';

/** The page that a reader sends to. */
export interface FrameSink {
  /** Whether the page reads fast enough to receive more. */
  readonly wants: boolean;
  send(bytes: Uint8Array): void;
}

/** The position of one page in the feed of one run. It does not store events, so a slow page does not need memory. */
export class FeedReader {
  readonly #feed: RunFeed;
  readonly #form: FrameForm;
  readonly #sink: FrameSink;
  /** The `seq` of the page's view. Only a newer view is sent. */
  readonly #after: number;
  /** The number of the next frame. Undefined if the page needs the whole view first. */
  #next: number | undefined;
  /** A change that the page may have missed, although its view has the number of the last event. */
  #missed: Frame | undefined;

  /** `after`: the `seq` of the last event that the page has received. */
  constructor(feed: RunFeed, form: FrameForm, sink: FrameSink, after: number | undefined) {
    this.#feed = feed;
    this.#form = form;
    this.#sink = sink;
    this.#after = after ?? -1;
    this.#next = after === undefined ? undefined : feed.frames.numberAfter(after);
    this.#missed = after === feed.seq ? feed.lossOfDriver : undefined;
  }

  /**
   * Sends the frames that the page has not received, as long as it wants more.
   *
   * @returns whether the page has received all of them
   */
  deliver(): boolean {
    const { frames } = this.#feed;
    if (this.#missed !== undefined) {
      if (!this.#sink.wants) return false;
      this.#sink.send(this.#missed.bytes(this.#form));
      this.#missed = undefined;
    }
    for (;;) {
      // Frames that the page needed are no longer kept. The view contains them.
      if (this.#next !== undefined && this.#next < frames.first) this.#next = undefined;
      const next = this.#next;
      const isAll = next === undefined ? this.#feed.seq <= this.#after : frames.at(next) === undefined;
      if (isAll) return true;
      // A page that reads slowly must not cause a whole view to be serialized that it never receives.
      if (!this.#sink.wants) return false;
      const frame = next === undefined ? this.#feed.whole : frames.at(next);
      if (frame === undefined) return true;
      this.#next = next === undefined ? frames.end : next + 1;
      this.#sink.send(frame.bytes(this.#form));
    }
  }
}

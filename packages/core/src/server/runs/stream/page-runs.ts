import type { OpenRun } from '../run-access.ts';
import { FeedReader } from './feed-reader.ts';
import type { FrameForm } from './frame.ts';
import type { PageStream } from './page-stream.ts';
import type { RunFeeds } from './run-feeds.ts';

/** Sends runs to one page, as fast as the page reads. */
export class PageRuns {
  readonly #page: PageStream;
  readonly #feeds: RunFeeds;
  readonly #form: FrameForm;
  readonly #report: (error: unknown) => void;
  /** Deliveries that wait until the page wants more. */
  readonly #delayed = new Set<() => void>();

  constructor(page: PageStream, feeds: RunFeeds, form: FrameForm, report: (error: unknown) => void) {
    this.#page = page;
    this.#feeds = feeds;
    this.#form = form;
    this.#report = report;
    page.onWanted(() => {
      // Called after each message that the page has read. A page that is fast enough has no delayed deliveries.
      if (this.#delayed.size === 0) return;
      for (const deliver of [...this.#delayed]) deliver();
    });
  }

  /**
   * Sends the frames of a run until the page leaves or the feed ends. The feed uses the run from then on.
   *
   * @param after The number of the last event that the page has received
   * @param ended Called after the last frame. `over`: the run has ended. `broken`: it is no longer followed here.
   */
  add(opened: OpenRun, after: number | undefined, ended: (state: 'over' | 'broken') => void): void {
    const page = this.#page;
    if (page.isClosed) return opened.release();
    const { feed, leave } = this.#feeds.join(opened, this.#report);
    const reader = new FeedReader(feed, this.#form, page, after);
    let hasLeft = false;
    const stop = (): void => {
      if (hasLeft) return;
      hasLeft = true;
      unsubscribe();
      this.#delayed.delete(deliver);
      leave();
    };
    const deliver = (): void => {
      if (hasLeft) return;
      if (!reader.deliver()) return void this.#delayed.add(deliver);
      this.#delayed.delete(deliver);
      if (feed.state === 'open') return;
      stop();
      ended(feed.state);
    };
    const unsubscribe = feed.subscribe(deliver);
    page.onEnd(stop);
    deliver();
  }

  /** Sends a notice when the page can receive it. It is sent once, even if it was requested several times until then. */
  createNotice(bytes: Uint8Array): () => void {
    const send = (): void => {
      if (!this.#page.wants) return void this.#delayed.add(send);
      this.#delayed.delete(send);
      this.#page.send(bytes);
    };
    return send;
  }
}

import { abortReason } from '../../../clock/abort-reason.ts';
import type { Clock } from '../../../clock/clock.ts';
import type { OpenRun } from '../run-access.ts';
import type { ShownRuns } from '../shown-runs.ts';
import { RunFeed } from './run-feed.ts';

/**
 * How long a feed without pages is kept, in milliseconds. A page that connects again within this time receives only the
 * events that it lacks.
 */
const keptMs = 60_000;
/**
 * The same for a run that has ended, since its end. A page whose connection broke connects again within seconds, and the
 * handle of a finished run must not stay in memory longer than that.
 */
const endedKeptMs = 10_000;

interface KeptFeed {
  readonly feed: RunFeed;
  /** Ends the use of the run. */
  readonly release: () => void;
  pages: number;
  /** Ends the wait for another page. */
  waiting: AbortController | undefined;
}

/** The feeds of the runs that pages of this process watch. */
export class RunFeeds {
  readonly #feeds = new Map<string, KeptFeed>();
  readonly #shown: ShownRuns;
  readonly #clock: Clock;

  constructor(shown: ShownRuns, clock: Clock) {
    this.#shown = shown;
    this.#clock = clock;
  }

  /**
   * Joins a page to the feed of a run. The feed uses the run from then on, and ends that use.
   *
   * @param report Receives the error if the feed cannot show the run
   * @returns the feed, and a function that the page calls once when it leaves
   */
  join(
    { run, release }: OpenRun,
    report: (error: unknown) => void,
  ): { readonly feed: RunFeed; readonly leave: () => void } {
    let kept = this.#feeds.get(run.id);
    if (kept?.feed.run === run && kept.feed.state !== 'broken') {
      release();
    } else {
      const feed = new RunFeed(run, this.#shown.redactionOf(run.view.agent), report);
      kept = { feed, release, pages: 0, waiting: undefined };
      this.#feeds.set(run.id, kept);
    }
    const joined = kept;
    joined.pages += 1;
    joined.waiting?.abort(abortReason);
    joined.waiting = undefined;
    return { feed: joined.feed, leave: () => this.#leave(joined) };
  }

  #leave(kept: KeptFeed): void {
    kept.pages -= 1;
    if (kept.pages > 0) return;
    const isCurrent = this.#feeds.get(kept.feed.run.id) === kept;
    if (isCurrent) this.#wait(kept);
    else this.#end(kept);
  }

  /** Waits for another page, for the time that the state of the feed allows. */
  #wait(kept: KeptFeed): void {
    const { feed } = kept;
    const { state, frames } = feed;
    // A run that had ended before it was opened here has no events that a page could lack.
    if (state === 'broken' || (state === 'over' && frames.end === 0)) return this.#end(kept);
    const waiting = new AbortController();
    kept.waiting = waiting;
    const unsubscribe = feed.subscribe(() => feed.state !== state && waiting.abort(abortReason));
    const ms = state === 'open' ? keptMs : endedKeptMs;
    void this.#clock.sleep(ms, waiting.signal, { unref: true }).then(() => {
      unsubscribe();
      if (kept.waiting !== waiting) return;
      if (feed.state === state) this.#end(kept);
      else this.#wait(kept);
    });
  }

  #end(kept: KeptFeed): void {
    const { id } = kept.feed.run;
    if (this.#feeds.get(id) === kept) this.#feeds.delete(id);
    kept.feed.end();
    kept.release();
  }
}

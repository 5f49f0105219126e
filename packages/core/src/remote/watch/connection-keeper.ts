import { abortReason } from '../../clock/abort-reason.ts';
import { Connection, type ConnectionHost } from './connection.ts';
import type { PageState } from './page-state.ts';
import type { WatchedRun } from './watched-run.ts';
import { readSummaries } from './summaries.ts';

/** The delay before a connection for other runs is opened, in milliseconds: a page often shows several new runs within a moment. */
const openAfterMs = 20;
/** The delay before the connection is closed after its last observer has left, in milliseconds. */
const closeAfterMs = 1_000;
/** The most runs of one connection. The server refuses more. */
const mostRuns = 100;
/** The time after which a hidden page closes its connection, in milliseconds. */
const hiddenForMs = 30_000;

export interface KeeperHost extends ConnectionHost {
  /** The runs that have observers. */
  readonly observedRuns: readonly WatchedRun[];
  /** Whether the page observes its list of runs. */
  readonly isListObserved: boolean;
}

/**
 * Keeps one connection for all observed runs of a page, while there are observers and the page is visible. For a hidden
 * page it reads summaries.
 */
export class ConnectionKeeper {
  readonly #host: KeeperHost;
  readonly #page: PageState;
  readonly #endWatch: () => void;
  #connection: Connection | undefined;
  /** Ends the queries of a hidden page. */
  #endSummaries: (() => void) | undefined;
  /** Ends the queries of the runs that the connection does not deliver. */
  #endRest: (() => void) | undefined;
  #settling = new AbortController();
  #hiding = new AbortController();
  #isClosed = false;

  constructor(host: KeeperHost, page: PageState) {
    this.#host = host;
    this.#page = page;
    this.#endWatch = page.watch(
      () => this.#pageChanged(),
      () => this.wake(),
    );
    this.#pageChanged();
  }

  /** The observers have changed, or a run has ended. */
  changed(): void {
    this.#settling.abort(abortReason);
    if (this.#isClosed || this.#endSummaries !== undefined) return;
    const delayMs = this.#isWanted ? openAfterMs : closeAfterMs;
    if (this.#isWanted === (this.#connection !== undefined) && this.#coversAll) return;
    const { signal } = (this.#settling = new AbortController());
    void this.#host.clock.sleep(delayMs, signal).then(() => signal.aborted || this.#settle());
  }

  get #isWanted(): boolean {
    return this.#host.isListObserved || this.#host.observedRuns.length > 0;
  }

  /** The runs that one connection can deliver: the latest ones. */
  get #delivered(): readonly WatchedRun[] {
    return this.#host.observedRuns.slice(-mostRuns);
  }

  get #coversAll(): boolean {
    return this.#delivered.every((run) => this.#connection?.covers(run) === true);
  }

  #settle(): void {
    if (this.#connection !== undefined && this.#isWanted && this.#coversAll) return;
    this.#disconnect();
    if (this.#isWanted) this.#connection = new Connection(this.#host, this.#delivered);
    if (this.#host.observedRuns.length > mostRuns)
      this.#endRest = this.#readSummaries(() => this.#host.observedRuns.slice(0, -mostRuns));
  }

  #disconnect(): void {
    this.#connection?.end();
    this.#connection = undefined;
    this.#endRest?.();
    this.#endRest = undefined;
  }

  #pageChanged(): void {
    this.#hiding.abort(abortReason);
    if (this.#page.isVisible) {
      this.#endSummaries?.();
      this.#endSummaries = undefined;
      this.wake();
      this.#settle();
      return;
    }
    const { signal } = (this.#hiding = new AbortController());
    void this.#host.clock
      .sleep(hiddenForMs, signal, { unref: true })
      .then(() => signal.aborted || this.#hide());
  }

  #hide(): void {
    this.#settling.abort(abortReason);
    this.#disconnect();
    this.#endSummaries ??= this.#readSummaries(() => this.#host.observedRuns);
  }

  #readSummaries(runs: () => readonly WatchedRun[]): () => void {
    return readSummaries(this.#host, runs, () => this.#isWanted);
  }

  /** The network or the page is back. */
  wake(): void {
    this.#connection?.wake();
    this.#host.server.wake();
  }

  close(): void {
    this.#isClosed = true;
    this.#endWatch();
    this.#settling.abort(abortReason);
    this.#hiding.abort(abortReason);
    this.#endSummaries?.();
    this.#disconnect();
  }
}

import type { Clock } from '../../clock/clock.ts';
import type { RunState } from '../../engine/run-state.ts';
import type { StoredItem } from '../../engine/stored-item.ts';
import { isTerminalRun, type RunDriver } from '../../engine/view/run-view.ts';
import { viewOf } from '../../engine/view/view-of.ts';
import type { FollowerChannel } from './follower-channel.ts';
import type { Publication } from './publication.ts';

interface Shown {
  readonly state: RunState;
  readonly items: readonly StoredItem[];
}

/** Shows which process drives a run, and the run as it was saved. */
export class RunDisplay {
  readonly #publication: Publication;
  readonly #followers: FollowerChannel;
  readonly #clock: Clock;

  constructor(publication: Publication, followers: FollowerChannel, clock: Clock) {
    this.#publication = publication;
    this.#followers = followers;
    this.#clock = clock;
  }

  /** Shows the saved run in a `view` event, which replaces all earlier events. Later events are numbered in `epoch`. */
  show({ state, items }: Shown, driver: RunDriver, epoch: number): void {
    this.#publication.reopen(epoch);
    // No process drives a run that has ended.
    const view = viewOf(state, items, isTerminalRun(state.status) ? 'none' : driver);
    this.#emit({ type: 'view', view });
  }

  /**
   * Shows a save of another process, unless the view is made of the live events of that process. A save that ends the
   * run is always shown.
   */
  showSaved(run: Shown): void {
    // The events of a save arrive after its notice. So at this time, only events of the previous save can be lost.
    this.#followers.recover();
    this.#showUnlessLive(run);
  }

  /** At a regular query of the store: shows the last save of another process if its live events were lost. */
  check(run: Shown): void {
    if (this.#followers.recover()) this.#showUnlessLive(run);
  }

  #showUnlessLive(run: Shown): void {
    const mustShow = this.#followers.saved(run.state);
    if (mustShow || isTerminalRun(run.state.status)) this.show(run, 'elsewhere', run.state.epoch);
  }

  showDriver(driver: RunDriver): void {
    this.#emit({ type: 'run.driver', driver });
    this.#followers.flush();
  }

  /** Ends the events of the run. */
  end(): void {
    this.#publication.end();
    this.#followers.flush();
  }

  #emit(body: Parameters<Publication['emit']>[0]): void {
    this.#publication.emit(body, this.#clock.now());
    this.#publication.notify();
  }
}

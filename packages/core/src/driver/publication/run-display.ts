import type { Clock } from '../../clock/clock.ts';
import { lastSeqOf } from '../../engine/event-number.ts';
import type { ShownState } from '../../engine/view/view-of.ts';
import type { StoredItem } from '../../engine/stored-item.ts';
import { isTerminalRun, type RunDriver } from '../../engine/view/run-view.ts';
import { loadedLoop } from '../load-loop.ts';
import type { ShowView } from '../show-view.ts';
import type { OwnershipCommand } from '../../ownership/ownership-command.ts';
import type { LateLive } from './late-live.ts';
import type { Publication } from './publication.ts';

type DisplayCommand = Extract<
  OwnershipCommand,
  {
    readonly type:
      | 'show_saved'
      | 'show_resting'
      | 'show_end'
      | 'show_driver'
      | 'follow'
      | 'hello'
      | 'publish_live';
  }
>;

interface Shown {
  readonly state: ShownState;
  readonly items: readonly StoredItem[];
}

/** Shows which process drives a run, and the run as it was saved. */
export class RunDisplay {
  readonly #publication: Publication;
  readonly #live: LateLive;
  readonly #clock: Clock;
  readonly #showView: ShowView;
  /** Whether this process numbers the events of the run: it drives the run, or was the last to drive it. */
  #numbers: boolean;

  constructor(publication: Publication, live: LateLive, clock: Clock, show: ShowView, isNew: boolean) {
    this.#showView = show;
    this.#publication = publication;
    this.#live = live;
    this.#clock = clock;
    this.#numbers = isNew;
  }

  /** Performs a command of the ownership machine. `run`: the loaded save, or the state of the loop here. */
  perform(command: DisplayCommand, run: Shown): void {
    switch (command.type) {
      case 'show_saved':
        return this.#showSaved(run, command.driver);
      case 'show_resting':
        this.#live.used?.follower.end();
        return this.#show(run, 'none');
      case 'show_end':
        return this.#show(run, 'none');
      case 'show_driver':
        return this.showDriver(command.driver);
      case 'follow':
        return this.#live.used?.end();
      case 'hello':
        return this.#hello(run);
      case 'publish_live':
        return this.#live.exchange?.publisher.publishView();
    }
  }

  /** Shows the saved run as driven here. After the first save, a `view` event replaces all earlier events. */
  open(run: Shown): void {
    const { state, items } = run;
    if (isTerminalRun(state.status)) return this.#show(run, 'none');
    this.#numbers = true;
    this.#publication.reopen();
    this.#publication.open(this.#showView(state, items, 'here'), lastSeqOf(state), state.epoch + 1);
    this.#publication.notify();
  }

  /** Shows a save. If another process drives the run, its live events are better than its saves. */
  #showSaved(run: Shown, driver: RunDriver): void {
    // The events of a save arrive after its notice. So at this time, only events of the previous save can be lost.
    this.#live.used?.follower.recover();
    this.#showUnlessLive(run, driver);
  }

  /** The answer is the events since the last save, so the view must contain this save. */
  #hello(run: Shown): void {
    this.#live.exchange?.follower.hello();
    this.#showUnlessLive(run, this.#publication.view.driver);
  }

  /** Shows the last save of another process if its live events were lost. */
  check(run: Shown): void {
    if (this.#live.used?.follower.recover() === true)
      this.#showUnlessLive(run, this.#publication.view.driver);
  }

  #showUnlessLive(run: Shown, driver: RunDriver): void {
    const { state } = run;
    const mustShow = this.#live.exchange?.follower.saved(state) ?? true;
    // No event says that a run is halted.
    const isHalted = state.halted !== undefined || this.#publication.view.halted !== undefined;
    if (mustShow || isHalted || isTerminalRun(state.status)) this.#show(run, driver);
    else this.#setDriver(driver);
  }

  /** Shows a save, by its own numbers. */
  #show({ state, items }: Shown, driver: RunDriver): void {
    this.#numbers = false;
    this.#publication.reopen();
    // No process drives a run that has ended.
    const view = this.#showView(state, items, isTerminalRun(state.status) ? 'none' : driver);
    this.#publication.showSaved(view, lastSeqOf(state));
    this.#publication.notify();
  }

  showDriver(driver: RunDriver): void {
    // Without the code of the loop, no event is applied to the view.
    const isNumbered = this.#numbers && !this.#publication.isOpening;
    if (!isNumbered || loadedLoop() === undefined) return this.#setDriver(driver);
    this.#publication.emit({ type: 'run.driver', driver }, this.#clock.now());
    this.#publication.notify();
    this.#live.used?.publisher.flush();
  }

  #setDriver(driver: RunDriver): void {
    this.#publication.setDriver(driver);
    this.#publication.notify();
  }

  /** Ends the events of the run. */
  end(): void {
    this.#publication.end();
    this.#live.used?.publisher.flush();
    this.#live.used?.follower.end();
  }
}

import type { LonghaulError } from '../../errors/longhaul-error.ts';
import type { RunSnapshot } from '../../store/run-store.ts';
import type { RunLoop } from '../loop/run-loop.ts';
import type { Publication } from '../publication/publication.ts';
import type { DriveOptions } from './drive-options.ts';
import { retryStore } from '../saved/retry-store.ts';
import { loopOf } from './loop-of.ts';
import type { OwnerSetup } from './owner-setup.ts';
import { RunContext } from './run-context.ts';

/** Receives the reports of the current loop. */
interface LoopListener {
  stepped(): void;
  halted(error: LonghaulError): void;
}

/** The loop of a run in this process. A new loop replaces it when the run is loaded again. */
export class CurrentLoop {
  readonly #setup: OwnerSetup;
  readonly #publication: Publication;
  readonly #listener: LoopListener;
  readonly context: RunContext;
  /** The options that were passed last. They are for the next loop. */
  nextOptions: DriveOptions;
  /** The options of this loop. */
  options: DriveOptions;
  loop: RunLoop;

  constructor(
    setup: OwnerSetup,
    publication: Publication,
    options: DriveOptions,
    run: RunSnapshot,
    listener: LoopListener,
  ) {
    this.#setup = setup;
    this.#publication = publication;
    this.#listener = listener;
    this.context = new RunContext(setup.ports, setup.context);
    this.nextOptions = options;
    this.options = options;
    this.loop = this.#newLoop(run, false);
  }

  /**
   * Replaces the loop by one that continues from a saved state. Unsaved state of the previous loop is discarded.
   * `importing`: the store does not have the run yet.
   */
  replace(run: RunSnapshot, importing: boolean): void {
    this.stop();
    this.loop = this.#newLoop(run, importing);
  }

  /** Continues the loop from its save. `manual`: see `ResumeOptions`. */
  resume(manual: boolean): void {
    const { queue } = this.#setup;
    const watched = queue?.role === 'worker' ? queue.isWatched(this.loop.state.runId) : undefined;
    this.loop.resume(this.options.policy, manual, watched);
  }

  stop(): void {
    this.loop.stop();
    this.#publication.endHold();
  }

  #newLoop(run: RunSnapshot, importing: boolean): RunLoop {
    // Reports of a loop that was replaced are ignored.
    const { queue, ports } = this.#setup;
    const { runId } = run.head;
    const owner = {
      context: this.context,
      earlierItems: () => {
        if (queue?.role !== 'worker') return Promise.resolve([]);
        return retryStore(ports, () => queue.earlierItems(runId));
      },
      stepped: (loop: RunLoop) => loop === this.loop && this.#listener.stepped(),
      halted: (loop: RunLoop, error: LonghaulError) => loop === this.loop && this.#listener.halted(error),
    };
    this.options = this.nextOptions;
    this.context.give(this.options.context);
    return loopOf(this.#setup.ports, this.options, run, this.#publication, owner, importing);
  }
}

import type { RunState } from '../engine/run-state.ts';
import type { RunDriver } from '../engine/view/run-view.ts';
import { viewOf } from '../engine/view/view-of.ts';
import { LonghaulError } from '../errors/longhaul-error.ts';
import type { RunSnapshot } from '../store/run-store.ts';
import type { DriveOptions } from './drive-options.ts';
import type { LoopPorts } from './loop-setup.ts';
import type { Publication } from './publication.ts';
import { RunLoop } from './run-loop.ts';

/** A run as far as it is known: saved, or about to be for the first time. */
export interface KnownRun {
  readonly head: RunState;
  readonly items: RunSnapshot['items'];
}

/** What a session needs of its runner. */
export interface SessionSetup {
  readonly ports: LoopPorts;
}

/** What happens in a session that whoever drives must know. */
export interface SessionListener {
  /** A step of the loop is done. */
  stepped(): void;
  /** The run is over, or not driven here any more. */
  settled(): void;
}

/** A run's loop, its publication and its end, over every taking-up of the run in this process. */
export class Session {
  readonly #setup: SessionSetup;
  readonly #publication: Publication;
  readonly #listener: SessionListener;
  /** Changing it is for the next loop: one that is under way ends as it began. */
  driveOptions: DriveOptions;
  #loop: RunLoop;
  #ended = Promise.withResolvers<void>();
  #stopError: LonghaulError | undefined;
  #settled = false;

  constructor(
    setup: SessionSetup,
    publication: Publication,
    listener: SessionListener,
    driveOptions: DriveOptions,
    run: KnownRun,
    importing: boolean,
  ) {
    this.#setup = setup;
    this.driveOptions = driveOptions;
    this.#publication = publication;
    this.#listener = listener;
    this.#loop = this.#newLoop(run, importing);
  }

  get loop(): RunLoop {
    return this.#loop;
  }

  get state(): RunState {
    return this.#loop.state;
  }

  get over(): boolean {
    return this.#loop.over;
  }

  /** Why driving stopped before the run was over. */
  get stopError(): LonghaulError | undefined {
    return this.#stopError;
  }

  /** Resolves when the run is over, or not driven here any more. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** After it was stopped: the run will be driven, or followed, again. */
  reopen(): void {
    this.#ended = Promise.withResolvers<void>();
    this.#stopError = undefined;
    this.#settled = false;
  }

  /** Goes on from a saved state; what the loop before did not save never happened. */
  replace(run: KnownRun, importing = false): void {
    this.#loop.stop();
    this.#loop = this.#newLoop(run, importing);
  }

  /** Shows the run as it was saved: all that went before is in it. */
  show(driver: RunDriver, epoch: number): void {
    const { state, items } = this.#loop;
    this.#publication.reopen(epoch);
    this.#publication.emit(
      // Nobody drives what is over, whoever finds it so.
      { type: 'view', view: viewOf(state, items, this.over ? 'none' : driver) },
      this.#setup.ports.clock.now(),
    );
    this.#publication.notify();
  }

  /** Shows what another process has saved, unless the view is made of what that process says itself. */
  showSaved(snapshot: RunSnapshot | undefined, hears: boolean): void {
    if (snapshot === undefined) return this.stop('not_found', 'is not in the store any more.');
    this.replace(snapshot);
    if (this.over || !hears) this.show('elsewhere', snapshot.head.epoch);
    if (this.over) this.settle();
  }

  /** The run is over, or not driven here any more: everybody who waits for that hears it. */
  settle(): void {
    this.#settled = true;
    this.#publication.end();
    this.#ended.resolve();
    this.#listener.settled();
  }

  /** An end that was being saved when the loop was stopped is saved, but nobody has told it. */
  emitEnd(): void {
    if (this.#settled) return;
    this.show('none', this.state.epoch);
    this.settle();
  }

  /** Driving stops before the run is over. */
  halt(error: LonghaulError): void {
    this.#stopError = error;
    this.#loop.stop();
    this.emitDriver('none');
    this.settle();
  }

  emitDriver(driver: RunDriver): void {
    this.#publication.emit({ type: 'run.driver', driver }, this.#setup.ports.clock.now());
    this.#publication.notify();
  }

  /** Driving stops: `why` goes on from "Run … ". */
  stop(code: string, why: string, cause?: unknown): void {
    this.halt(new LonghaulError(code, `Run ${this.state.runId} ${why}`, { cause }));
  }

  #newLoop(run: KnownRun, importing: boolean): RunLoop {
    const { ports } = this.#setup;
    const { agent, context } = this.driveOptions;
    const host = {
      agent,
      context,
      emit: this.#publication.emit.bind(this.#publication),
      stepped: () => {
        if (this.#loop.over) this.settle();
        else this.#listener.stepped();
        this.#publication.notify();
      },
      halted: (error: LonghaulError) => this.halt(error),
    };
    return new RunLoop(ports, host, run.head, run.items, importing);
  }
}

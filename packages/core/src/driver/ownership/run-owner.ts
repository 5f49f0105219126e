import type { Continuation } from '../../engine/engine-event.ts';
import { isCreateRetryUsed } from '../../engine/run-status.ts';
import type { LonghaulError } from '../../errors/longhaul-error.ts';
import { nextOwnership } from '../../ownership/next-ownership.ts';
import type { OwnershipCommand } from '../../ownership/ownership-command.ts';
import type { AskEvent, OwnershipEvent, StoreHint } from '../../ownership/ownership-event.ts';
import { initialOwnership, type Ownership, type Place, type RunOrigin } from '../../ownership/ownership.ts';
import type { RunLook, RunSnapshot } from '../../store/run-store.ts';
import type { JsonValue } from '../../wire/json.ts';
import type { LateLive } from '../publication/late-live.ts';
import { isHello } from '../publication/live-messages.ts';
import type { Publication } from '../publication/publication.ts';
import { RunDisplay } from '../publication/run-display.ts';
import type { RunLoop } from '../loop/run-loop.ts';
import type { DriveOptions, ResumeFlags } from './drive-options.ts';
import { CurrentLoop } from './current-loop.ts';
import { beginLoop } from './loop-of.ts';
import { abilitiesOf, liveOf, type OwnerSetup } from './owner-setup.ts';
import { OwnershipCalls } from './ownership-calls.ts';
import { Parking } from './parking.ts';
import { RunEnding } from './run-ending.ts';
import { RunRecord } from './run-record.ts';
import { stopError } from './stop-error.ts';
import { type UserAsk, UserAsks } from './user-asks.ts';

/** Performs the commands of the ownership machine for one run of this process. See `nextOwnership`. */
export class RunOwner {
  readonly ending: RunEnding = new RunEnding();
  readonly #setup: OwnerSetup;
  readonly #publication: Publication;
  readonly #record: RunRecord;
  readonly #live: LateLive;
  readonly #display: RunDisplay;
  readonly #asks = new UserAsks();
  readonly #calls: OwnershipCalls;
  readonly current: CurrentLoop;
  #continuation: Promise<Continuation> | undefined;
  #own: Ownership;
  #haltError: LonghaulError | undefined;
  /** The error that rejects pending requests after a stop. */
  #rejection: unknown;
  readonly #events: OwnershipEvent[] = [];
  #working = false;

  constructor(
    setup: OwnerSetup,
    publication: Publication,
    options: DriveOptions,
    run: RunSnapshot,
    origin: RunOrigin,
  ) {
    const { ports, claims } = setup;
    this.#setup = setup;
    this.#publication = publication;
    const claimLost = (): void => this.#dispatch({ type: 'claim_lost' });
    this.#record = new RunRecord(ports, claims, run.head.runId, { claimLost });
    this.#live = liveOf(setup, publication, run.head.runId, () => this.loop.state);
    this.#display = new RunDisplay(publication, this.#live, ports.clock, setup.show, origin === 'start');
    this.current = new CurrentLoop(setup, publication, options, run, {
      stepped: () => this.#stepped(),
      halted: (error) => {
        this.#haltError = error;
        this.#dispatch({ type: 'halted' });
      },
    });
    const parking = new Parking(setup.queue, this.#record);
    this.#own = initialOwnership(parking.factsOf(this.loop), abilitiesOf(setup, run.head), origin);
    this.#calls = new OwnershipCalls({
      setup,
      record: this.#record,
      asks: this.#asks,
      loop: () => this.loop,
      parking,
      mayDrive: () => this.#own.mayDrive,
      provideContext: () => this.current.context.provide(this.loop.state),
      isCurrent: (call) => this.#own.call?.id === call,
      isContextAsked: (request) => this.#own.context === 'asked' && this.#own.contexts === request,
      dispatch: (event) => this.#dispatch(event),
    });
    if (this.loop.over) this.#settle();
  }

  get loop(): RunLoop {
    return this.current.loop;
  }

  /** Starts the new run. `continuation`: the run that it continues, if that must be loaded first. */
  begin(continuation: Promise<Continuation> | undefined): void {
    // The run may be refused, or end, before its loop awaits the continuation.
    continuation?.catch(() => undefined);
    this.#continuation = continuation;
    this.#dispatch({ type: 'begun' });
  }

  /**
   * Resumes a saved run: drives it if the claim is free, otherwise follows the process that holds the claim. A run that
   * is driven here keeps its options.
   */
  async resume(options: DriveOptions, { manual, adopts }: ResumeFlags): Promise<void> {
    const { agent, context } = this.current.options;
    if (!this.loop.over) this.current.nextOptions = options;
    const replaces = agent !== options.agent || context !== options.context;
    const permits = manual && isCreateRetryUsed(this.loop.state);
    await this.#ask({ type: 'resume' }, { type: 'resume', manual, replaces, permits, adopts });
  }

  /** Shows a saved run, and never drives it, unless it is resumed. */
  async follow(): Promise<void> {
    await this.#ask({ type: 'follow' }, { type: 'follow' });
  }

  /** Sends a decision, or a cancel, to the loop that drives the run. Resolves when its effect is saved. */
  async deliver(ask: Extract<UserAsk, { readonly type: 'decide' | 'cancel' }>): Promise<void> {
    await this.#ask(ask, { type: ask.type });
  }

  /** Ends driving, or following, here. `graceMs`: the time limit of running tools, in milliseconds. */
  async detach(graceMs: number): Promise<void> {
    if (this.isActive) {
      this.#calls.graceMs = graceMs;
      this.#dispatch({ type: 'detach' });
      await this.ending.ended;
    }
    // If this process exits before it has released the claim, the next process has to wait until the claim expires.
    await this.#record.released();
  }

  hint(hint: StoreHint): void {
    this.#dispatch({ type: 'hint', hint });
    if (hint === 'asked') this.#checkLive();
  }

  looked(look: RunLook): void {
    this.#dispatch({ type: 'looked', ...look, commitId: look.commitId });
    this.#checkLive();
  }

  /** Receives an unsaved message, such as a text delta, from another process. */
  receiveLive(message: JsonValue): void {
    if (isHello(message)) this.#dispatch({ type: 'hello' });
    else if (!this.#live.receive(message, this.#own.place)) this.#checkLive();
  }

  async #ask(ask: UserAsk, event: AskEvent): Promise<void> {
    if ((!this.isActive || this.#own.leaving) && !this.loop.over) {
      if (this.isNeverSaved) throw this.ending.stopError;
      this.#setup.reopening();
    }
    const { id, answered } = this.#asks.add(ask);
    this.#dispatch({ ...event, ask: id });
    await this.ending.wait(answered);
  }

  get place(): Place {
    return this.#own.place;
  }

  /** Whether this process starts, drives or follows the run, or waits with it for a person. */
  get isActive(): boolean {
    return this.place !== 'stopped' && this.place !== 'parked';
  }

  get mayDrive(): boolean {
    return this.#own.mayDrive;
  }

  /** Whether driving of a new run stopped before its first save. A stored run with this id is a different run. */
  get isNeverSaved(): boolean {
    return this.#own.isNew && this.ending.stopError !== undefined && this.loop.state.revision === 0;
  }

  /** Queues an event for the machine. Events are processed in order, because a command may cause the next event. */
  #dispatch(event: OwnershipEvent): void {
    this.#events.push(event);
    if (this.#working) return;
    this.#working = true;
    try {
      for (let next = this.#events.shift(); next !== undefined; next = this.#events.shift()) {
        const [own, commands] = nextOwnership(this.#own, next);
        this.#own = own;
        for (const command of commands) this.#perform(command);
      }
    } finally {
      this.#working = false;
    }
  }

  #perform(command: OwnershipCommand): void {
    switch (command.type) {
      case 'claim':
      case 'load':
      case 'receive':
      case 'post':
      case 'flush':
      case 'drain':
      case 'pause':
      case 'park':
        return this.#calls.begin(command);
      case 'ask_context':
        return this.#calls.askContext(command.request);
      case 'release':
        return this.#record.release(this.loop.flushed());
      case 'begin':
        return void beginLoop(this.loop, this.current.context.source, this.#continuation);
      case 'reopen':
        this.#setup.reopened();
        this.#calls.reopened();
        return this.ending.reopen();
      case 'open':
        return this.#open(this.#calls.loaded ?? this.loop.snapshot(), false);
      case 'import':
        return this.#open(this.loop.snapshot(), true);
      case 'resume':
        return this.current.resume(command.manual);
      case 'feed_received':
        for (const message of this.#calls.received) this.loop.feed(message);
        return;
      case 'feed':
        return this.#feed(command.ask);
      case 'show_saved':
      case 'show_resting':
        return this.#display.perform(command, this.#loadedLoop());
      case 'show_end':
      case 'show_driver':
      case 'follow':
      case 'hello':
      case 'publish_live':
        return this.#display.perform(command, this.loop);
      case 'stop_loop':
        return this.current.stop();
      case 'end':
        return this.#settle();
      case 'stop':
        return this.#stop(command.why);
      case 'answer':
        return this.#answer(command.ask, command.stopped);
      case 'refuse':
        return this.#asks.refuse(command.ask, this.#calls.failure);
    }
  }

  #open(run: RunSnapshot, importing: boolean): void {
    this.current.replace(run, importing);
    this.#live.used?.end();
    this.#display.open(this.loop);
  }

  #feed(ask: number): void {
    const message = this.#asks.messageOf(ask, this.loop.state);
    if (message !== undefined) this.loop.feed(message);
    else this.#dispatch({ type: 'ask_settled', ask });
  }

  #answer(ask: number, stopped = !this.isActive): void {
    this.#asks.answer(ask, this.loop.state, stopped && !this.loop.over ? this.#rejection : undefined);
  }

  /** The loop of the loaded save. */
  #loadedLoop(): RunLoop {
    if (this.#calls.loaded !== undefined) this.current.replace(this.#calls.loaded, false);
    return this.loop;
  }

  #checkLive(): void {
    if (this.#own.place === 'following') this.#display.check(this.loop);
  }

  #stop(why: Extract<OwnershipCommand, { readonly type: 'stop' }>['why']): void {
    this.current.stop();
    const { failure } = this.#calls;
    const error = why === 'halted' ? this.#haltError : stopError(this.loop.state.runId, why, failure);
    this.#rejection = why === 'failed' ? failure : error;
    this.#display.showDriver('none');
    this.#settle(error);
  }

  #settle(error?: LonghaulError): void {
    this.#display.end();
    this.current.context.giveUp();
    this.#record.giveUp();
    this.ending.settle(error);
    this.#setup.ended();
  }

  #stepped(): void {
    const facts = this.#calls.facts();
    const { run } = this.#own;
    const hasChanged = facts.run.revision !== run.revision || facts.run.standing !== run.standing;
    // Most steps do not change the facts, because deltas of a stream are not saved.
    if (hasChanged || facts.answered.length > 0) this.#dispatch({ type: 'stepped', ...facts });
    this.#live.used?.publisher.stepped();
    this.#publication.notify();
  }
}

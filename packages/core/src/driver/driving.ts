import type { Agent } from '../agent/define-agent.ts';
import type { Continuation } from '../engine/engine-event.ts';
import type { RunPolicy } from '../engine/run-policy.ts';
import type { RunState } from '../engine/run-state.ts';
import { isTerminalRun } from '../engine/view/run-view.ts';
import { viewOf } from '../engine/view/view-of.ts';
import { LonghaulError } from '../errors/longhaul-error.ts';
import type { RunSnapshot } from '../store/run-store.ts';
import { jsonCopy } from '../wire/json-copy.ts';
import type { Claims } from './claims.ts';
import { errorMessage } from './error-message.ts';
import { type InboxMessage, takeMessages } from './inbox-message.ts';
import type { LoopPorts } from './loop-setup.ts';
import type { Publication } from './publication.ts';
import { RunLoop } from './run-loop.ts';
import { loadSnapshot } from './snapshot.ts';
import type { StoreHint } from './store-watch.ts';

/** What driving a run needs of its runner. */
export interface DrivingSetup {
  readonly agent: Agent;
  readonly context: unknown;
  readonly ports: LoopPorts;
  readonly claims: Claims;
  /** The rules by which this runner drives a run of this agent. */
  readonly policy: RunPolicy;
  /** The run is over, or not driven here any more. */
  readonly ended: () => void;
}

/** A run as far as it is known: saved, or about to be for the first time. */
export interface KnownRun {
  readonly head: RunState;
  readonly items: RunSnapshot['items'];
}

/** Where the loop of the run is. `resting`: only a person is awaited, and nobody holds the claim. */
type Place = 'driving' | 'resting' | 'following' | 'stopped';

/**
 * Who drives a run: this process as long as it holds the claim, nobody while only a person is awaited, or another
 * process that is followed from here until its claim runs out. Two loops on one run would do everything twice.
 */
export class Driving {
  readonly runId: string;
  readonly #setup: DrivingSetup;
  readonly #publication: Publication;
  #loop: RunLoop;
  #place: Place = 'driving';
  #stopError: LonghaulError | undefined;
  #ended = Promise.withResolvers<void>();
  /** One change of place at a time. */
  #changing: Promise<unknown> = Promise.resolve();

  constructor(setup: DrivingSetup, publication: Publication, run: KnownRun, importing: boolean) {
    this.runId = run.head.runId;
    this.#setup = setup;
    this.#publication = publication;
    this.#loop = this.#newLoop(run, importing);
    if (this.#loop.over) this.#settle();
  }

  get state(): RunState {
    return this.#loop.state;
  }

  get items(): RunSnapshot['items'] {
    return this.#loop.items;
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

  /** Starts driving a new run. `continuation` is what it carries on, where that must be loaded first. */
  begin(continuation: Promise<Continuation> | undefined): void {
    void this.#serially(async () => {
      if (!(await this.#claim())) {
        const message = `A run ${this.runId} exists already and is driven elsewhere; nothing was sent.`;
        return this.#halted(new LonghaulError('conflict', message));
      }
      try {
        const carried = await continuation;
        this.#loop.feed({ type: 'started', ...(carried === undefined ? {} : { continuation: carried }) });
      } catch (error) {
        const code = LonghaulError.isInstance(error) ? error.code : 'continue_failed';
        this.#loop.feed({ type: 'start_failed', error: { code, message: errorMessage(error) } });
      }
    }).catch((error: unknown) => this.#failed(error));
  }

  /** Takes up a saved run: drives it where the claim is to be had, else follows whoever has it. */
  takeUp(): Promise<void> {
    return this.#serially(async () => {
      if (this.#loop.over || this.#place === 'following' || this.#isDriving()) return;
      await this.#reopen();
    });
  }

  /** Hands a message to the loop, wherever it is. A cancel that is for this process waits for nothing. */
  async pass(message: InboxMessage, allowed?: () => void): Promise<void> {
    if (message.type === 'cancel_asked' && this.#isDriving()) return this.#loop.feed(message);
    await this.#serially(async () => {
      await this.#loop.flushed();
      allowed?.();
      await this.#pass(message);
    });
    await this.#loop.flushed();
    if (this.#stopError !== undefined) throw this.#stopError;
  }

  detach(graceMs: number): Promise<void> {
    return this.#serially(async () => {
      if (this.#loop.over || this.#place === 'stopped') return;
      if (this.#place === 'driving') await this.#loop.drain(graceMs);
      // The run may have ended while it was winding down: then there is nothing to stop.
      if (this.#loop.over) return;
      const message = `Run ${this.runId} was detached; its job goes on at the server. Resume it to go on.`;
      this.#halted(new LonghaulError('detached', message));
    });
  }

  snapshot(): RunSnapshot {
    return this.#loop.snapshot();
  }

  /** Something happened to the run in the store, or may have. */
  notice(what: StoreHint): void {
    if (this.#place === 'stopped') return;
    // While driving, what was saved was saved by us; only a message is news.
    if (this.#place === 'driving' && what !== 'posted' && what !== 'asked') return;
    void this.#serially(async () => {
      if (this.#place === 'following') return this.#refresh();
      if (this.#place === 'resting') await this.#lookAround();
      if (this.#place === 'driving') await this.#receive();
      // A store that cannot be read now will be asked again.
    }).catch(() => undefined);
  }

  #isDriving(): boolean {
    return this.#place === 'driving' && this.#loop.started && !this.#loop.stopped;
  }

  #serially<T>(change: () => Promise<T>): Promise<T> {
    const next = this.#changing.then(change);
    this.#changing = next.catch(() => undefined);
    return next;
  }

  #newLoop(run: KnownRun, importing: boolean): RunLoop {
    const { agent, context, ports } = this.#setup;
    const host = {
      agent,
      context,
      tell: this.#publication.tell.bind(this.#publication),
      stepped: () => this.#stepped(),
      halted: (error: LonghaulError) => this.#halted(error),
    };
    return new RunLoop(ports, host, run.head, run.items, importing);
  }

  #claim(): Promise<boolean> {
    return this.#setup.claims.take(this.runId, () => {
      // Somebody else drives now: whatever we would still send, they send too.
      if (this.#place !== 'driving') return;
      this.#loop.stop();
      void this.#serially(() => this.#follow()).catch((error: unknown) => this.#failed(error));
    });
  }

  #stepped(): void {
    if (this.#loop.over) this.#settle();
    else if (this.#loop.state.status === 'requires_action' && this.#setup.ports.store.claim !== undefined) {
      this.#rest();
    }
    this.#publication.notify();
  }

  #settle(): void {
    this.#place = 'stopped';
    this.#publication.end();
    this.#ended.resolve();
    void this.#setup.claims.release(this.runId);
    this.#setup.ended();
  }

  #failed(error: unknown): void {
    const code = LonghaulError.isInstance(error) ? error.code : 'internal';
    const message = `Run ${this.runId} is not driven here any more: ${errorMessage(error)}`;
    this.#halted(new LonghaulError(code, message, { cause: error }));
  }

  #halted(error: LonghaulError): void {
    this.#stopError = error;
    this.#loop.stop();
    this.#publication.tell({ type: 'run.driver', driver: 'none' }, this.#setup.ports.clock.now());
    this.#settle();
    this.#publication.notify();
  }

  /** Nobody drives while only a person is awaited: whoever brings the decision does. */
  #rest(): void {
    void this.#serially(async () => {
      await this.#loop.flushed();
      if (!this.#isDriving() || this.#loop.state.status !== 'requires_action') return;
      this.#place = 'resting';
      await this.#setup.claims.release(this.runId);
      // A message may have come in just before.
      await this.#lookAround();
    }).catch(() => undefined);
  }

  /** While resting: has somebody else taken the run on, or left a message for it? */
  async #lookAround(): Promise<void> {
    const { store } = this.#setup.ports;
    for (const message of await takeMessages(store, this.runId)) await this.#pass(message);
    if (this.#place !== 'resting') return;
    const stored = await this.#load();
    if (stored !== undefined && stored.head.revision > this.#loop.state.revision)
      await this.#driveOrFollow(stored);
  }

  async #pass(message: InboxMessage): Promise<void> {
    if (this.#place === 'stopped') {
      if (this.#loop.over) return;
      await this.#reopen();
    } else if (this.#place === 'resting') {
      await this.#driveOn();
    }
    if (this.#place === 'driving') this.#loop.feed(message);
    else await this.#setup.ports.store.post?.(this.runId, jsonCopy(message));
  }

  async #reopen(): Promise<void> {
    this.#ended = Promise.withResolvers<void>();
    this.#stopError = undefined;
    await this.#driveOrFollow();
  }

  /** From resting back to driving, with what the store says now. */
  async #driveOn(): Promise<void> {
    if (!(await this.#claim())) return this.#follow();
    const stored = await this.#load();
    if (stored !== undefined && stored.head.revision !== this.#loop.state.revision)
      return this.#drive(stored);
    this.#place = 'driving';
  }

  async #driveOrFollow(known?: RunSnapshot): Promise<void> {
    if (!(await this.#claim())) return this.#follow(known);
    // Read with the claim in hand: nobody else changes it from here on.
    await this.#drive(await this.#load());
  }

  async #drive(stored: RunSnapshot | undefined): Promise<void> {
    const snapshot = stored ?? this.snapshot();
    this.#loop.stop();
    this.#loop = this.#newLoop(snapshot, stored === undefined);
    const { head, items } = snapshot;
    this.#publication.reopen(head.epoch + 1);
    this.#place = 'driving';
    this.#publication.tell(
      { type: 'view', view: viewOf(head, items, 'here') },
      this.#setup.ports.clock.now(),
    );
    if (this.#loop.over) return this.#settle();
    this.#loop.feed({ type: 'resumed', policy: this.#setup.policy });
    await this.#receive();
  }

  async #follow(known?: RunSnapshot): Promise<void> {
    this.#place = 'following';
    await this.#show(known ?? (await this.#load()));
  }

  #load(): Promise<RunSnapshot | undefined> {
    return loadSnapshot(this.#setup.ports.store, this.runId);
  }

  async #show(snapshot: RunSnapshot | undefined): Promise<void> {
    if (snapshot === undefined) {
      return this.#halted(new LonghaulError('not_found', `Run ${this.runId} is not in the store any more.`));
    }
    const { head, items } = snapshot;
    this.#loop.stop();
    this.#loop = this.#newLoop(snapshot, false);
    const over = isTerminalRun(head.status);
    this.#publication.reopen(head.epoch);
    const view = viewOf(head, items, over ? 'none' : 'elsewhere');
    this.#publication.tell({ type: 'view', view }, this.#setup.ports.clock.now());
    if (over) this.#settle();
    this.#publication.notify();
  }

  /** While following: what the driving process has saved, and whether it still drives. */
  async #refresh(): Promise<void> {
    const snapshot = await this.#load();
    if (snapshot === undefined || snapshot.head.revision > this.#loop.state.revision)
      await this.#show(snapshot);
    if (this.#place !== 'following' || !(await this.#claim())) return;
    // Nobody needs to drive a run that waits for a person.
    if (this.#loop.state.status !== 'requires_action') return this.#driveOrFollow();
    this.#place = 'resting';
    await this.#setup.claims.release(this.runId);
  }

  async #receive(): Promise<void> {
    for (const message of await takeMessages(this.#setup.ports.store, this.runId)) this.#loop.feed(message);
  }
}

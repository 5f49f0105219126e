import type { Continuation } from '../engine/engine-event.ts';
import type { RunState } from '../engine/run-state.ts';
import { isTerminalRun } from '../engine/view/run-view.ts';
import { LonghaulError } from '../errors/longhaul-error.ts';
import type { RunSnapshot } from '../store/run-store.ts';
import type { JsonValue } from '../wire/json.ts';
import { jsonCopy } from '../wire/json-copy.ts';
import type { Claims } from './claims.ts';
import { errorMessage } from './error-message.ts';
import { type InboxMessage, takeMessages } from './inbox-message.ts';
import { LiveLink } from './live-link.ts';
import type { Publication } from './publication.ts';
import { type KnownRun, Session, type SessionSetup } from './session.ts';
import { loadSnapshot } from './snapshot.ts';
import type { StoreHint } from './store-watch.ts';

/** What driving a run needs of its runner. */
export interface DrivingSetup extends SessionSetup {
  readonly claims: Claims;
  /** The run is over, or not driven here any more. */
  readonly ended: () => void;
}

/** Where the loop of the run is. `resting`: only a person is awaited, and nobody holds the claim. */
type Place = 'driving' | 'resting' | 'following' | 'stopped';

/**
 * Who drives a run: this process as long as it holds the claim, nobody while only a person is awaited, or another
 * process that is followed from here until its claim runs out. Two loops on one run would do everything twice.
 */
export class Driving {
  readonly #runId: string;
  readonly #setup: DrivingSetup;
  readonly #session: Session;
  readonly #live: LiveLink;
  #place: Place = 'driving';
  /** One change of place at a time. */
  #changing: Promise<unknown> = Promise.resolve();

  constructor(setup: DrivingSetup, publication: Publication, run: KnownRun, importing: boolean) {
    this.#runId = run.head.runId;
    this.#setup = setup;
    const { store, clock } = setup.ports;
    this.#live = new LiveLink(store, clock, publication, this.#runId);
    const listener = { stepped: () => this.#stepped(), settled: () => this.#settled() };
    this.#session = new Session(setup, publication, listener, run, importing);
    if (this.over) this.#session.settle();
  }

  get state(): RunState {
    return this.#session.loop.state;
  }

  get items(): RunSnapshot['items'] {
    return this.#session.loop.items;
  }

  get over(): boolean {
    return this.#session.loop.over;
  }

  get stopError(): LonghaulError | undefined {
    return this.#session.stopError;
  }

  get ended(): Promise<void> {
    return this.#session.ended;
  }

  /** Starts driving a new run. `continuation` is what it carries on, where that must be loaded first. */
  begin(continuation: Promise<Continuation> | undefined): void {
    this.#change(async () => {
      if (!(await this.#claim())) {
        const message = `A run ${this.#runId} exists already and is driven elsewhere; nothing was sent.`;
        return this.#session.halt(new LonghaulError('conflict', message));
      }
      const { loop } = this.#session;
      try {
        const carried = await continuation;
        loop.feed({ type: 'started', ...(carried === undefined ? {} : { continuation: carried }) });
      } catch (error) {
        const code = LonghaulError.isInstance(error) ? error.code : 'continue_failed';
        loop.feed({ type: 'start_failed', error: { code, message: errorMessage(error) } });
      }
    });
  }

  /** Takes up a saved run: drives it where the claim is to be had, else follows whoever has it. */
  takeUp(): Promise<void> {
    return this.#serially(async () => {
      if (this.over || this.#place === 'following' || this.#isDriving()) return;
      this.#session.reopen();
      await this.#driveOrFollow();
    });
  }

  /** Hands a message to the loop, wherever it is. A cancel that is for this process waits for nothing. */
  async pass(message: InboxMessage, allowed?: () => void): Promise<void> {
    const { loop } = this.#session;
    // Also before the start: a run that is cancelled at once sends nothing.
    if (message.type === 'cancel_asked' && this.#place === 'driving' && !loop.stopped) return loop.feed(message);
    await this.#serially(async () => {
      await this.#session.loop.flushed();
      allowed?.();
      await this.#pass(message);
    });
    await this.#session.loop.flushed();
    if (this.stopError !== undefined) throw this.stopError;
  }

  detach(graceMs: number): Promise<void> {
    return this.#serially(async () => {
      if (this.over || this.#place === 'stopped') return;
      if (this.#place === 'driving') await this.#session.loop.drain(graceMs);
      // The run may have ended while it was winding down: then there is nothing to stop.
      if (this.over) return;
      const message = `Run ${this.#runId} was detached; its job goes on at the server. Resume it to go on.`;
      this.#session.halt(new LonghaulError('detached', message));
    });
  }

  snapshot(): RunSnapshot {
    return this.#session.loop.snapshot();
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

  /** Another process that has this run at hand says something that is not saved. */
  heard(message: JsonValue): void {
    if (this.#place === 'driving' || this.#place === 'following') {
      this.#live.heard(message, this.#place === 'following');
    }
  }

  #isDriving(): boolean {
    const { loop } = this.#session;
    return this.#place === 'driving' && loop.started && !loop.stopped;
  }

  #serially<T>(change: () => Promise<T>): Promise<T> {
    const next = this.#changing.then(change);
    this.#changing = next.catch(() => undefined);
    return next;
  }

  /** A change of place that nobody waits for: where it fails, driving stops and says why. */
  #change(change: () => Promise<void>): void {
    void this.#serially(change).catch((error: unknown) => {
      const code = LonghaulError.isInstance(error) ? error.code : 'internal';
      const message = `Run ${this.#runId} is not driven here any more: ${errorMessage(error)}`;
      this.#session.halt(new LonghaulError(code, message, { cause: error }));
    });
  }

  #claim(): Promise<boolean> {
    return this.#setup.claims.take(this.#runId, () => {
      // Somebody else drives now: whatever we would still send, they send too.
      if (this.#place !== 'driving') return;
      this.#session.loop.stop();
      this.#change(() => this.#follow());
    });
  }

  #stepped(): void {
    this.#live.stepped();
    const mayRest = this.#setup.ports.store.claim !== undefined;
    if (mayRest && this.state.status === 'requires_action') this.#change(() => this.#rest());
  }

  #settled(): void {
    this.#live.flush();
    this.#place = 'stopped';
    void this.#setup.claims.release(this.#runId);
    this.#setup.ended();
  }

  /** Nobody drives while only a person is awaited: whoever brings the decision does. */
  async #rest(): Promise<void> {
    await this.#session.loop.flushed();
    if (!this.#isDriving() || this.state.status !== 'requires_action') return;
    this.#place = 'resting';
    await this.#setup.claims.release(this.#runId);
    // A message may have come in just before.
    await this.#lookAround();
  }

  /** While resting: has somebody else taken the run on, or left a message for it? */
  async #lookAround(): Promise<void> {
    const { store } = this.#setup.ports;
    for (const message of await takeMessages(store, this.#runId)) await this.#pass(message);
    if (this.#place !== 'resting') return;
    const stored = await this.#load();
    if (stored !== undefined && stored.head.revision > this.state.revision) await this.#driveOrFollow(stored);
  }

  async #pass(message: InboxMessage): Promise<void> {
    if (this.#place === 'stopped') {
      if (this.over) return;
      this.#session.reopen();
      await this.#driveOrFollow();
    } else if (this.#place === 'resting') {
      await this.#driveOn();
    }
    if (this.#place === 'driving') this.#session.loop.feed(message);
    else await this.#setup.ports.store.post?.(this.#runId, jsonCopy(message));
  }

  /** From resting back to driving, with what the store says now. */
  async #driveOn(): Promise<void> {
    if (!(await this.#claim())) return this.#follow();
    const stored = await this.#load();
    if (stored !== undefined && stored.head.revision !== this.state.revision) return this.#drive(stored);
    this.#place = 'driving';
  }

  async #driveOrFollow(known?: RunSnapshot): Promise<void> {
    if (!(await this.#claim())) return this.#follow(known);
    // Read with the claim in hand: nobody else changes it from here on.
    await this.#drive(await this.#load());
  }

  async #drive(stored: RunSnapshot | undefined): Promise<void> {
    this.#session.replace(stored ?? this.snapshot(), stored === undefined);
    this.#place = 'driving';
    this.#live.driving();
    this.#session.show('here', this.state.epoch + 1);
    if (this.over) return this.#session.settle();
    this.#session.loop.feed({ type: 'resumed', policy: this.#setup.policy });
    await this.#receive();
  }

  async #follow(known?: RunSnapshot): Promise<void> {
    this.#place = 'following';
    await this.#show(known ?? (await this.#load()));
    if (this.#place === 'following') this.#live.hello();
  }

  #load(): Promise<RunSnapshot | undefined> {
    return loadSnapshot(this.#setup.ports.store, this.#runId);
  }

  async #show(snapshot: RunSnapshot | undefined): Promise<void> {
    if (snapshot === undefined) {
      return this.#session.halt(
        new LonghaulError('not_found', `Run ${this.#runId} is not in the store any more.`),
      );
    }
    this.#session.replace(snapshot);
    const over = isTerminalRun(snapshot.head.status);
    if (over || !this.#live.hears) this.#session.show(over ? 'none' : 'elsewhere', snapshot.head.epoch);
    if (over) this.#session.settle();
    this.#session.notify();
  }

  /** While following: what the driving process has saved, and whether it still drives. */
  async #refresh(): Promise<void> {
    const snapshot = await this.#load();
    if (snapshot === undefined || snapshot.head.revision > this.state.revision) await this.#show(snapshot);
    if (this.#place !== 'following' || !(await this.#claim())) return;
    // Nobody needs to drive a run that waits for a person.
    if (this.state.status !== 'requires_action') return this.#driveOrFollow();
    this.#place = 'resting';
    await this.#setup.claims.release(this.#runId);
  }

  async #receive(): Promise<void> {
    for (const message of await takeMessages(this.#setup.ports.store, this.#runId))
      this.#session.loop.feed(message);
  }
}

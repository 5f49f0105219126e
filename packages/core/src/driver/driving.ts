import { awaitsPerson } from '../engine/run-status.ts';
import type { Continuation } from '../engine/engine-event.ts';
import { isCreateRetryUsed } from '../engine/steps/create-unknown.ts';
import type { RunLook, RunSnapshot } from '../store/run-store.ts';
import type { JsonValue } from '../wire/json.ts';
import type { DriveOptions } from './drive-options.ts';
import { beginRun } from './begin-run.ts';
import type { DrivingSetup } from './driving-setup.ts';
import { errorAsData } from './error-as-data.ts';
import type { InboxEvent } from './inbox-message.ts';
import { FollowerChannel } from './follower-channel.ts';
import { lookHint, type Place } from './look-hint.ts';
import { SerialQueue } from './serial-queue.ts';
import type { Publication } from './publication.ts';
import { RunRecord } from './run-record.ts';
import { type KnownRun, Session } from './session.ts';
import type { StoreHint } from './store-watch.ts';

/**
 * Who drives a run: this process as long as it holds the claim, nobody while only a person is awaited, or another
 * process that is followed from here until its claim runs out. Two loops on one run would do everything twice.
 */
export class Driving {
  readonly #setup: DrivingSetup;
  /** The loop, as it stands where the run is now. */
  readonly session: Session;
  readonly #live: FollowerChannel;
  #place: Place = 'driving';
  readonly #record: RunRecord;
  /** Changes of place come one at a time. */
  readonly #changes = new SerialQueue();
  /** Whether the run was started here: until its first save, its id may turn out to be another run's. */
  readonly #isNew: boolean;

  constructor(
    setup: DrivingSetup,
    publication: Publication,
    driveOptions: DriveOptions,
    run: KnownRun,
    importing: boolean,
  ) {
    const { runId, revision } = run.head;
    this.#setup = setup;
    this.#isNew = revision === 0;
    const { store, clock } = setup.ports;
    this.#record = new RunRecord(setup.ports, setup.claims, runId, { claimLost: () => this.#claimLost() });
    this.#live = new FollowerChannel(store, clock, publication, runId);
    const listener = { stepped: () => this.#stepped(), settled: () => this.#settled() };
    this.session = new Session(setup, publication, listener, driveOptions, run, importing);
    if (this.session.over) this.session.settle();
  }

  begin(continuation: Promise<Continuation> | undefined): void {
    this.#change(() => beginRun(this.session, this.#record, continuation));
  }

  /**
   * Takes up a saved run: drives it if the claim is free, and follows its driver if not. A run that is driven here keeps
   * its driveOptions; a run that rests takes the newer one. `byHand`: the caller asked for this one run.
   */
  takeUp(driveOptions: DriveOptions, byHand: boolean): Promise<void> {
    return this.#changes.run(async () => {
      // The run may be stopping at this moment, because its create needs a resume by hand.
      const asks = byHand && isCreateRetryUsed(this.session.state);
      if (asks) await this.session.loop.flushed();
      const { over, loop, driveOptions: before } = this.session;
      if (over || (this.#place === 'driving' && loop.started)) return;
      this.session.driveOptions = driveOptions;
      const isOther = before.agent !== driveOptions.agent || before.context !== driveOptions.context;
      if (this.#place === 'stopped' || this.#place === 'driving') await this.#reopen(byHand);
      else if (this.#place === 'resting' ? isOther : asks) await this.#driveOrFollow(byHand);
    });
  }

  /** Hands a message to the loop, wherever it is; `bind` makes it one for the run as it is by then, or throws. */
  async pass(asked: InboxEvent, bind: () => InboxEvent = () => asked): Promise<void> {
    let message = asked;
    const { loop: now } = this.session;
    // A cancel waits for nothing. Before the start, too: a run that is cancelled at once sends nothing.
    const isHere = this.#place === 'driving' && !now.stopped && (now.started || this.#isNew);
    if (message.type === 'cancel_asked' && isHere) {
      now.feed(message);
    } else {
      await this.#changes.run(async () => {
        // What is to be cancelled begins nothing before.
        if (this.#place === 'stopped' && message.type === 'cancel_asked') this.#record.leave(message);
        await this.#catchUp();
        message = bind();
        await this.#pass(message);
      });
    }
    const { loop } = this.session;
    await loop.flushed();
    if (this.session.stopError !== undefined) throw this.session.stopError;
    if (!loop.stopped || loop.over) return;
    // The claim was lost before it was worked off: whoever drives now gets it.
    await this.#changes.run(async () => {
      await this.#catchUp();
      await this.#pass(message);
    });
  }

  detach(graceMs: number): Promise<void> {
    return this.#changes.run(async () => {
      if (this.session.over || this.#place === 'stopped') return;
      if (this.#place === 'driving') await this.session.loop.drain(graceMs);
      // The run may have ended while it was winding down: then there is nothing to stop.
      if (this.session.over) return this.session.emitEnd();
      this.session.stop('detached', 'was detached; its job goes on at the server. Resume it to go on.');
      // Where the process ends now, a claim that it still holds keeps the next one waiting.
      await this.#record.released();
    });
  }

  /** Something happened to the run in the store, or may have. */
  async notice(what: StoreHint): Promise<void> {
    if (this.#place === 'stopped') return;
    // While driving, what was saved was saved by us; only a message is news.
    if (this.#place === 'driving' && what !== 'posted' && what !== 'asked') return;
    await this.#changes
      .run(async () => {
        // One that has just saved lives: its claim is asked for only where it may be free.
        if (this.#place === 'following') return this.#refresh(what === 'released' || what === 'asked');
        if (this.#place === 'resting') await this.#lookAround();
        if (this.#place !== 'driving') return;
        const { loop } = this.session;
        for (const message of await this.#record.takeMessages(loop.seen)) loop.feed(message);
        // A store that cannot be read now will be asked again.
      })
      .catch(() => undefined);
  }

  /** What one look at the store means here. */
  hintOf(look: RunLook): StoreHint | undefined {
    return lookHint(this.#place, this.session.state.revision, look);
  }

  /** The network is back, or the page is shown again. */
  wake(): void {
    if (this.#isDriving()) this.session.loop.feed({ type: 'woken' });
    else void this.notice('asked');
  }

  /** Another process that has this run at hand says something that is not saved. */
  heard(message: JsonValue): void {
    const follows = this.#place === 'following';
    if (follows || this.#place === 'driving') this.#live.heard(message, follows);
  }

  #isDriving(): boolean {
    return this.#place === 'driving' && this.session.loop.running;
  }

  /** A change of place that nobody waits for: where it fails, driving stops and says why. */
  #change(change: () => Promise<void>): void {
    void this.#changes.run(change).catch((error: unknown) => this.#failed(error));
  }

  #failed(error: unknown): void {
    const { code, message } = errorAsData(error, 'internal');
    this.session.stop(code, `is not driven here any more: ${message}`, error);
  }

  #claimLost(): void {
    // Somebody else drives now: whatever we would still send, they send too.
    if (this.#place !== 'driving') return;
    this.session.loop.stop();
    this.#change(async () => {
      if (this.#place === 'driving') await this.#follow();
    });
  }

  #stepped(): void {
    this.#live.stepped();
    if (this.#setup.ports.store.claim && awaitsPerson(this.session.state)) this.#change(() => this.#rest());
  }

  #settled(): void {
    this.#live.flush();
    this.#place = 'stopped';
    void this.#record.release();
    this.#setup.ended();
  }

  /** Nobody drives while only a person is awaited: whoever brings the decision does. */
  async #rest(): Promise<void> {
    await this.session.loop.flushed();
    if (this.#isDriving() && awaitsPerson(this.session.state)) await this.#letGo();
  }

  async #letGo(): Promise<void> {
    // What was followed live is at rest: its saved state tells all, whatever is still on its way.
    if (this.#place === 'following') this.session.show('none', this.session.state.epoch);
    else this.session.emitDriver('none');
    this.#place = 'resting';
    this.#live.flush();
    await this.#record.release();
    await this.#lookAround();
  }

  /** While resting: has somebody else taken the run on, or left a message for it? */
  async #lookAround(): Promise<void> {
    for (const message of await this.#record.takeMessages(this.session.loop.seen)) await this.#pass(message);
    if (this.#place !== 'resting') return;
    const stored = await this.#record.load();
    if (stored !== undefined && stored.head.revision > this.session.state.revision)
      await this.#driveOrFollow(false, stored);
  }

  async #pass(message: InboxEvent): Promise<void> {
    if (this.#place === 'resting') await this.#driveOn();
    if (this.#place === 'driving') this.session.loop.feed(message);
    if (this.#place === 'following') await this.#record.post(message);
  }

  /** Decisions are for the run as it is now, not as it was when this process last saw it. */
  async #catchUp(): Promise<void> {
    await this.session.loop.flushed();
    if (this.session.over) return;
    const { loop } = this.session;
    if (this.#place === 'stopped') await this.#reopen();
    else if (this.#place === 'following') await this.#refresh(true);
    else if (this.#place === 'resting') await this.#lookAround();
    else if (loop.stopped) await this.#follow();
    await this.session.loop.flushed();
  }

  /** From stopped back to driving or following. */
  async #reopen(byHand = false): Promise<void> {
    // A start that was never saved: a run of this id that there may be is another one.
    const { loop, stopError } = this.session;
    if (this.#isNew && loop.saved === undefined && stopError !== undefined) throw stopError;
    this.#setup.reopening();
    this.session.reopen();
    try {
      await this.#driveOrFollow(byHand);
    } catch (error) {
      this.#failed(error);
      throw error;
    }
  }

  /** From resting back to driving, with what the store says now. */
  async #driveOn(): Promise<void> {
    if (!(await this.#record.claim())) return this.#follow();
    const stored = await this.#record.load();
    // A loop that only shows what another process did has not asked the tools about their calls.
    const isOurs = this.session.loop.started && stored?.head.revision === this.session.state.revision;
    if (!isOurs) return this.#drive(stored);
    this.#place = 'driving';
    this.session.emitDriver('here');
  }

  async #driveOrFollow(byHand = false, known?: RunSnapshot): Promise<void> {
    if (!(await this.#record.claim())) return this.#follow(known);
    await this.#drive(await this.#record.load(), byHand);
  }

  async #drive(stored: RunSnapshot | undefined, byHand = false): Promise<void> {
    this.session.replace(stored ?? this.session.loop.snapshot(), stored === undefined);
    this.#place = 'driving';
    this.#live.driving();
    this.session.show('here', this.session.state.epoch + 1);
    if (this.session.over) return this.session.settle();
    // A cancel that was left for whoever takes the run up comes before anything that this would begin.
    const { loop } = this.session;
    const messages = await this.#record.takeMessages(loop.seen);
    loop.resume(this.session.driveOptions.policy, byHand);
    for (const message of messages) loop.feed(message);
  }

  async #follow(known?: RunSnapshot): Promise<void> {
    this.#place = 'following';
    this.session.showSaved(known ?? (await this.#record.load()), this.#live.hears);
    if (this.#place === 'following') this.#live.hello();
  }

  /** While following: what the driving process has saved, and, where that `mayBeFree`, whether its claim is. */
  async #refresh(mayBeFree: boolean): Promise<void> {
    const snapshot = await this.#record.load();
    if (snapshot === undefined || snapshot.head.revision > this.session.state.revision) {
      const isTakenUp = snapshot !== undefined && snapshot.head.epoch > this.session.state.epoch;
      // Another process drives now, which does not know that we listen.
      if (isTakenUp) this.#live.hello();
      this.session.showSaved(snapshot, this.#live.hears);
    }
    if (this.#place !== 'following' || !mayBeFree || !(await this.#record.claim())) return;
    // Nobody needs to drive a run that waits for a person.
    if (!awaitsPerson(this.session.state)) return this.#drive(await this.#record.load());
    await this.#letGo();
  }
}

import { abortReason } from '../../clock/abort-reason.ts';
import { withTimeout } from '../../clock/time-out.ts';
import { awaitsPerson } from '../../engine/run-status.ts';
import type { Effect, SaveEffect } from '../../engine/effect.ts';
import type { EngineEvent, EngineEventBody } from '../../engine/engine-event.ts';
import type { RunPolicy } from '../../engine/run-policy.ts';
import type { RunState } from '../../engine/run-state.ts';
import { savedTime } from '../../engine/saved-state.ts';
import type { StoredItem } from '../../engine/stored-item.ts';
import type { RunEventBody } from '../../engine/view/run-event.ts';
import { isTerminalRun } from '../../engine/view/run-view.ts';
import { LonghaulError } from '../../errors/longhaul-error.ts';
import type { RunHead, RunSnapshot } from '../../store/run-store.ts';
import { defined } from '../../wire/defined.ts';
import { errorAsData } from '../error-as-data.ts';
import { EarlyMessages } from './early-messages.ts';
import type { EffectPerformer, PerformedEffect } from './effect-performer.ts';
import { loadedLoop, loadLoop } from '../load-loop.ts';
import type { LoopHost, LoopPorts } from '../loop-setup.ts';
import { retryStore } from '../saved/retry-store.ts';
import { RunItems } from './run-items.ts';
import { RunTime } from './run-time.ts';
import { commitOf, snapshotOf, type Saved } from '../saved/snapshot.ts';
import { SeenMessages } from './seen-messages.ts';
import { hasWorkInFlight } from './work-in-flight.ts';
import { OutputReader } from './read-output.ts';

/** The time for which `drain` waits for a save in progress, in milliseconds. */
const lastSaveMs = 2_000;

type TimedEffect = Extract<Effect, { type: 'wait' | 'stop' }>;

/**
 * Drives one run: performs the engine's effects, and feeds the resulting events to the engine one at a time. If a step
 * saves, the loop emits and sends nothing of that step before the save has succeeded (I7).
 */
export class RunLoop {
  state: RunState;
  readonly stored: RunItems;
  readonly seen: SeenMessages = new SeenMessages();
  readonly output: OutputReader;
  /** The `commitId` of the save from which the loop continues. */
  readonly #continued: string;
  /** The last save of this loop. */
  saved: Saved | undefined;
  readonly #ports: LoopPorts;
  readonly #host: LoopHost;
  #performer: EffectPerformer | undefined;
  #queue: EngineEvent[] = [];
  readonly #early: EarlyMessages;
  #pumping: Promise<void> | undefined;
  #working = false;
  /** Called when a step has finished and no work is in progress. */
  #idle: (() => void) | undefined;
  #importing: boolean;
  #started = false;
  /** The error that led to the current state. It becomes the cause of the run's error, and is never saved. */
  #cause: unknown;
  /** Whether a cancel was requested. After that, nothing is sent and no tool starts, even if that was saved (I8). */
  #cancelAsked = false;
  readonly #time: RunTime;
  /** Aborted when driving stops here. */
  readonly #stop = new AbortController();

  constructor(
    ports: LoopPorts,
    host: LoopHost,
    head: RunHead,
    items: readonly StoredItem[],
    importing = false,
  ) {
    this.#ports = ports;
    this.#host = host;
    this.state = head;
    this.#early = new EarlyMessages(head);
    this.#continued = head.commitId;
    this.stored = new RunItems(items, () => host.earlierItems());
    this.output = new OutputReader(this.items);
    this.#importing = importing;
    this.#time = new RunTime(ports.clock, ports.time, savedTime(head), {
      timerFired: () => this.feed({ type: 'timer' }),
      slept: (gapMs) => this.feed({ type: 'slept', gapMs }),
    });
  }

  get items(): readonly StoredItem[] {
    return this.stored.list;
  }

  get commitId(): string {
    return this.saved?.head.commitId ?? this.#continued;
  }

  get started(): boolean {
    return this.#started;
  }

  get running(): boolean {
    return this.#started && !this.stopped;
  }

  get cancelAsked(): boolean {
    return this.#cancelAsked;
  }

  get cause(): unknown {
    return this.#cause;
  }

  get stopped(): boolean {
    return this.#stop.signal.aborted;
  }

  get stopping(): AbortSignal {
    return this.#stop.signal;
  }

  /** Milliseconds on the run's monotonic clock (`RunTime`). */
  now(): number {
    return this.#time.now();
  }

  /** Queues an event for the engine. Events are processed in order, but `draining` first; after `stop` none is. */
  feed(event: EngineEventBody, cause?: unknown): void {
    if (this.stopped) return;
    if ('source' in event && !this.seen.add(event)) return;
    this.#started = true;
    const answered = event.type === 'responded' || event.type === 'streamed';
    if (cause !== undefined || answered) this.#cause = cause;
    if (event.type === 'cancel_asked') this.#cancelAsked = true;
    if (this.#early.hold(event)) return;
    this.#watch();
    // Reports a sleep of the machine before this event, because the event's effects begin after the sleep.
    this.#time.compare();
    const stamped = [event, ...this.#early.after(event)].map((one) => this.#stamped(one));
    // Events that are already queued must not start new work, so `draining` is processed before them.
    if (event.type === 'draining') this.#queue.unshift(...stamped);
    else this.#queue.push(...stamped);
    this.#work();
  }

  /** Continues from the last save. The time without a driver is measured in wall time. */
  resume(policy: RunPolicy, manual: boolean, watched?: boolean): void {
    const gapMs = Math.max(0, this.#ports.clock.now() - this.state.updatedAt);
    this.feed({ type: 'resumed', policy, gapMs, manual, ...defined({ watched }) });
  }

  #stamped(event: EngineEventBody): EngineEvent {
    const { clock, random } = this.#ports;
    return { ...event, at: clock.now(), time: this.#time.now(), random: random() };
  }

  #watch(): void {
    this.#time.watch(this.running && !this.over && !awaitsPerson(this.state));
  }

  #work(): void {
    // `#working` is set before the first step, because a listener or a fast store may feed the next event during the
    // step.
    if (this.#working) return;
    this.#working = true;
    const pumping = this.#pump();
    // If no save was needed, all events are already processed.
    if (this.#working) this.#pumping = pumping;
  }

  /** Resolves when all events fed so far are processed and saved, and no webhook of them is being taken. */
  async flushed(): Promise<void> {
    await this.#early.released();
    for (let work; (work = this.#pumping ?? this.#performer?.taking) !== undefined; ) await work;
  }

  /**
   * Stops driving in this process. The loop starts nothing new. It waits up to `graceMs` milliseconds for a create, a
   * cancel or running tools, saves the results, and aborts the rest. The job continues at the server.
   */
  async drain(graceMs: number): Promise<void> {
    if (this.stopped) return;
    const idle = Promise.withResolvers<void>();
    this.#idle = idle.resolve;
    this.feed({ type: 'draining' });
    await withTimeout(graceMs, this.#ports.clock, idle.promise, () => undefined);
    this.stop();
    // Wait for a save in progress, but with a limit, because a store may never answer.
    await withTimeout(lastSaveMs, this.#ports.clock, this.flushed(), () => undefined);
  }

  stop(): void {
    this.#stop.abort(abortReason);
    this.#queue = [];
    this.#early.release();
    this.#performer?.abort();
    this.#time.stop();
  }

  #halt(error: LonghaulError): void {
    if (this.stopped) return;
    this.stop();
    this.#host.halted(error);
  }

  async #pump(): Promise<void> {
    try {
      const { transition, EffectPerformer, clientNews } =
        loadedLoop() ?? (await loadLoop(this.#ports, this.#stop.signal));
      const performer = (this.#performer ??= new EffectPerformer(this.#ports, this.#host, this));
      while (this.#queue.length > 0) {
        const news = clientNews(this.#ports, this.state, this.#time.now());
        const event = news === undefined ? this.#queue.shift() : this.#stamped(news);
        if (event === undefined) break;
        const [state, effects] = transition(this.state, event);
        const events = effects.flatMap((effect) => (effect.type === 'emit' ? [effect.event] : []));
        const [first] = effects;
        // Save first. A transition that cannot be saved has no effect, and a run that cannot save its end has not
        // ended.
        if (first?.type === 'save') await this.#saveStep(state, first, events, event.at);
        else {
          this.state = state;
          for (const one of events) this.#host.emit(one, event.at);
        }
        for (const effect of effects) {
          if (this.stopped) return;
          if (effect.type !== 'save' && effect.type !== 'emit') this.#perform(performer, effect, event.at);
        }
        // Consecutive batches are shown together, because a view for each would cost more than the stream itself.
        if (this.#queue[0]?.type !== 'streamed') this.#host.stepped();
        if (!hasWorkInFlight(this.state)) this.#idle?.();
      }
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#working = false;
      this.#pumping = undefined;
      this.#watch();
    }
  }

  #fail(cause: unknown): void {
    const { code, message } = errorAsData(cause, 'internal');
    const reason = `Run ${this.state.runId} is no longer driven here: ${message}`;
    this.#halt(new LonghaulError(code, reason, { cause }));
  }

  /** Stops driving if an effect throws, because the run would wait forever for the event of the effect. */
  #watchEffect(work: Promise<void>): void {
    work.catch((error: unknown) => this.#fail(error));
  }

  /** Saves a step, and then emits its events, whose numbers the save contains. */
  async #saveStep(
    state: RunState,
    effect: SaveEffect,
    events: readonly RunEventBody[],
    at: number,
  ): Promise<void> {
    const hold = this.#host.hold(events.length);
    const numbered = { ...state, seq: hold.seq };
    let emitted: readonly RunEventBody[] = [];
    try {
      await this.#save(numbered, effect);
      this.state = numbered;
      if (!this.stopped) emitted = events;
    } finally {
      hold.end(emitted, at);
    }
  }

  async #save(state: RunState, effect: SaveEffect): Promise<void> {
    const change = commitOf(state, effect, this.#importing ? this.items : undefined);
    // Each attempt has the same `commitId`, so a repetition has no effect if an earlier attempt has succeeded.
    await retryStore(this.#ports, () => this.#ports.store.commit(change), this.#stop.signal);
    this.#importing = false;
    this.stored.list.push(...effect.append);
    this.saved = { head: change.head, items: this.items.length };
  }

  #perform(performer: EffectPerformer, effect: PerformedEffect | TimedEffect, at: number): void {
    if (effect.type === 'wait')
      this.#watchEffect(this.#time.wakeAt(effect.until, hasWorkInFlight(this.state)));
    else if (effect.type !== 'stop') this.#watchEffect(performer.perform(effect, this.state, at));
    // After a cancel request, the cancel ends the run.
    else if (!this.#cancelAsked) {
      const { code, message } = effect.error;
      this.#halt(new LonghaulError(code, message, { cause: this.#cause }));
    }
  }

  /**
   * The last saved state, without work in progress. Otherwise a process that resumes from the snapshot would treat an
   * unsaved effect as done.
   */
  snapshot(): RunSnapshot {
    return snapshotOf(this.state, this.items, this.saved);
  }

  get over(): boolean {
    return isTerminalRun(this.state.status);
  }
}

import type { OwnershipCommand } from '../../src/ownership/ownership-command.ts';
import type { OwnershipEvent } from '../../src/ownership/ownership-event.ts';
import type { Ownership, RunFacts } from '../../src/ownership/ownership.ts';
import { continueLoop, isIdle, isInLoop, loopSaved, stopLoop } from './model-loop.ts';
import { isActive, type Input, type ModelAsk, type ModelProcess, type StoreResult } from './model-process.ts';
import { factsOf, fits, records, type LoopEvent, type Message, type ModelRun } from './model-run.ts';
import { currentCall, feed, normalise, replaceLoop, send, sendCommit, withoutAsk } from './process-steps.ts';
import { answerOf, mayStop } from './user-answer.ts';

export type Next = (ownership: Ownership, event: OwnershipEvent) => [Ownership, OwnershipCommand[]];

/** One event of a process: passes it to the ownership machine, and performs the commands like the driver. */
export class ProcessTurn {
  /** Decisions that were answered as accepted. */
  readonly accepted: number[] = [];
  readonly refused: number[] = [];
  /** Whether the process has requested the events that the driver does not save. */
  hello = false;
  /** Whether the process has stopped because the store does not have the run. */
  notFound = false;
  #now: ModelProcess;
  readonly #next: Next;
  readonly #events: OwnershipEvent[] = [];
  /** The events that made the loop continue. */
  readonly #continued: LoopEvent[] = [];
  #loaded: ModelRun | null = null;
  #received: readonly Message[] = [];

  constructor(process: ModelProcess, next: Next) {
    this.#now = process;
    this.#next = next;
  }

  /** @throws if a command breaks an invariant, or does not fit the state of the process */
  take(input: Input): ModelProcess {
    this.#take(input);
    // A flush ends as soon as the loop is idle. It involves no other process, so it is not a separate move.
    for (let { own, loop } = this.#now; own.call?.type === 'flush' && isIdle(loop); { own, loop } = this.#now)
      this.#handle({ type: 'flushed', call: own.call.id, ...this.#facts(loop.run) });
    this.#mustHaveContext();
    return normalise(this.#now);
  }

  #take(input: Input): void {
    switch (input.type) {
      case 'asked':
        this.#set({ asks: [...this.#now.asks, input.ask] });
        return this.#handle(input.event);
      case 'event':
        if (input.event.type === 'claim_lost') this.#set({ held: false });
        return this.#handle(input.event);
      case 'answered':
        return this.#answered(input.at, input.result);
      case 'paused':
        return this.#handle({ type: 'paused', call: currentCall, late: input.late });
      case 'drained':
        this.#stopLoop();
        return this.#handle({ type: 'drained', call: currentCall, ...this.#facts(this.#now.loop.run) });
      case 'progress': {
        const { standing } = this.#now.loop.run;
        this.#now = feed(this.#now, { type: 'progress' });
        const { run } = this.#now.loop;
        if (run.standing !== standing) this.#handle({ type: 'stepped', ...this.#facts(run) });
        return;
      }
      case 'halted':
        this.#stopLoop();
        return this.#handle({ type: 'halted' });
      case 'provided':
        this.#set({ hasContext: true });
        return this.#handle({ type: 'context_given', request: currentCall });
      case 'unprovided':
        return this.#handle({ type: 'context_failed', request: currentCall });
    }
  }

  #set(patch: Partial<ModelProcess>): void {
    this.#now = { ...this.#now, ...patch };
  }

  #stopLoop(): void {
    this.#set({ loop: stopLoop(this.#now.loop) });
  }

  #handle(first: OwnershipEvent): void {
    this.#events.push(first);
    for (let event = this.#events.shift(); event !== undefined; event = this.#events.shift()) {
      const [own, commands] = this.#next(this.#now.own, event);
      this.#set({ own });
      if (own.place !== 'driving') this.#set({ hasContext: false });
      for (const command of commands) this.#perform(command, event);
    }
  }

  #answered(at: number, result: StoreResult): void {
    const operation = this.#now.operations[at];
    if (operation === undefined) throw new Error('there is no such operation');
    this.#set({ operations: this.#now.operations.filter((one) => one !== operation) });
    const call = operation.isAwaited ? currentCall : 0;
    switch (result.type) {
      case 'claim':
        if (result.granted) this.#set({ held: true });
        return this.#handle({ type: 'claim_answered', call, granted: result.granted });
      case 'release':
        return this.#set({ held: false });
      case 'load': {
        const run = result.saved;
        this.#loaded = run;
        const claimed = this.#now.own.mayDrive ? {} : { claimed: result.claimed };
        const facts = run === null ? { run } : this.#facts(run);
        return this.#handle({ type: 'loaded', call, ...facts, ...claimed });
      }
      case 'receive':
        this.#received = result.inbox.filter(({ id }) => !isInLoop(this.#now.loop, id));
        return this.#handle({
          type: 'received',
          call,
          count: this.#received.length,
          cancels: this.#received.some(({ kind }) => kind === 'cancel'),
        });
      case 'post':
        return this.#handle({ type: 'posted', call });
      case 'park':
        if (result.result === 'parked') this.#set({ held: false });
        return this.#handle({ type: 'park_answered', call, result: result.result });
      case 'commit':
        return operation.orphan ? undefined : this.#committed(result.saved);
      case 'failed':
        if (operation.type !== 'commit') return this.#handle({ type: 'failed', call });
        return operation.orphan ? undefined : this.#committed(false);
    }
  }

  #committed(isSaved: boolean): void {
    const { loop } = this.#now;
    this.#set({ loop: isSaved ? loopSaved(loop) : { ...loop, commit: null } });
    const { own, loop: saved } = this.#now;
    // A decision comes later, maybe after days.
    const waits = saved.run.standing === 'awaits_person' && loop.run.standing !== 'awaits_person';
    if (waits && !own.shared) this.#set({ hasContext: false });
    if (loop.stopped) return;
    if (!isSaved) return this.#take({ type: 'halted' });
    this.#handle({ type: 'stepped', ...this.#facts(this.#now.loop.run) });
    this.#now = sendCommit({ ...this.#now, loop: continueLoop(this.#now.loop) });
  }

  #facts(run: ModelRun): { run: RunFacts; answered: number[] } {
    const decisions = this.#now.asks.filter(({ kind }) => kind === 'decide').map(({ id }) => id);
    return { run: factsOf(run), answered: decisions.filter((id) => records(run, id)) };
  }

  /** Tools that the loop calls next receive the context. A loop that has received a cancel calls none. */
  #mustHaveContext(): void {
    const { hasContext, loop, own } = this.#now;
    const events = this.#continued.splice(0);
    const pending = [...loop.queue, ...(loop.commit === null ? [] : [loop.commit.event])];
    const isCancelled =
      loop.run.standing === 'over' || pending.some((event) => 'kind' in event && event.kind === 'cancel');
    if (own.asksContext && !hasContext && !isCancelled && events.length > 0)
      throw new Error('O15: the loop continues without a context');
  }

  #perform(command: OwnershipCommand, event: OwnershipEvent): void {
    switch (command.type) {
      case 'claim':
      case 'load':
      case 'receive':
      case 'park':
        this.#now = send(this.#now, { type: command.type, isAwaited: true });
        return;
      case 'release':
        this.#now = send(this.#now, { type: 'release', isAwaited: false });
        return;
      case 'post': {
        const message = this.#messageOf(command.ask);
        if (message) this.#now = send(this.#now, { type: 'post', isAwaited: true, message });
        return;
      }
      case 'feed': {
        const message = this.#messageOf(command.ask);
        if (message) this.#feed({ ...message, stored: false });
        return;
      }
      case 'feed_received':
        for (const message of this.#received) this.#feed({ ...message, stored: true });
        return;
      case 'begin':
      case 'resume':
        return this.#feed({ type: command.type });
      case 'open':
        return this.#open(false);
      case 'import':
        return this.#open(true);
      case 'show_saved':
        return this.#show(command.driver);
      case 'show_resting':
        return this.#show('none');
      case 'show_driver':
        return this.#set({ view: command.driver });
      case 'follow':
        return this.#set({ live: 'no' });
      case 'hello':
        this.hello = true;
        return this.#set({ live: 'received' });
      case 'publish_live':
        return this.#set({ live: 'published' });
      case 'stop_loop':
        return this.#stopLoop();
      case 'end':
        if (this.#now.loop.run.standing !== 'over') throw new Error('O12: a run ends that is not over');
        return this.#set({ view: 'none' });
      case 'stop':
        if (!mayStop(command.why, event)) throw new Error(`O12: driving stops, ${command.why}`);
        if (command.why === 'not_found') this.notFound = true;
        this.#stopLoop();
        return this.#set({ view: 'none' });
      case 'answer':
        return this.#answer(this.#askOf(command.ask), command.stopped);
      case 'refuse':
        this.#now = withoutAsk(this.#now, this.#askOf(command.ask));
        return;
      // These calls end by a move of the model.
      case 'ask_context':
      case 'flush':
      case 'drain':
      case 'pause':
      // These commands change nothing in the model.
      case 'show_end':
      case 'reopen':
        return;
    }
  }

  #feed(event: LoopEvent): void {
    this.#continued.push(event);
    this.#now = feed(this.#now, event);
  }

  #open(imports: boolean): void {
    this.#show('here', imports);
    this.#set({ live: 'no' });
  }

  #show(view: ModelProcess['view'], imports = false): void {
    this.#now = replaceLoop(this.#now, this.#loaded ?? this.#now.loop.run, imports);
    this.#set({ view });
  }

  #askOf(id: number | undefined): ModelAsk {
    const ask = this.#now.asks.find((one) => one.id === id);
    if (ask === undefined) throw new Error('O5: a request is sent, or answered, that was answered before');
    return ask;
  }

  /**
   * Returns the message of a user's request. If the run records the outcome, or the message does not fit the run, the
   * request is settled, and the result is undefined.
   */
  #messageOf(askId: number | undefined): Message | undefined {
    const ask = this.#askOf(askId);
    const { id, kind, waits, createdAt } = ask;
    if (kind === 'resume' || kind === 'follow') throw new Error('the request is not a message');
    const { run } = this.#now.loop;
    const isRecorded = records(run, id);
    if (!isRecorded && fits(run, { kind, waits })) return { kind, id, waits, createdAt };
    if (isRecorded) this.#answer(ask);
    else {
      this.refused.push(id);
      this.#now = withoutAsk(this.#now, ask);
    }
    this.#events.push({ type: 'ask_settled', ask: id });
    return undefined;
  }

  #answer(ask: ModelAsk, stopped = !isActive(this.#now)): void {
    this.#now = withoutAsk(this.#now, ask);
    if (ask.kind !== 'decide') return;
    const { loop } = this.#now;
    const runs = this.#loaded === null ? [loop.run] : [loop.run, this.#loaded];
    const answer = answerOf(ask, runs, stopped);
    if (answer !== 'unknown') this[answer].push(ask.id);
  }
}

import type { Agent } from '../agent/define-agent.ts';
import { decisionProblem } from '../engine/decision-problem.ts';
import type { Decision } from '../engine/decision.ts';
import type { Continuation } from '../engine/engine-event.ts';
import type { RunPolicy } from '../engine/run-policy.ts';
import type { RunState } from '../engine/run-state.ts';
import type { RunEvent } from '../engine/view/run-event.ts';
import { isTerminalRun, type RunView } from '../engine/view/run-view.ts';
import { viewOf } from '../engine/view/view-of.ts';
import { DecisionError } from '../errors/decision-error.ts';
import { LonghaulError } from '../errors/longhaul-error.ts';
import type { Run, RunResult } from '../run/run.ts';
import type { RunSnapshot } from '../store/run-store.ts';
import type { ToolOutput } from '../wire/items.ts';
import type { JsonValue } from '../wire/json.ts';
import { jsonCopy } from '../wire/json-copy.ts';
import type { Claims } from './claims.ts';
import { type InboxMessage, readInboxMessage } from './inbox-message.ts';
import type { LoopPorts } from './loop-setup.ts';
import { Publication } from './publication.ts';
import { randomId } from './random-id.ts';
import { readOutput } from './read-output.ts';
import { recordDecision } from './record-decision.ts';
import { RunLoop } from './run-loop.ts';
import { outcomeError } from './run-outcome.ts';
import { readSnapshot } from './snapshot.ts';
import type { StoreHint } from './store-watch.ts';

/** What a local run needs of its runner. */
export interface LocalRunSetup {
  readonly agent: Agent;
  readonly context: unknown;
  readonly ports: LoopPorts;
  readonly claims: Claims;
  /** The rules by which this runner drives a run of this agent. */
  readonly policy: RunPolicy;
  /** The run is over, or not driven here any more. */
  readonly ended: (run: LocalRun) => void;
}

/** Where the loop of the run is. `resting`: only a person is awaited, and nobody holds the claim. */
type Place = 'driving' | 'resting' | 'following' | 'stopped';

/** How long running tools may take to settle when driving stops. */
export const defaultGraceMs = 10_000;

/** A run whose loop runs in this process, or that is followed from here while another one drives it. */
export class LocalRun implements Run {
  readonly id: string;
  readonly #setup: LocalRunSetup;
  readonly #publication: Publication;
  #loop: RunLoop;
  #place: Place = 'driving';
  #stopError: LonghaulError | undefined;
  #ended = Promise.withResolvers<void>();
  /** One change of place at a time. */
  #changing: Promise<unknown> = Promise.resolve();

  constructor(
    setup: LocalRunSetup,
    snapshot: { readonly head: RunState; readonly items: RunSnapshot['items'] },
    importing = false,
  ) {
    const { head, items } = snapshot;
    this.id = head.runId;
    this.#setup = setup;
    this.#publication = new Publication(
      viewOf(head, items, isTerminalRun(head.status) ? 'none' : 'here'),
      head.epoch,
    );
    this.#loop = this.#newLoop(snapshot, importing);
    if (isTerminalRun(head.status)) this.#settle('stopped');
  }

  get view(): RunView {
    return this.#publication.view;
  }

  get agent(): string {
    return this.#setup.agent.name;
  }

  get over(): boolean {
    return this.#loop.over;
  }

  /** Starts driving a new run. `continuation` is what it carries on, where that must be loaded first. */
  begin(continuation?: Promise<Continuation>): void {
    void this.#serially(async () => {
      if (!(await this.#claim())) {
        return this.#halted(
          new LonghaulError(
            'conflict',
            `A run ${this.id} exists already and is driven elsewhere; nothing was sent.`,
          ),
        );
      }
      try {
        const carried = await continuation;
        this.#loop.feed({ type: 'started', ...(carried === undefined ? {} : { continuation: carried }) });
      } catch (error) {
        const code = LonghaulError.isInstance(error) ? error.code : 'continue_failed';
        this.#loop.feed({
          type: 'start_failed',
          error: { code, message: error instanceof Error ? error.message : String(error) },
        });
      }
    });
  }

  /** Takes up a saved run: drives it where the claim is to be had, else follows whoever has it. */
  takeUp(): Promise<void> {
    return this.#serially(async () => {
      if (this.#loop.over || this.#place === 'following') return;
      this.#ended = Promise.withResolvers<void>();
      this.#stopError = undefined;
      await this.#driveOrFollow();
    });
  }

  subscribe(listener: () => void): () => void {
    return this.#publication.subscribe(listener);
  }

  events(options: { readonly after?: number } = {}): AsyncIterable<RunEvent> {
    return this.#publication.events(options.after);
  }

  async done(): Promise<RunView> {
    await this.#ended.promise;
    return this.view;
  }

  async result(): Promise<RunResult> {
    await this.#ended.promise;
    const { state, items } = this.#loop;
    const { view } = this;
    if (state.phase.type !== 'done')
      throw this.#stopError ?? new LonghaulError('detached', `Run ${this.id} is not driven here any more.`);
    const error = outcomeError(state.phase.outcome, view);
    if (error !== undefined) throw error;
    const { agent } = this.#setup;
    const read = agent.output === undefined ? {} : await readOutput(agent, items);
    return { runId: this.id, text: view.text, output: read.value, usage: view.usage, view };
  }

  async cancel(reason?: string): Promise<RunView> {
    const message: InboxMessage = { type: 'cancel_asked', ...(reason === undefined ? {} : { reason }) };
    // Driving here: no queue before it. A cancel must not wait for anything but an outstanding save.
    if (this.#place === 'driving') this.#loop.feed(message);
    else await this.#serially(() => this.#pass(message));
    return this.done();
  }

  async detach({ graceMs = defaultGraceMs }: { readonly graceMs?: number } = {}): Promise<void> {
    await this.#serially(async () => {
      if (this.#loop.over || this.#place === 'stopped') return;
      if (this.#place === 'driving') await this.#loop.drain(graceMs);
      // The run may have ended while it was winding down: then there is nothing to stop.
      if (this.#loop.over) return;
      this.#halted(
        new LonghaulError(
          'detached',
          `Run ${this.id} was detached; its job goes on at the server. Resume it to go on.`,
        ),
      );
    });
  }

  approve(callId: string): Promise<void> {
    return this.respond([{ type: 'approve', callId }]);
  }

  deny(callId: string, reason?: string): Promise<void> {
    return this.respond([{ type: 'deny', callId, ...(reason === undefined ? {} : { reason }) }]);
  }

  submitToolOutput(callId: string, output: ToolOutput | JsonValue | undefined): Promise<void> {
    return this.respond([{ type: 'output', callId, output }]);
  }

  async respond(decisions: readonly Decision[]): Promise<void> {
    const recorded = decisions.map(recordDecision);
    await this.#serially(async () => {
      await this.#loop.flushed();
      const seen = new Set<string>();
      for (const decision of decisions) {
        const { callId } = decision;
        const problem = seen.has(callId)
          ? `The call ${callId} is decided twice.`
          : decisionProblem(this.#loop.state, decision);
        if (problem !== undefined) throw new DecisionError(callId, problem);
        seen.add(callId);
      }
      await this.#pass({ type: 'decided', decisions: recorded });
    });
    await this.#loop.flushed();
    if (this.#stopError !== undefined) throw this.#stopError;
  }

  snapshot(): RunSnapshot {
    const { saved, state, items } = this.#loop;
    // What is saved, not what is under way: an effect that was not written ahead must not be taken for done.
    if (saved === undefined) return jsonCopy({ head: { ...state, commitId: randomId() }, items: [...items] });
    return jsonCopy({ head: saved.head, items: items.slice(0, saved.items) });
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
    }).catch(() => undefined);
  }

  #serially<T>(change: () => Promise<T>): Promise<T> {
    const next = this.#changing.then(change);
    this.#changing = next.catch(() => undefined);
    return next;
  }

  #newLoop(
    snapshot: { readonly head: RunState; readonly items: RunSnapshot['items'] },
    importing: boolean,
  ): RunLoop {
    const { agent, context, ports } = this.#setup;
    const host = {
      agent,
      context,
      tell: this.#publication.tell.bind(this.#publication),
      stepped: () => this.#stepped(),
      halted: (error: LonghaulError) => this.#halted(error),
    };
    return new RunLoop(ports, host, snapshot.head, snapshot.items, importing);
  }

  #claim(): Promise<boolean> {
    return this.#setup.claims.take(this.id, () => {
      // Somebody else drives now: whatever we would still send, they send too.
      if (this.#place !== 'driving') return;
      this.#loop.stop();
      void this.#serially(async () => this.#follow()).catch(() => undefined);
    });
  }

  #stepped(): void {
    if (this.#loop.over) this.#settle('stopped');
    else if (this.#loop.state.status === 'requires_action' && this.#setup.ports.store.claim !== undefined)
      this.#rest();
    this.#publication.notify();
  }

  #settle(place: Place): void {
    this.#place = place;
    this.#publication.end();
    this.#ended.resolve();
    void this.#setup.claims.release(this.id);
    this.#setup.ended(this);
  }

  #halted(error: LonghaulError): void {
    this.#stopError = error;
    this.#loop.stop();
    this.#publication.tell({ type: 'run.driver', driver: 'none' }, this.#setup.ports.clock.now());
    this.#settle('stopped');
    this.#publication.notify();
  }

  /** Nobody drives while only a person is awaited: whoever brings the decision does. */
  #rest(): void {
    void this.#serially(async () => {
      await this.#loop.flushed();
      if (this.#place !== 'driving' || this.#loop.state.status !== 'requires_action' || this.#loop.stopped)
        return;
      this.#place = 'resting';
      await this.#setup.claims.release(this.id);
      // A message may have come in just before.
      await this.#lookAround();
    }).catch(() => undefined);
  }

  /** While resting: has somebody else taken the run on, or left a message for it? */
  async #lookAround(): Promise<void> {
    const { store } = this.#setup.ports;
    const messages = (await store.receive?.(this.id)) ?? [];
    if (messages.length > 0) {
      for (const message of messages) {
        const read = readInboxMessage(message);
        if (read !== undefined) await this.#pass(read);
      }
      return;
    }
    const stored = await store.load(this.id);
    if (stored !== undefined && stored.head.revision > this.#loop.state.revision)
      await this.#driveOrFollow(readSnapshot(stored));
  }

  /** Hands a message to the loop, wherever it is. */
  async #pass(message: InboxMessage): Promise<void> {
    const { store } = this.#setup.ports;
    if (this.#place === 'stopped') {
      if (this.#loop.over) return;
      this.#ended = Promise.withResolvers<void>();
      this.#stopError = undefined;
      await this.#driveOrFollow();
    } else if (this.#place === 'resting') {
      await this.#driveOn();
    }
    if (this.#place === 'driving') this.#loop.feed(message);
    else await store.post?.(this.id, jsonCopy(message));
  }

  /** From resting back to driving, with what the store says now. */
  async #driveOn(): Promise<void> {
    if (!(await this.#claim())) return this.#follow();
    const stored = await this.#setup.ports.store.load(this.id);
    if (stored !== undefined && stored.head.revision !== this.#loop.state.revision)
      return this.#drive(readSnapshot(stored));
    this.#place = 'driving';
  }

  async #driveOrFollow(known?: RunSnapshot): Promise<void> {
    if (!(await this.#claim())) return this.#follow(known);
    // Read with the claim in hand: nobody else changes it from here on.
    const stored = await this.#setup.ports.store.load(this.id);
    await this.#drive(stored === undefined ? undefined : readSnapshot(stored));
  }

  async #drive(stored: RunSnapshot | undefined): Promise<void> {
    const snapshot = stored ?? this.snapshot();
    this.#loop.stop();
    this.#loop = this.#newLoop(snapshot, stored === undefined);
    const { head, items } = snapshot;
    this.#publication.reopen(head.epoch + 1);
    this.#place = 'driving';
    const { clock } = this.#setup.ports;
    this.#publication.tell({ type: 'view', view: viewOf(head, items, 'here') }, clock.now());
    if (this.#loop.over) return this.#settle('stopped');
    this.#loop.feed({ type: 'resumed', policy: this.#setup.policy });
    await this.#receive();
  }

  async #follow(known?: RunSnapshot): Promise<void> {
    this.#place = 'following';
    await this.#show(known ?? (await this.#load()));
  }

  async #load(): Promise<RunSnapshot | undefined> {
    const stored = await this.#setup.ports.store.load(this.id);
    return stored === undefined ? undefined : readSnapshot(stored);
  }

  async #show(snapshot: RunSnapshot | undefined): Promise<void> {
    if (snapshot === undefined)
      return this.#halted(new LonghaulError('not_found', `Run ${this.id} is not in the store any more.`));
    const { head, items } = snapshot;
    this.#loop.stop();
    this.#loop = this.#newLoop(snapshot, false);
    const over = isTerminalRun(head.status);
    this.#publication.reopen(head.epoch);
    this.#publication.tell(
      { type: 'view', view: viewOf(head, items, over ? 'none' : 'elsewhere') },
      this.#setup.ports.clock.now(),
    );
    if (over) this.#settle('stopped');
    this.#publication.notify();
  }

  /** While following: what the driving process has saved, and whether it still drives. */
  async #refresh(): Promise<void> {
    const snapshot = await this.#load();
    if (snapshot === undefined || snapshot.head.revision > this.#loop.state.revision)
      await this.#show(snapshot);
    if (this.#place === 'following' && (await this.#claim())) {
      const { head } = snapshot ?? this.snapshot();
      // Nobody needs to drive a run that waits for a person.
      if (head.status !== 'requires_action') return this.#driveOrFollow();
      this.#place = 'resting';
      await this.#setup.claims.release(this.id);
    }
  }

  async #receive(): Promise<void> {
    const messages = (await this.#setup.ports.store.receive?.(this.id)) ?? [];
    for (const message of messages) {
      const read = readInboxMessage(message);
      if (read !== undefined) this.#loop.feed(read);
    }
  }
}

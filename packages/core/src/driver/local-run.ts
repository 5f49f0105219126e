import type { Clock } from '../clock/clock.ts';
import { within } from '../clock/within.ts';
import { decisionsProblem, type Decision } from '../engine/decision.ts';
import type { Continuation } from '../engine/engine-event.ts';
import { processedMessage } from '../engine/processed-messages.ts';
import type { RunLimits } from '../engine/run-policy.ts';
import type { RunEvent } from '../engine/view/run-event.ts';
import { isTerminalRun, type RunView } from '../engine/view/run-view.ts';
import { viewOf } from '../engine/view/view-of.ts';
import { DecisionError } from '../errors/decision-error.ts';
import { LonghaulError } from '../errors/longhaul-error.ts';
import type { Run, RunResult } from '../run/run.ts';
import type { RunLook, RunSnapshot } from '../store/run-store.ts';
import { defined } from '../wire/defined.ts';
import type { ToolOutput } from '../wire/items.ts';
import type { JsonValue } from '../wire/json.ts';
import type { DriveOptions } from './drive-options.ts';
import { Driving } from './driving.ts';
import type { DrivingSetup } from './driving-setup.ts';
import { Publication } from './publication.ts';
import { randomId } from './random-id.ts';
import { readOutput } from './read-output.ts';
import { recordDecision } from './record-decision.ts';
import { outcomeError } from './run-outcome.ts';
import type { KnownRun } from './session.ts';
import type { StoreHint } from './store-watch.ts';

/** How long running tools may take to settle when driving stops. */
const defaultGraceMs = 10_000;

/** How long leaving may take beside that: a store may never answer. */
const leaveWithinMs = 5_000;

/** The handle of a run whose loop runs in this process, or is followed from here. */
export class LocalRun implements Run {
  readonly id: string;
  readonly #publication: Publication;
  readonly #driving: Driving;
  readonly #clock: Clock;
  #lookingInto = false;

  constructor(setup: DrivingSetup, driveOptions: DriveOptions, run: KnownRun, importing = false) {
    const { head, items } = run;
    this.id = head.runId;
    this.#clock = setup.ports.clock;
    this.#publication = new Publication(
      viewOf(head, items, isTerminalRun(head.status) ? 'none' : 'here'),
      head.epoch,
    );
    this.#driving = new Driving(setup, this.#publication, driveOptions, run, importing);
  }

  get view(): RunView {
    return this.#publication.view;
  }

  get driveOptions(): DriveOptions {
    return this.#driving.session.driveOptions;
  }

  get limits(): RunLimits {
    return this.#driving.session.state.limits;
  }

  /** Whether the run is terminal: cheaper to ask than the view. */
  get over(): boolean {
    return this.#driving.session.over;
  }

  /** A start that was refused before it was ever saved: a run of this id that there may be is another one. */
  get stillborn(): boolean {
    const { loop, stopError } = this.#driving.session;
    return stopError !== undefined && loop.saved === undefined && loop.state.revision === 0;
  }

  begin(continuation: Promise<Continuation> | undefined): void {
    this.#driving.begin(continuation);
  }

  takeUp(driveOptions: DriveOptions, byHand: boolean): Promise<void> {
    return this.#driving.takeUp(driveOptions, byHand);
  }

  notice(what: StoreHint): void {
    if (what === 'asked') this.#lookInto(what);
    else void this.#driving.notice(what);
  }

  /** What one look at the store found: the same as the notices that a store may give by itself. */
  looked(look: RunLook): void {
    const hint = this.#driving.hintOf(look);
    if (hint !== undefined) this.#lookInto(hint);
  }

  /** What is still being looked into is not begun again: the next look tells the rest. */
  #lookInto(hint: StoreHint): void {
    if (this.#lookingInto) return;
    this.#lookingInto = true;
    void this.#driving.notice(hint).finally(() => {
      this.#lookingInto = false;
    });
  }

  wake(): void {
    this.#driving.wake();
  }

  heard(message: JsonValue): void {
    this.#driving.heard(message);
  }

  subscribe(listener: () => void): () => void {
    return this.#publication.subscribe(listener);
  }

  events(options: { readonly after?: number } = {}): AsyncIterable<RunEvent> {
    return this.#publication.events(options.after);
  }

  async done(): Promise<RunView> {
    await this.#driving.session.ended;
    return this.view;
  }

  async result(): Promise<RunResult> {
    await this.#driving.session.ended;
    const { loop, stopError } = this.#driving.session;
    const { state, items } = loop;
    const { view } = this;
    if (state.phase.type !== 'done') {
      throw stopError ?? new LonghaulError('detached', `Run ${this.id} is not driven here any more.`);
    }
    const error = outcomeError(state.phase.outcome, view, loop.cause);
    if (error !== undefined) throw error;
    // Anew each time: what the schema makes of the answer is not saved.
    const { agent } = this.driveOptions;
    const output = agent.output === undefined ? undefined : (await readOutput(agent, items)).value;
    return { runId: this.id, text: view.text, output, usage: view.usage, view };
  }

  async cancel(reason?: string): Promise<RunView> {
    if (!this.#driving.session.over) {
      await this.#driving.pass({
        type: 'cancel_asked',
        source: { id: randomId() },
        ...defined({ reason }),
      });
    }
    const view = await this.done();
    const { over, stopError } = this.#driving.session;
    if (!over && stopError !== undefined) throw stopError;
    return view;
  }

  async detach({ graceMs = defaultGraceMs }: { readonly graceMs?: number } = {}): Promise<void> {
    await within(graceMs + leaveWithinMs, this.#clock, this.#driving.detach(graceMs), () => undefined);
  }

  approve(callId: string): Promise<void> {
    return this.respond([{ type: 'approve', callId }]);
  }

  deny(callId: string, reason?: string): Promise<void> {
    return this.respond([{ type: 'deny', callId, ...defined({ reason }) }]);
  }

  submitToolOutput(callId: string, output: ToolOutput | JsonValue | undefined): Promise<void> {
    return this.respond([{ type: 'output', callId, output }]);
  }

  async respond(decisions: readonly Decision[]): Promise<void> {
    const recorded = decisions.map(recordDecision);
    const id = randomId();
    const { iteration } = this.#driving.session.state;
    const message = { type: 'decided', decisions: recorded, iteration, source: { id } } as const;
    await this.#driving.pass(message, () => {
      const { state } = this.#driving.session;
      mustFit(decisionsProblem(state, decisions));
      return { ...message, iteration: state.iteration };
    });
    // Another message, or the end of the run, may come first.
    const { state, over } = this.#driving.session;
    const processed = processedMessage(state, id);
    if (processed?.result === 'rejected') mustFit(processed);
    if (processed === undefined && over) mustFit(decisionsProblem(state, decisions));
  }

  snapshot(): RunSnapshot {
    return this.#driving.session.loop.snapshot();
  }
}

function mustFit(problem: { readonly callId: string; readonly reason: string } | undefined): void {
  if (problem !== undefined) throw new DecisionError(problem.callId, problem.reason);
}

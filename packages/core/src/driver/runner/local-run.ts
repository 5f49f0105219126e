import { withTimeout } from '../../clock/time-out.ts';
import type { Decision } from '../../engine/decision.ts';
import type { Continuation } from '../../engine/engine-event.ts';
import { pendingResponseId } from '../../engine/pending-response.ts';
import { leaseMs } from '../../engine/policy/lease-ms.ts';
import type { RunLimits } from '../../engine/run-policy.ts';
import type { RunEvent } from '../../engine/view/run-event.ts';
import { isTerminalRun, type RunView } from '../../engine/view/run-view.ts';
import { lastSeqOf } from '../../engine/event-number.ts';
import { LonghaulError } from '../../errors/longhaul-error.ts';
import type { RunOrigin } from '../../ownership/ownership.ts';
import type { StoreHint } from '../../ownership/ownership-event.ts';
import type { CallLease, DrivenRun } from '../../run/driving-runner.ts';
import type { RespondOptions, RunResult, SteerOptions } from '../../run/run.ts';
import type { RunInput } from '../../run/run-input.ts';
import type { RunLook, RunSnapshot } from '../../store/run-store.ts';
import { defined } from '../../wire/defined.ts';
import type { ToolOutput } from '../../wire/items.ts';
import type { JsonValue } from '../../wire/json.ts';
import type { DriveOptions, ResumeFlags } from '../ownership/drive-options.ts';
import type { OwnerSetup } from '../ownership/owner-setup.ts';
import { RunOwner } from '../ownership/run-owner.ts';
import { Publication } from '../publication/publication.ts';
import { randomId } from '../../run/random-id.ts';
import { loadedLoop, loadLoop, type LoopCode } from '../load-loop.ts';
import type { LoopPorts } from '../loop-setup.ts';
import type { UserMessage } from '../user-message.ts';
import { isAdoptableStop } from './transient-stop.ts';

/** The default of `graceMs`: the time for which running tools may finish after `detach`, in milliseconds. */
const defaultGraceMs = 10_000;

/** Milliseconds for which `detach` waits after `graceMs`. It has a limit, because a store may never answer. */
const leaveWithinMs = 5_000;

/** The handle of a run that this process drives or follows. */
export class LocalRun implements DrivenRun {
  readonly id: string;
  readonly #publication: Publication;
  readonly #owner: RunOwner;
  readonly #ports: LoopPorts;

  constructor(setup: OwnerSetup, options: DriveOptions, run: RunSnapshot, origin: RunOrigin) {
    const { head, items } = run;
    this.id = head.runId;
    this.#ports = setup.ports;
    this.#publication = new Publication(
      setup.show(head, items, isTerminalRun(head.status) ? 'none' : 'here'),
      lastSeqOf(head),
    );
    this.#owner = new RunOwner(setup, this.#publication, options, run, origin);
  }

  get view(): RunView {
    return this.#publication.view;
  }

  get seq(): number {
    return this.#publication.seq;
  }

  get owner(): string | undefined {
    return this.#owner.loop.state.owner;
  }

  get threadId(): string {
    return this.#owner.loop.state.threadId ?? this.id;
  }

  get continues(): string | undefined {
    return this.#owner.loop.state.continues;
  }

  /** The response that the run waits for. */
  get responseId(): string | undefined {
    return pendingResponseId(this.#owner.loop.state);
  }

  get requestHash(): string | undefined {
    return this.#owner.loop.state.requestHash;
  }

  get driveOptions(): DriveOptions {
    return this.#owner.current.nextOptions;
  }

  get limits(): RunLimits {
    return this.#owner.loop.state.limits;
  }

  /** Whether the run is terminal. This is cheaper to read than `view`. */
  get over(): boolean {
    return this.#owner.loop.over;
  }

  /** Whether the view is current. A resting run is not: another process may delete it between two queries. */
  get isCurrent(): boolean {
    const { place } = this.#owner;
    return this.isActive && place !== 'resting';
  }

  /** Whether this process starts, drives or follows the run, or waits with it for a person. */
  get isActive(): boolean {
    return this.#owner.isActive;
  }

  get stopError(): Error | undefined {
    return this.#owner.ending.stopError;
  }

  get isDrivenHere(): boolean {
    return this.mayDrive && this.isActive;
  }

  /**
   * Whether this runner may adopt the run: it only shows the run, or driving has stopped because the store was not
   * available or the context was not provided. A run that stopped for another reason waits for its user.
   */
  get mayBeAdopted(): boolean {
    if (this.over) return false;
    return !this.mayDrive || (!this.isActive && isAdoptableStop(this.#owner.ending.stopError));
  }

  /** Identifies the last save. */
  get commitId(): string {
    return this.#owner.loop.commitId;
  }

  /** The number of saves of the run so far. */
  get revision(): number {
    return this.#owner.loop.state.revision;
  }

  get isNeverSaved(): boolean {
    return this.#owner.isNeverSaved;
  }

  begin(continuation: Promise<Continuation> | undefined): void {
    this.#owner.begin(continuation);
  }

  /** Whether this runner has started or resumed the run. Otherwise it only shows the run. */
  get mayDrive(): boolean {
    return this.#owner.mayDrive;
  }

  follow(): Promise<void> {
    return this.#owner.follow();
  }

  resume(options: DriveOptions, flags: ResumeFlags): Promise<void> {
    return this.#owner.resume(options, flags);
  }

  hint(hint: StoreHint): void {
    this.#owner.hint(hint);
  }

  looked(look: RunLook): void {
    this.#owner.looked(look);
  }

  /** Performs scheduled requests now. `responseId`: a webhook names it. Returns whether the loop is here. */
  wake(responseId?: string): boolean {
    const { place, loop } = this.#owner;
    const isDriven = place === 'driving' && loop.running;
    if (isDriven) loop.feed({ type: 'woken', ...defined({ responseId }) });
    else this.#owner.hint('asked');
    return isDriven;
  }

  receiveLive(message: JsonValue): void {
    this.#owner.receiveLive(message);
  }

  /** Whether a caller listens to the run, or reads its events. */
  get isObserved(): boolean {
    return this.#publication.isObserved;
  }

  /** Whether a caller needs this handle. */
  get isUsed(): boolean {
    return this.isObserved || this.#owner.ending.isAwaited || this.revision === 0;
  }

  /** In a worker: whether a page shows the run. */
  setWatched(watched: boolean): void {
    this.#owner.loop.feed({ type: 'watched', watched });
  }

  subscribe(listener: () => void): () => void {
    return this.#publication.subscribe(listener);
  }

  events(options: { readonly after?: number } = {}): AsyncIterable<RunEvent> {
    return this.#publication.events(options.after);
  }

  async done(): Promise<RunView> {
    await this.#owner.ending.wait();
    return this.view;
  }

  async result(): Promise<RunResult> {
    const { ending, current } = this.#owner;
    await ending.wait();
    const { loop } = this.#owner;
    const { phase } = loop.state;
    if (phase.type !== 'done')
      throw ending.stopError ?? new LonghaulError('detached', `Run ${this.id} is no longer driven here.`);
    const { resultOf } = loadedLoop() ?? (await loadLoop(this.#ports));
    return resultOf(loop, phase.outcome, this.view, current.options.agent);
  }

  async cancel(reason?: string): Promise<RunView> {
    if (!this.over) {
      const message = { type: 'cancel_asked', source: { id: randomId() }, ...defined({ reason }) } as const;
      await this.#owner.deliver({ type: 'cancel', message });
    }
    const view = await this.done();
    const { stopError } = this.#owner.ending;
    if (!this.over && stopError !== undefined) throw stopError;
    return view;
  }

  async detach({ graceMs = defaultGraceMs }: { readonly graceMs?: number } = {}): Promise<void> {
    await withTimeout(
      graceMs + leaveWithinMs,
      this.#ports.clock,
      this.#owner.detach(graceMs),
      () => undefined,
    );
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

  respond(decisions: readonly Decision[], options: RespondOptions = {}): Promise<void> {
    return this.#send(({ decisionMessage }) => decisionMessage(randomId(), decisions, options));
  }

  steer(input: RunInput, { steerId = randomId() }: SteerOptions = {}): Promise<void> {
    return this.#send(({ steerMessage }) => steerMessage(randomId(), input, steerId));
  }

  async saved(): Promise<void> {
    while (this.revision === 0) {
      const { ending } = this.#owner;
      const changed = Promise.withResolvers<void>();
      const unsubscribe = this.#publication.subscribe(changed.resolve, false);
      await Promise.race([changed.promise, ending.ended]);
      unsubscribe();
      if (this.revision === 0 && ending.stopError !== undefined) throw ending.stopError;
    }
  }

  async hasDecided(decisions: readonly Decision[], iteration: number): Promise<boolean> {
    const { isRepeated } = loadedLoop() ?? (await loadLoop(this.#ports));
    const { state, items } = this.#owner.loop;
    return isRepeated(state, items, decisions, iteration);
  }

  async lease(callId: string, leaseId: string = randomId()): Promise<CallLease> {
    const expiresAt = this.#ports.clock.now() + leaseMs;
    await this.#send(({ leaseMessage }) => leaseMessage(randomId(), callId, leaseId));
    return { leaseId, expiresAt };
  }

  assignOwner(owner: string): Promise<void> {
    return this.#send(({ ownerMessage }) => ownerMessage(randomId(), owner));
  }

  /** Sends a message to the loop that drives the run. Resolves when its effect is saved. */
  async #send(messageOf: (code: LoopCode) => UserMessage): Promise<void> {
    const message = messageOf(loadedLoop() ?? (await loadLoop(this.#ports)));
    await this.#owner.deliver({ type: 'decide', ...message });
  }

  snapshot(): RunSnapshot {
    return this.#owner.loop.snapshot();
  }
}

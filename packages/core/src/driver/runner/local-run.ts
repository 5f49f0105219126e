import { withTimeout } from '../../clock/time-out.ts';
import type { Decision } from '../../engine/decision.ts';
import type { Continuation } from '../../engine/engine-event.ts';
import type { RunLimits } from '../../engine/run-policy.ts';
import type { RunEvent } from '../../engine/view/run-event.ts';
import { isTerminalRun, type RunView } from '../../engine/view/run-view.ts';
import { viewOf } from '../../engine/view/view-of.ts';
import { LonghaulError } from '../../errors/longhaul-error.ts';
import type { RunOrigin } from '../../ownership/ownership.ts';
import type { StoreHint } from '../../ownership/ownership-event.ts';
import { RunFailedError } from '../../run/run-error.ts';
import type { Run, RunResult } from '../../run/run.ts';
import type { RunLook, RunSnapshot } from '../../store/run-store.ts';
import { defined } from '../../wire/defined.ts';
import type { ToolOutput } from '../../wire/items.ts';
import type { JsonValue } from '../../wire/json.ts';
import type { DriveOptions } from '../ownership/drive-options.ts';
import type { OwnerSetup } from '../ownership/owner-setup.ts';
import { RunOwner } from '../ownership/run-owner.ts';
import { Publication } from '../publication/publication.ts';
import { randomId } from '../random-id.ts';
import { loadedLoop, loadLoop } from '../loop/load-loop.ts';
import type { LoopPorts } from '../loop-setup.ts';
import { outcomeError } from './run-outcome.ts';

/** The default of `graceMs`: the time for which running tools may finish after `detach`, in milliseconds. */
const defaultGraceMs = 10_000;

/**
 * The time for which `detach` waits after `graceMs`, in milliseconds. It is limited, because a store may never answer.
 */
const leaveWithinMs = 5_000;

/** The handle of a run that this process drives or follows. */
export class LocalRun implements Run {
  readonly id: string;
  readonly #publication: Publication;
  readonly #owner: RunOwner;
  readonly #ports: LoopPorts;

  constructor(setup: OwnerSetup, options: DriveOptions, run: RunSnapshot, origin: RunOrigin) {
    const { head, items } = run;
    this.id = head.runId;
    this.#ports = setup.ports;
    this.#publication = new Publication(
      viewOf(head, items, isTerminalRun(head.status) ? 'none' : 'here'),
      head.epoch,
    );
    this.#owner = new RunOwner(setup, this.#publication, options, run, origin);
  }

  get view(): RunView {
    return this.#publication.view;
  }

  get driveOptions(): DriveOptions {
    return this.#owner.options;
  }

  get limits(): RunLimits {
    return this.#owner.loop.state.limits;
  }

  /** Whether the run is terminal. This is cheaper to read than `view`. */
  get over(): boolean {
    return this.#owner.loop.over;
  }

  /**
   * Whether this process starts, drives or follows the run, so that the view is current. A resting run is not current,
   * because another process may delete it between two queries of the store.
   */
  get isCurrent(): boolean {
    const { place } = this.#owner;
    return place !== 'stopped' && place !== 'resting';
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

  resume(options: DriveOptions, manual: boolean): Promise<void> {
    return this.#owner.resume(options, manual);
  }

  hint(hint: StoreHint): void {
    this.#owner.hint(hint);
  }

  looked(look: RunLook): void {
    this.#owner.looked(look);
  }

  wake(): void {
    this.#owner.wake();
  }

  receiveLive(message: JsonValue): void {
    this.#owner.receiveLive(message);
  }

  subscribe(listener: () => void): () => void {
    return this.#publication.subscribe(listener);
  }

  events(options: { readonly after?: number } = {}): AsyncIterable<RunEvent> {
    return this.#publication.events(options.after);
  }

  async done(): Promise<RunView> {
    await this.#owner.ending.ended;
    return this.view;
  }

  async result(): Promise<RunResult> {
    const { ending } = this.#owner;
    await ending.ended;
    const { loop } = this.#owner;
    const { state } = loop;
    const { view } = this;
    if (state.phase.type !== 'done') {
      throw ending.stopError ?? new LonghaulError('detached', `Run ${this.id} is no longer driven here.`);
    }
    const error = outcomeError(state.phase.outcome, view, loop.cause);
    if (error !== undefined) throw error;
    // The output of the schema is not saved, so a process that has resumed the run parses the text again.
    const { agent } = this.#owner.loopOptions;
    const read = agent.output === undefined ? undefined : await loop.output.read(agent);
    if (read?.error !== undefined) {
      const message = `The output of run ${this.id} does not match the schema that agent "${agent.name}" has now: ${read.error.message}`;
      throw new RunFailedError(read.error.code, message, view, { cause: read.cause });
    }
    return { runId: this.id, text: view.text, output: read?.value, usage: view.usage, view };
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

  async respond(decisions: readonly Decision[]): Promise<void> {
    const { recordDecision } = loadedLoop() ?? (await loadLoop(this.#ports));
    const recorded = decisions.map(recordDecision);
    const messageId = randomId();
    await this.#owner.deliver({
      type: 'decide',
      messageId,
      decisions,
      messageFor: ({ iteration }) => {
        return { type: 'decided', decisions: recorded, iteration, source: { id: messageId } };
      },
    });
  }

  snapshot(): RunSnapshot {
    return this.#owner.loop.snapshot();
  }
}

import type { Decision } from '../engine/decision.ts';
import type { RunEvent } from '../engine/view/run-event.ts';
import type { RunView } from '../engine/view/run-view.ts';
import { randomId } from '../run/random-id.ts';
import type { RespondOptions, Run, RunResult, SteerOptions } from '../run/run.ts';
import type { RunInput } from '../run/run-input.ts';
import { defined } from '../wire/defined.ts';
import type { StartRequest } from './start-request.ts';
import type { WatchedRun } from './watch/watched-run.ts';

/** The handle of a run of a server. It exists before the code is loaded that watches the run. */
export class RemoteRun implements Run {
  readonly id: string;
  readonly #first: RunView;
  readonly #watching: Promise<WatchedRun>;
  #watched: WatchedRun | undefined;

  /** The request that has started the run, if this runner has started it. */
  readonly request: StartRequest | undefined;

  /** `view`: the view until the code is loaded. */
  constructor(view: RunView, watched: WatchedRun | Promise<WatchedRun>, request?: StartRequest) {
    this.id = view.runId;
    this.request = request;
    this.#first = view;
    this.#watching = Promise.resolve(watched);
    if (!('then' in watched)) this.#watched = watched;
    // The loading fails only if the runner is closed.
    this.#watching.catch(() => undefined);
  }

  /** The code is loaded. Called before any other code can look for the run. */
  attach(watched: WatchedRun): void {
    this.#watched = watched;
  }

  /** Undefined until the code is loaded. */
  get watched(): WatchedRun | undefined {
    return this.#watched;
  }

  get view(): RunView {
    return this.#watched?.view ?? this.#first;
  }

  get seq(): number {
    return this.#watched?.seq ?? 0;
  }

  subscribe(listener: () => void): () => void {
    let end = this.#watched?.subscribe(listener);
    let hasLeft = false;
    if (end === undefined) {
      const subscribed = this.#watching.then((run) => (hasLeft ? undefined : run.subscribe(listener)));
      subscribed.then(
        (left) => (end = left),
        () => undefined,
      );
    }
    return () => {
      hasLeft = true;
      end?.();
    };
  }

  events(options: { readonly after?: number } = {}): AsyncIterable<RunEvent> {
    const watching = this.#watching;
    const { after } = options;
    return {
      [Symbol.asyncIterator]: () => {
        const events = watching.then((run) => run.events(after));
        return {
          next: async () => (await events).next(),
          return: async () => (await events).return(),
        };
      },
    };
  }

  async saved(): Promise<void> {
    await (await this.#watching).saved();
  }

  async result(): Promise<RunResult> {
    return (await this.#watching).result();
  }

  async done(): Promise<RunView> {
    await this.#watching.then(
      (run) => run.done(),
      () => undefined,
    );
    return this.view;
  }

  async cancel(reason?: string): Promise<RunView> {
    return (await this.#watching).cancel(reason);
  }

  async detach(options?: { readonly graceMs?: number }): Promise<void> {
    await (await this.#watching).detach(options);
  }

  async steer(input: RunInput, { steerId = randomId() }: SteerOptions = {}): Promise<void> {
    await (await this.#watching).steer(input, steerId);
  }

  approve(callId: string): Promise<void> {
    return this.respond([{ type: 'approve', callId }]);
  }

  deny(callId: string, reason?: string): Promise<void> {
    return this.respond([{ type: 'deny', callId, ...defined({ reason }) }]);
  }

  submitToolOutput(callId: string, output: unknown): Promise<void> {
    return this.respond([{ type: 'output', callId, output }]);
  }

  async respond(decisions: readonly Decision[], options?: RespondOptions): Promise<void> {
    await (await this.#watching).respond(decisions, options);
  }
}

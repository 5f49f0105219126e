import { abortReason } from '../../clock/abort-reason.ts';
import type { Decision } from '../../engine/decision.ts';
import type { RunEvent } from '../../engine/view/run-event.ts';
import { isTerminalRun, type RunView } from '../../engine/view/run-view.ts';
import { ConfigurationError } from '../../errors/configuration-error.ts';
import { DecisionError } from '../../errors/decision-error.ts';
import { LonghaulError } from '../../errors/longhaul-error.ts';
import { callListeners } from '../../run/call-listeners.ts';
import { outcomeOf, outcomeError } from '../../run/run-outcome.ts';
import type { RespondOptions, RunResult } from '../../run/run.ts';
import { readSteer } from '../../run/steer-input.ts';
import type { RunInput } from '../../run/run-input.ts';
import { unsentOf } from '../../run/unsent-of.ts';
import { defined } from '../../wire/defined.ts';
import { misfit, sentDecision } from './decision-check.ts';
import type { RunHost } from './run-host.ts';
import { RunFeed } from './run-feed.ts';
import { errorOf, isGone, isOk, isTransient, type Answer } from './server-access.ts';
import { runPath, viewOfAnswer } from './answered-view.ts';

/** The default of `graceMs` of `detach`, in milliseconds. */
const defaultGraceMs = 10_000;

/** A run of a server that the page watches. Its methods are those of `Run`. */
export class WatchedRun {
  readonly id: string;
  readonly #host: RunHost<WatchedRun>;
  readonly #feed: RunFeed;
  readonly #listeners = new Set<() => void>();
  #observers = 0;
  #notified: RunView;
  #ending = Promise.withResolvers<void>();
  /** Why the run is no longer watched. */
  #stopError: LonghaulError | undefined;
  #watching = new AbortController();
  #known: Promise<void> = Promise.resolve();
  #isKnown = true;
  #isRefused = false;
  /** The connection that delivers the events of the run. While there is one, only it changes the view. */
  source: object | undefined;

  constructor(host: RunHost<WatchedRun>, view: RunView) {
    this.id = view.runId;
    this.#host = host;
    this.#feed = new RunFeed(view);
    this.#notified = view;
  }

  get view(): RunView {
    return this.#feed.view;
  }

  get seq(): number {
    return this.#feed.seq;
  }

  get over(): boolean {
    return isTerminalRun(this.view.status);
  }

  /** Why the run is no longer watched: it was detached, or the server no longer has it for this visitor. */
  get stopError(): LonghaulError | undefined {
    return this.#stopError;
  }

  /** Whether a connection should deliver the run. */
  get isObserved(): boolean {
    return this.#observers > 0 && this.isWatched && this.#isKnown;
  }

  get isWatched(): boolean {
    return this.#stopError === undefined && !this.over;
  }

  /** Resolves when the server has the run, or has refused it. */
  get known(): Promise<void> {
    return this.#known;
  }

  /** Whether the server has refused to start the run. */
  get isRefused(): boolean {
    return this.#isRefused;
  }

  /** Whether the server has no newer view that this page could read. */
  get isCurrent(): boolean {
    return this.over || !this.#isKnown || this.source !== undefined;
  }

  /** Waits for the answer to the request that starts the run. */
  async start(answered: Promise<Answer>): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#known = promise;
    this.#isKnown = false;
    const answer = await answered;
    this.#isKnown = true;
    resolve();
    if (isOk(answer)) this.showAnswer(answer);
    else if (!isTransient(answer)) this.#refused(answer);
    // The request is no longer repeated, because the runner is closed.
    else this.stop(detached(this.id));
    this.#host.observed(this);
  }

  #refused(answer: Answer): void {
    this.#isRefused = true;
    const { code, message } = errorOf(answer);
    const error = { code, message, status: answer.status };
    const at = this.#host.clock.now();
    this.#feed.show({ ...this.view, status: 'failed', driver: 'none', error, updatedAt: at }, this.seq + 1);
    this.flush();
  }

  subscribe(listener: () => void): () => void {
    // A function that is registered twice is called twice, and removed once by each of its unsubscribes.
    const one = (): void => listener();
    this.#listeners.add(one);
    const release = this.#observe();
    return () => {
      this.#listeners.delete(one);
      release();
    };
  }

  events(after: number | undefined): AsyncGenerator<RunEvent, void, void> {
    return this.#feed.read(after, this.#observe());
  }

  #observe(): () => void {
    let isObserving = true;
    this.#observers += 1;
    if (this.#observers === 1) this.#host.observed(this);
    return () => {
      if (!isObserving) return;
      isObserving = false;
      this.#observers -= 1;
      if (this.#observers === 0) this.#host.observed(this);
    };
  }

  /** An event of the connection. `flush` shows it. */
  receive(event: RunEvent): void {
    this.#feed.receive(event);
  }

  /** Shows a view that was read without the connection. It lacks text, so no event of the connection continues it. */
  showAnswer(answer: Answer | undefined): void {
    const read = viewOfAnswer(answer);
    if (this.source !== undefined || read === undefined) return;
    this.#feed.show(read.view, read.seq);
    this.flush();
  }

  /** Calls the listeners if the view has changed since the last call. */
  flush(): void {
    this.#feed.wake();
    if (this.view === this.#notified) return;
    this.#notified = this.view;
    if (this.over) this.#end();
    callListeners(this.#listeners, 'run');
    this.#host.changed(this);
  }

  #end(): void {
    this.#feed.end();
    this.#ending.resolve();
    this.#host.observed(this);
  }

  /** The server no longer has the run for this visitor. The handle shows a run that no process drives. */
  gone(): void {
    if (!this.isWatched) return;
    this.#feed.show({ ...this.view, driver: 'none' }, this.#feed.seq);
    this.stop(new LonghaulError('not_found', `There is no run ${this.id}.`));
  }

  /** Stops watching the run. */
  stop(error: LonghaulError): void {
    if (!this.isWatched) return;
    this.#stopError = error;
    this.#watching.abort(abortReason);
    this.flush();
    this.#end();
  }

  /** Watches a run again that was detached. */
  reopen(): void {
    if (this.#stopError === undefined || this.over) return;
    this.#stopError = undefined;
    this.#ending = Promise.withResolvers();
    this.#watching = new AbortController();
    this.#feed.reopen();
    this.#host.observed(this);
  }

  async done(): Promise<RunView> {
    const release = this.#observe();
    await this.#ending.promise;
    release();
    return this.view;
  }

  async result(): Promise<RunResult> {
    const view = await this.done();
    if (!this.over) throw this.#stopError ?? detached(this.id);
    const error = outcomeError(outcomeOf(view), view, undefined);
    if (error !== undefined) throw error;
    return {
      runId: this.id,
      text: view.text,
      output: view.output,
      usage: view.usage,
      unsent: unsentOf(view),
      view,
    };
  }

  /** Waits until the server has the run, or has refused it. Rejects if the run is no longer watched before that. */
  async #started(): Promise<void> {
    await Promise.race([this.#known, this.#ending.promise]);
    if (!this.#isKnown) throw this.#stopError ?? detached(this.id);
  }

  async saved(): Promise<void> {
    await this.#started();
    const { error } = this.view;
    if (this.#isRefused && error !== undefined) throw new LonghaulError(error.code, error.message);
  }

  async cancel(reason?: string): Promise<RunView> {
    await this.#started();
    if (!this.over) {
      const answer = await this.#insist('/cancel', defined({ reason }));
      // The run may have ended before the request arrived.
      if (!isOk(answer) && !this.over) throw errorOf(answer, this.id);
    }
    const view = await this.done();
    if (!this.over) throw this.#stopError ?? detached(this.id);
    return view;
  }

  async detach({ graceMs = defaultGraceMs }: { readonly graceMs?: number } = {}): Promise<void> {
    this.stop(detached(this.id));
    await this.#host.abortTools(this, graceMs);
  }

  async respond(decisions: readonly Decision[], options: RespondOptions = {}): Promise<void> {
    if (options.by !== undefined) {
      const why = 'the server names its visitor, as `authorize` returns it';
      throw new ConfigurationError(`respond: \`by\` is not allowed here: ${why}.`, { option: 'by' });
    }
    await this.#started();
    // The view of a run that is not observed may be old.
    if (misfit(this.view, decisions, options.iteration) !== undefined) await this.refresh();
    const problem = misfit(this.view, decisions, options.iteration);
    if (problem !== undefined) throw problem;
    const { iteration = this.view.iteration } = options;
    const answer = await this.#insist('/decisions', { decisions: decisions.map(sentDecision), iteration });
    if (isOk(answer)) return;
    const { code, message } = errorOf(answer);
    const isRefused = answer.status === 400 || answer.status === 409 || answer.status === 413;
    throw isRefused
      ? new DecisionError(decisions[0]?.callId ?? '', message)
      : new LonghaulError(code, message);
  }

  async steer(input: RunInput, steerId: string): Promise<void> {
    const body = { steerId, input: readSteer(input, steerId) };
    await this.#started();
    const answer = await this.#insist('/steer', body);
    if (!isOk(answer)) throw errorOf(answer, this.id);
  }

  /** Reads the view of the server, unless a connection delivers the run. */
  async refresh(): Promise<Answer | undefined> {
    if (this.source !== undefined || !this.#isKnown) return undefined;
    const answer = await this.#host.server.ask('GET', runPath(this.id));
    if (isOk(answer)) this.showAnswer(answer);
    if (isGone(answer)) this.gone();
    return answer;
  }

  /** Sends a request about the run until it is answered, and shows the view of the answer. */
  async #insist(path: string, body: object): Promise<Answer> {
    const answer = await this.#host.server.insist(
      'POST',
      runPath(this.id) + path,
      body,
      this.#watching.signal,
    );
    if (isTransient(answer) && !this.over) throw this.#stopError ?? detached(this.id);
    if (isOk(answer)) this.showAnswer(answer);
    return answer;
  }
}

function detached(runId: string): LonghaulError {
  return new LonghaulError('detached', `Run ${runId} is no longer watched here.`);
}

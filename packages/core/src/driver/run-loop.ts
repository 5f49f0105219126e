import { send, type Answer } from '../client/send.ts';
import { buildRequest } from '../engine/build-request.ts';
import type { Effect } from '../engine/effect.ts';
import type { EngineEvent } from '../engine/engine-event.ts';
import type { IterationRequest } from '../engine/iteration-request.ts';
import type { RunState } from '../engine/run-state.ts';
import type { StoredItem } from '../engine/stored-item.ts';
import { transition } from '../engine/transition.ts';
import { isTerminalRun } from '../engine/view/run-view.ts';
import { LonghaulError } from '../errors/longhaul-error.ts';
import type { RunHead } from '../store/run-store.ts';
import { commit } from './saver.ts';
import { idempotencyKey } from './idempotency-key.ts';
import type { LoopHost, LoopPorts } from './loop-setup.ts';
import { prepareFailure, prepareRequest } from './prepare-request.ts';
import { randomId } from './random-id.ts';
import { readOutput } from './read-output.ts';
import { readStream } from './read-stream.ts';
import { sendWithin } from './send-within.ts';
import { ToolRunner } from './tool-runner.ts';

/** How long the server may take to answer a request that does not wait for the model. */
const answerWithinMs = 120_000;

/** An engine event without what every event has. */
type Happening<Event = EngineEvent> = Event extends EngineEvent ? Omit<Event, 'at' | 'random'> : never;

/**
 * Drives one run: performs the engine's effects and feeds it what comes of them, one event at a time. Nothing is told
 * or sent before the save that precedes it has succeeded (I7).
 */
export class RunLoop {
  state: RunState;
  readonly items: StoredItem[];
  /** What the store holds, as far as this loop knows. */
  saved: { readonly head: RunHead; readonly items: number } | undefined;
  readonly #ports: LoopPorts;
  readonly #host: LoopHost;
  readonly #tools: ToolRunner;
  #queue: EngineEvent[] = [];
  #pumping: Promise<void> | undefined;
  #request: AbortController | undefined;
  #creating: Promise<void> | undefined;
  #timer: AbortController | undefined;
  #importing: boolean;
  #stopped = false;

  constructor(
    ports: LoopPorts,
    host: LoopHost,
    state: RunState,
    items: readonly StoredItem[],
    importing = false,
  ) {
    this.#ports = ports;
    this.#host = host;
    this.state = state;
    this.items = [...items];
    this.#importing = importing;
    this.#tools = new ToolRunner(ports, host, (event) => this.feed(event));
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  /** Tells the engine what happened. It is worked off in order; after `stop` nothing is any more. */
  feed(happening: Happening): void {
    if (this.#stopped) return;
    this.#queue.push({ ...happening, at: this.#ports.clock.now(), random: this.#ports.random() });
    this.#pumping ??= this.#pump().finally(() => {
      this.#pumping = undefined;
    });
  }

  /** Resolves when everything fed so far has been worked off and saved. */
  async flushed(): Promise<void> {
    while (this.#pumping !== undefined) await this.#pumping;
  }

  /**
   * Stops driving here. Nothing new is begun; what runs may finish for `graceMs` and is saved, then it is aborted. The
   * job goes on at the server.
   */
  async drain(graceMs: number): Promise<void> {
    if (this.#stopped) return;
    this.feed({ type: 'held' });
    const over = new AbortController();
    // A create that is on its way is worth waiting for: without its answer, nobody knows the response's id.
    const settled = (async () => {
      await this.#creating;
      await this.#tools.settled();
      await this.flushed();
    })();
    await Promise.race([settled, this.#ports.clock.sleep(graceMs, over.signal)]);
    over.abort();
    this.stop();
    await this.flushed();
  }

  /** Stops at once, without a word to the host. */
  stop(): void {
    this.#stopped = true;
    this.#queue = [];
    this.#request?.abort();
    this.#timer?.abort();
    this.#tools.abort('driving stopped');
  }

  #halt(error: LonghaulError): void {
    if (this.#stopped) return;
    this.stop();
    this.#host.halted(error);
  }

  async #pump(): Promise<void> {
    try {
      for (let event = this.#queue.shift(); event !== undefined; event = this.#queue.shift()) {
        const [state, effects] = transition(this.state, event);
        this.state = state;
        for (const effect of effects) {
          if (this.#stopped) return;
          if (effect.type === 'save') await this.#save(effect.append);
          else this.#perform(effect, event.at);
        }
        this.#host.stepped();
      }
    } catch (error) {
      const { runId } = this.state;
      const code = LonghaulError.isInstance(error) ? error.code : 'internal';
      this.#halt(
        new LonghaulError(
          code,
          `Run ${runId} is no longer driven here: ${error instanceof Error ? error.message : String(error)}`,
          {
            cause: error,
          },
        ),
      );
    }
  }

  async #save(append: readonly StoredItem[]): Promise<void> {
    const { store, clock, random } = this.#ports;
    const { runId, revision } = this.state;
    const commitId = randomId();
    const head: RunHead = { ...this.state, commitId };
    const imported = this.#importing
      ? { import: true as const, append: [...this.items, ...append] }
      : { append };
    await commit(store, { runId, revision, commitId, head, ...imported }, clock, random);
    this.#importing = false;
    this.items.push(...append);
    this.saved = { head, items: this.items.length };
  }

  #perform(effect: Exclude<Effect, { type: 'save' }>, at: number): void {
    switch (effect.type) {
      case 'emit':
        return this.#host.tell(effect.event, at);
      case 'prepare':
        return void this.#prepare();
      case 'create':
        return this.#create(effect.announce, at);
      case 'retrieve':
        return void this.#send('retrieve', buildRequest(this.state, this.#host.agent.spec, this.items));
      case 'cancel':
        return void this.#send('cancel', buildRequest(this.state, this.#host.agent.spec, this.items));
      case 'abort_request':
        return this.#request?.abort();
      case 'assess':
        return void this.#tools.assess(this.state, this.items, effect.callIds);
      case 'execute':
        return this.#tools.execute(this.state, effect.callId, effect.idempotencyKey, at);
      case 'abort_tools':
        return this.#tools.abort('the run ended');
      case 'read_output':
        return void readOutput(this.#host.agent, this.items).then((read) =>
          this.feed({ type: 'output_read', ...read }),
        );
      case 'wait':
        return void this.#wait(effect.until);
      case 'stop':
        return this.#halt(new LonghaulError(effect.error.code, effect.error.message));
    }
  }

  async #prepare(): Promise<void> {
    const { agent, context } = this.#host;
    try {
      this.feed({ type: 'prepared', patch: await prepareRequest(agent, this.state, this.items, context) });
    } catch (error) {
      this.feed({ type: 'prepare_failed', error: prepareFailure(error) });
    }
  }

  #create(announce: boolean, at: number): void {
    const { state } = this;
    const request = buildRequest(state, this.#host.agent.spec, this.items);
    const attempt = state.attempts.at(-1);
    if (announce && request.kind === 'create' && attempt !== undefined) {
      const { strategy, mode } = attempt;
      const { iteration, attempts } = state;
      const told = { iteration, attempt: attempts.length - 1, strategy, mode, request: request.body };
      this.#host.tell({ type: 'leg.started', ...told }, at);
    }
    this.#creating = this.#send('create', request, { 'Idempotency-Key': idempotencyKey(state) });
  }

  async #send(
    to: 'create' | 'retrieve' | 'cancel',
    request: IterationRequest,
    headers?: Record<string, string>,
  ): Promise<void> {
    const { client } = this.#ports;
    // One request at a time: what is still open of the last one, a stream after its final event, is of no interest.
    this.#request?.abort();
    const controller = new AbortController();
    this.#request = controller;
    const { signal } = controller;
    const options = { signal, ...(headers === undefined ? {} : { headers }) };
    // A foreground model may think as long as it likes; everything else is answered at once, or not at all.
    const limitMs = to === 'create' && !this.state.background ? undefined : answerWithinMs;
    let answer = await sendWithin(limitMs, this.#ports.clock, () => send(client, request, options));
    if (
      isUnauthorized(answer) &&
      client.refreshesCredentials === true &&
      to !== 'create' &&
      !signal.aborted
    ) {
      answer = await sendWithin(limitMs, this.#ports.clock, () => send(client, request, options));
    }
    if (signal.aborted) return;
    this.#answered(to, request, answer, signal, () => controller.abort());
  }

  #answered(
    to: 'create' | 'retrieve' | 'cancel',
    request: IterationRequest,
    answer: Answer,
    signal: AbortSignal,
    hangUp: () => void,
  ): void {
    const streaming = request.kind === 'retrieve' && request.stream;
    switch (answer.kind) {
      case 'response': {
        const wait = this.#pollAfter(answer);
        return this.feed({ type: 'responded', to, response: answer.response, ...wait });
      }
      case 'failure': {
        const wait = this.#pollAfter(answer);
        return this.feed({
          type: 'failed_to_reach',
          to: streaming ? 'stream' : to,
          failure: answer.failure,
          ...wait,
        });
      }
      case 'stream': {
        if (streaming) this.feed({ type: 'stream_opened' });
        const { clock, streamIdleMs } = this.#ports;
        return void readStream(answer.events, { clock, idleMs: streamIdleMs, signal, hangUp }, (event) =>
          this.feed(event),
        );
      }
    }
  }

  /** When to poll next, where the server or the user's polling function says so. */
  #pollAfter(answer: { readonly pollAfterMs: number | undefined }): { pollAfterMs?: number } {
    if (answer.pollAfterMs !== undefined) return { pollAfterMs: answer.pollAfterMs };
    const { pollDelay, clock } = this.#ports;
    const { phase, runId } = this.state;
    if (pollDelay === undefined || (phase.type !== 'waiting' && phase.type !== 'creating')) return {};
    const waiting = phase.type === 'waiting' ? phase : undefined;
    const delay = pollDelay({
      runId,
      responseId:
        waiting?.pending.responseId ??
        ('response' in answer ? String(Reflect.get(Object(answer.response), 'id')) : ''),
      responseStatus: waiting?.pending.status ?? 'queued',
      polls: (waiting?.polls ?? -1) + 1,
      waitedMs: waiting === undefined ? 0 : clock.now() - waiting.pending.since,
    });
    // A rule that gives no number must not stop the loop, nor make it spin.
    return Number.isFinite(delay) && delay >= 0 ? { pollAfterMs: delay } : {};
  }

  async #wait(until: number | null): Promise<void> {
    this.#timer?.abort();
    if (until === null) return;
    const timer = new AbortController();
    this.#timer = timer;
    const { clock } = this.#ports;
    await clock.sleep(Math.max(0, until - clock.now()), timer.signal);
    if (!timer.signal.aborted) this.feed({ type: 'timer' });
  }

  get over(): boolean {
    return isTerminalRun(this.state.status);
  }
}

function isUnauthorized(answer: Answer): boolean {
  return (
    answer.kind === 'failure' &&
    answer.failure.kind === 'http' &&
    (answer.failure.status === 401 || answer.failure.status === 403)
  );
}

import { buildRequest } from '../../engine/build-request.ts';
import type { Effect } from '../../engine/effect.ts';
import type { EngineEventBody } from '../../engine/engine-event.ts';
import type { IterationRequest } from '../../engine/iteration-request.ts';
import type { RunState } from '../../engine/run-state.ts';
import { defined } from '../../wire/defined.ts';
import { rememberBuffering } from './buffering-proxies.ts';
import { HostedSecrets } from '../requests/hosted-secrets.ts';
import { iterationStarted } from './iteration-started.ts';
import { rememberWebhooks } from './known-webhooks.ts';
import type { LoopHost, LoopPorts } from '../loop-setup.ts';
import { loadHistory } from './load-history.ts';
import type { RunItems } from './run-items.ts';
import type { OutputReader } from './read-output.ts';
import { Requests } from '../requests/requests.ts';
import { retryStore } from '../saved/retry-store.ts';
import { ToolRunner } from '../tools/tool-runner.ts';

/** Effects that send requests, run tools, or call the agent. */
export type PerformedEffect = Exclude<Effect, { type: 'save' | 'emit' | 'wait' | 'stop' }>;

/** The loop whose effects are performed. */
export interface PerformingLoop {
  readonly output: OutputReader;
  readonly stored: RunItems;
  /** Whether a cancel was requested. After that, no create is sent and no tool starts (I8). */
  readonly cancelAsked: boolean;
  /** Aborted when driving stops here. */
  readonly stopping: AbortSignal;
  /** Milliseconds on the run's monotonic clock (`RunTime`). */
  now(): number;
  feed(event: EngineEventBody, cause?: unknown): void;
}

/** Performs the engine's effects of one run, and feeds their results to the loop. */
export class EffectPerformer {
  readonly #ports: LoopPorts;
  readonly #host: LoopHost;
  readonly #loop: PerformingLoop;
  /** Created at the first call of a tool, because most waiting runs have no tool calls. */
  #tools: ToolRunner | undefined;
  readonly #requests: Requests;
  readonly #secrets: HostedSecrets;
  /** The last look for a webhook that came before the id of its response was saved. */
  taking: Promise<unknown> | undefined;

  constructor(ports: LoopPorts, host: LoopHost, loop: PerformingLoop) {
    this.#ports = ports;
    this.#host = host;
    this.#loop = loop;
    this.#secrets = new HostedSecrets(ports, host, loop.stored.list, () => !loop.cancelAsked);
    this.#requests = new Requests(
      ports,
      this.#secrets,
      () => loop.now(),
      (event, cause) => loop.feed(event, cause),
    );
  }

  #toolRunner(): ToolRunner {
    const feed = (event: EngineEventBody): void => this.#loop.feed(event);
    this.#tools ??= new ToolRunner(this.#ports, this.#host, this.#secrets.scrub, feed);
    return this.#tools;
  }

  async perform(effect: PerformedEffect, state: RunState, at: number): Promise<void> {
    const builds = effect.type === 'prepare' || effect.type === 'create' || effect.type === 'assess';
    if (builds && state.strategy === 'replay') await this.#loop.stored.complete();
    switch (effect.type) {
      case 'load_history':
        return this.#loadHistory(state);
      case 'prepare':
        return this.#prepare(state);
      case 'create':
        return this.#create(state, effect.announce, at);
      case 'retrieve':
      case 'cancel':
        return this.#requests.send(effect.type, state, this.#build(state));
      case 'cancel_other':
        return this.#requests.cancelOther(effect.responseId);
      case 'remember_buffering':
        return rememberBuffering(this.#ports.client, this.#ports.clock);
      case 'remember_webhooks':
        return rememberWebhooks(this.#ports.client, this.#ports.clock, effect.forMs);
      case 'take_webhook':
        return this.#takeWebhook(effect.responseId);
      case 'abort_request':
        return this.#requests.abort();
      case 'assess':
        await this.#secrets.recall(state);
        return this.#toolRunner().assess(state, this.#loop.stored.list, effect.callIds);
      case 'execute':
        if (this.#loop.cancelAsked) return;
        return this.#toolRunner().execute(state, effect.callId, effect.idempotencyKey, at);
      case 'abort_tools':
        return this.#tools?.abort('the run ended');
      case 'read_output':
        return this.#readOutput();
    }
  }

  /** Aborts the request and the tools, because driving stops. */
  abort(): void {
    this.#requests.abort();
    this.#tools?.abort('driving stopped');
  }

  /** If the store fails, a poll finds the end of the response. */
  async #takeWebhook(responseId: string): Promise<void> {
    const { takeWebhook } = this.#ports.store;
    if (takeWebhook === undefined) return;
    const taking = retryStore(this.#ports, () => takeWebhook(responseId), this.#loop.stopping)
      .then((isRemembered) => isRemembered && this.#loop.feed({ type: 'woken', responseId }))
      .catch(() => undefined);
    this.taking = taking;
    await taking;
    if (this.taking === taking) this.taking = undefined;
  }

  #build(state: RunState): IterationRequest {
    return buildRequest(state, this.#host.agent, this.#loop.stored.list);
  }

  async #loadHistory(state: RunState): Promise<void> {
    const { tools } = this.#host.agent.spec;
    this.#loop.feed(await loadHistory(this.#ports, state, tools, this.#loop.stopping));
  }

  async #prepare(state: RunState): Promise<void> {
    const { event, cause } = await this.#secrets.prepare(state);
    this.#loop.feed(event, cause);
  }

  async #readOutput(): Promise<void> {
    const { output, error, cause } = await this.#loop.output.read(this.#host.agent);
    this.#loop.feed({ type: 'output_read', ...defined({ output, error }) }, cause);
  }

  async #create(state: RunState, announce: boolean, at: number): Promise<void> {
    if (this.#loop.cancelAsked) {
      const message = 'the run was cancelled before it was sent';
      return this.#loop.feed({
        type: 'request_failed',
        to: 'create',
        failure: { kind: 'refused', message },
      });
    }
    const request = this.#build(state);
    const started = iterationStarted(state, request);
    if (announce && started !== undefined) this.#host.emit(started, at);
    await this.#requests.send('create', state, request);
  }
}

import type { Answer } from '../../client/answer.ts';
import { sendRequest } from '../../client/send-request.ts';
import { refreshesCredentials } from '../../client/client-credentials.ts';
import type { RequestOptions } from '../../client/responses-client.ts';
import { abortReason } from '../../clock/abort-reason.ts';
import { withTimeout } from '../../clock/time-out.ts';
import type { EngineEventBody } from '../../engine/engine-event.ts';
import type { IterationRequest } from '../../engine/iteration-request.ts';
import { hasNoResponseYet } from '../../engine/run-status.ts';
import { backOff } from '../../engine/policy/retry-delay.ts';
import { judgeRetrieve } from '../../engine/policy/judge-failure.ts';
import type { AskedDelay } from '../../engine/policy/poll-delay.ts';
import type { RunState } from '../../engine/run-state.ts';
import type { HostedSecrets } from './hosted-secrets.ts';
import type { LoopPorts } from '../loop-setup.ts';
import { readStream } from './read-stream.ts';

/** The time limit of a request that does not wait for the model, in milliseconds. */
const answerWithinMs = 120_000;

type RequestOf = 'create' | 'retrieve' | 'cancel';

/** Sends a run's requests, one at a time, and feeds the answers to the engine. */
export class Requests {
  readonly #ports: LoopPorts;
  readonly #secrets: HostedSecrets;
  readonly #feed: (event: EngineEventBody, cause?: unknown) => void;
  /** Milliseconds on the run's monotonic clock (`RunTime`). */
  readonly #now: () => number;
  #current: AbortController | undefined;

  constructor(
    ports: LoopPorts,
    secrets: HostedSecrets,
    now: () => number,
    feed: (event: EngineEventBody, cause?: unknown) => void,
  ) {
    this.#ports = ports;
    this.#secrets = secrets;
    this.#now = now;
    this.#feed = feed;
  }

  /** Aborts the request in progress. */
  abort(): void {
    this.#current?.abort(abortReason);
  }

  async send(to: RequestOf, state: RunState, request: IterationRequest): Promise<void> {
    // A stream may still be open after its final event. Its later events must be ignored.
    this.abort();
    const current = new AbortController();
    this.#current = current;
    const { signal } = current;
    const headers = to === 'create' ? { 'Idempotency-Key': idempotencyKey(state) } : {};
    // The engine limits the time of a create, because the answer may arrive only when the job has ended.
    const limitMs = to === 'create' ? undefined : answerWithinMs;
    const answer = await this.#ask(to, request, state, { signal, headers }, limitMs);
    if (signal.aborted) return;
    const streaming = request.kind === 'retrieve' && request.stream;
    if (answer.kind === 'stream') {
      if (streaming) this.#feed({ type: 'stream_opened' });
      const { clock, streamIdleMs } = this.#ports;
      const hangUp = (): void => current.abort(abortReason);
      const watch = { clock, idleMs: streamIdleMs, fromFirstEvent: to === 'create', signal, hangUp };
      // Not awaited: the stream is read while the loop continues, and its events are fed one by one.
      void readStream(answer.events, watch, this.#feed);
    } else {
      // The request was answered, so an abort has no effect.
      if (this.#current === current) this.#current = undefined;
      const wait = this.#askedDelay(state, answer);
      if (answer.kind === 'response')
        this.#feed({ type: 'responded', to, response: answer.response, ...wait });
      else if (answer.kind === 'failure') {
        const { failure, cause } = answer;
        this.#feed({ type: 'request_failed', to: streaming ? 'stream' : to, failure, ...wait }, cause);
      }
    }
  }

  /**
   * Cancels a response that the run does not wait for. Retries for half a minute, because the server may not find a new
   * response yet. Each request uses fresh credentials. The result does not change the run.
   */
  async cancelOther(responseId: string): Promise<void> {
    const { client, clock } = this.#ports;
    for (let tries = 1; ; tries += 1) {
      const late = (): undefined => undefined;
      const sent = sendRequest(client, { kind: 'cancel', responseId }, {}, clock);
      const answer = await withTimeout(answerWithinMs, clock, sent, late);
      const isOver = answer?.kind === 'failure' && judgeRetrieve(answer.failure) === 'final';
      if (answer?.kind === 'response' || isOver || tries === 6) return;
      await clock.sleep(backOff(tries, 0, 1_000));
    }
  }

  async #ask(
    to: RequestOf,
    request: IterationRequest,
    state: RunState,
    options: RequestOptions,
    limitMs: number | undefined,
  ): Promise<Answer> {
    const { client, clock } = this.#ports;
    // A proxy may never answer.
    const late = (): Answer => {
      const message = `there was no answer within ${limitMs} ms`;
      return { kind: 'failure', failure: { kind: 'lost', message }, pollAfterMs: undefined };
    };
    const ask = (): Promise<Answer> =>
      withTimeout<Answer>(limitMs, clock, this.#secrets.sendWithSecrets(request, options, state), late);
    const answer = await ask();
    // Credentials from a function may have just expired, so the request is sent once more with new credentials.
    const mayRepeat = to !== 'create' || !hasNoResponseYet(state);
    const stale = isUnauthorized(answer) && refreshesCredentials(client) && mayRepeat;
    return stale && options.signal?.aborted !== true ? ask() : answer;
  }

  /** The delay before the next poll, if the server or the user's polling function sets it. */
  #askedDelay(state: RunState, answer: Exclude<Answer, { kind: 'stream' }>): { readonly asked?: AskedDelay } {
    if (answer.pollAfterMs !== undefined) return { asked: { serverMs: answer.pollAfterMs } };
    const { pollingFunction } = this.#ports;
    const { phase, runId } = state;
    const response = answer.kind === 'response' ? answer.response : undefined;
    const pending = phase.type === 'waiting' ? phase.pending : undefined;
    const responseId = pending?.responseId ?? response?.id;
    if (pollingFunction === undefined || responseId === undefined) return {};
    const context = {
      runId,
      responseId,
      responseStatus: response?.status ?? pending?.status ?? 'unknown',
      polls: phase.type === 'waiting' ? phase.polls + 1 : 0,
      waitedMs: pending === undefined ? 0 : Math.max(0, this.#now() - pending.since),
    };
    try {
      const delay = pollingFunction(context);
      // If a polling function throws or does not return a number, the loop uses the default delay.
      return Number.isFinite(delay) && delay >= 0 ? { asked: { functionMs: delay } } : {};
    } catch {
      return {};
    }
  }
}

function isUnauthorized(answer: Answer): boolean {
  if (answer.kind !== 'failure' || answer.failure.kind !== 'http') return false;
  return answer.failure.status === 401 || answer.failure.status === 403;
}

/**
 * The key of a create. It is the same each time the create is sent, so that a server or proxy can recognise a
 * repetition. Characters that a header cannot hold are percent-encoded.
 */
function idempotencyKey({ runId, iteration, attempts }: RunState): string {
  const id = runId.toWellFormed().replace(/[^\x21-\x7e]+/g, encodeURIComponent);
  return `${id}/${iteration}/${Math.max(0, attempts.length - 1)}`;
}

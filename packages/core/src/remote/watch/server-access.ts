import { abortReason } from '../../clock/abort-reason.ts';
import type { Clock } from '../../clock/clock.ts';
import { withTimeout } from '../../clock/time-out.ts';
import { backOff } from '../../engine/policy/retry-delay.ts';
import { thrownText } from '../../errors/error-message.ts';
import { LonghaulError } from '../../errors/longhaul-error.ts';
import { StoreError } from '../../errors/store-error.ts';
import type { RemoteRunnerOptions } from '../remote-runner-options.ts';
import { fieldsOf, isJsonObject, textOf, type JsonObject } from '../../wire/json.ts';
import { readHeaders } from '../sent-headers.ts';
import { ReportOnce } from './report-once.ts';

/** The time limit of a request whose answer is not a stream, in milliseconds. */
const answerWithinMs = 60_000;
/** The number of requests without an answer after which this is reported. Short failures are usual. */
const unreachedTries = 5;
/** The maximum length of a refusal that is plain text, in characters. */
const longestText = 500;

/** An answer of the server. The status is 0 if there was none: the request or its credentials failed. */
export interface Answer {
  readonly status: number;
  readonly body: JsonObject;
  /** The delay that the server asks for, in milliseconds. */
  readonly retryAfterMs: number;
  readonly cause?: unknown;
}

export function isOk({ status }: Answer): boolean {
  return status >= 200 && status < 300;
}

/** The first and the longest pause after refused credentials, in milliseconds. */
export const refusedMs = [5_000, 60_000] as const;

/** Whether the server has refused the credentials. They may be valid later. */
export function isUnauthorized({ status }: { readonly status: number }): boolean {
  return status === 401 || status === 403;
}

/** Whether the same request may succeed later. */
export function isTransient({ status }: { readonly status: number }): boolean {
  return status === 0 || status === 408 || status === 429 || status >= 500;
}

/** Whether the server has no such run for this visitor. A proxy may answer 404 too, for example during a deploy. */
export function isGone({ status, body }: Answer): boolean {
  return status === 404 && fieldsOf(body['error'])['code'] === 'not_found';
}

const codes: Readonly<Record<number, string>> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  429: 'rate_limited',
};

/**
 * The error of an answer, with the server's code. Code `unavailable`: there was no answer, or none of this server.
 *
 * @param runId The run that the request is about. The message names it.
 */
export function errorOf({ status, body, cause }: Answer, runId?: string): LonghaulError {
  const about = runId === undefined ? '' : `Run ${runId}: `;
  if (status === 0)
    return new StoreError('unavailable', `${about}The server did not answer: ${thrownText(cause)}`, {
      cause,
    });
  const { code, message } = fieldsOf(body['error']);
  const said = about + (textOf(message) ?? `The server answered with status ${status}.`);
  if (status >= 500) return new StoreError('unavailable', said);
  return new LonghaulError(textOf(code) ?? codes[status] ?? 'invalid_request', said);
}

/** The delay that an answer asks for in its `Retry-After`, in milliseconds. */
export function retryAfterOf(response: Response): number {
  const seconds = Number(response.headers.get('retry-after'));
  return seconds > 0 ? Math.min(seconds, 3_600) * 1_000 : 0;
}

/** Sends requests to `createRunsHandler`. Credentials are asked for before each request. */
export class ServerAccess {
  readonly #base: string;
  readonly #options: RemoteRunnerOptions;
  readonly #clock: Clock;
  readonly #random: () => number;
  #awake = new AbortController();
  /** Reports that the server, or a proxy, answers the requests for streams with something else. */
  readonly refusals: ReportOnce = new ReportOnce();
  readonly #credentials = new ReportOnce();
  readonly #reach = new ReportOnce();
  /** The number of requests without an answer since the last answer. */
  #unreached = 0;

  constructor(options: RemoteRunnerOptions, clock: Clock, random: () => number) {
    this.#base = options.baseURL.replace(/\/+$/, '');
    this.#options = options;
    this.#clock = clock;
    this.#random = random;
  }

  /** Sends one request. Its credentials are fresh. A function that never answers does not outlast `signal`. */
  async open(path: string, init: RequestInit & { readonly signal: AbortSignal }): Promise<Response> {
    const { signal } = init;
    const aborted = Promise.withResolvers<never>();
    const abort = (): void => aborted.reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort);
    try {
      return await Promise.race([this.#open(path, init), aborted.promise]);
    } finally {
      signal.removeEventListener('abort', abort);
      // Without an abort, no promise is rejected.
      aborted.promise.catch(() => undefined);
    }
  }

  async #open(path: string, init: RequestInit & { readonly signal: AbortSignal }): Promise<Response> {
    const { fetch: send = (...request) => globalThis.fetch(...request) } = this.#options;
    const headers = await this.#headers();
    for (const [name, value] of new Headers(init.headers)) headers.set(name, value);
    try {
      const response = await send(this.#base + path, { ...init, headers, cache: 'no-store' });
      this.#unreached = 0;
      this.#reach.over();
      return response;
    } catch (error) {
      this.#unreached += 1;
      // A page cannot distinguish a network that is down from a server that refuses its origin.
      if (this.#unreached >= unreachedTries && !init.signal.aborted)
        this.#reach.report(
          `${unreachedTries} requests to ${this.#base} had no answer; they are repeated. ` +
            'If the server has another origin, its `cors` option must allow this page.',
          error,
        );
      throw error;
    }
  }

  async #headers(): Promise<Headers> {
    const { headers } = this.#options;
    try {
      const read = readHeaders(typeof headers === 'function' ? await headers() : headers);
      this.#credentials.over();
      return read;
    } catch (error) {
      const what = '`headers` failed, so no request is sent. It is called again for each try.';
      this.#credentials.report(`${what} Make it return an object of strings.`, error);
      throw error;
    }
  }

  /** Sends one request and reads its answer. Never rejects. */
  async ask(method: string, path: string, body?: object, signal?: AbortSignal): Promise<Answer> {
    const late = new AbortController();
    const signals = signal === undefined ? [late.signal] : [late.signal, signal];
    try {
      return await withTimeout(answerWithinMs, this.#clock, this.#ask(method, path, body, signals), () => {
        throw new Error(`no answer within ${answerWithinMs} ms`);
      });
    } catch (cause) {
      return { status: 0, body: {}, retryAfterMs: 0, cause };
    } finally {
      late.abort(abortReason);
    }
  }

  async #ask(
    method: string,
    path: string,
    body: object | undefined,
    signals: AbortSignal[],
  ): Promise<Answer> {
    const response = await this.open(path, {
      method,
      signal: AbortSignal.any(signals),
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const { status } = response;
    const text = await response.text();
    // An answer that is not JSON is not the server's. A gateway answers errors with HTML.
    const read: unknown = response.ok && status !== 204 ? JSON.parse(text) : tryParse(text);
    // The site's `input` and `authorize` may refuse with a plain text.
    const isText = !isJsonObject(read) && response.headers.get('content-type')?.startsWith('text/plain');
    const refusal = { error: { message: text.trim().slice(0, longestText) } };
    return { status, body: isText ? refusal : fieldsOf(read), retryAfterMs: retryAfterOf(response) };
  }

  /** Repeats a request until it is answered. The answer of an aborted request has the status 0. */
  async insist(method: string, path: string, body: object, signal: AbortSignal): Promise<Answer> {
    for (let tries = 1; ; tries += 1) {
      const answer = await this.ask(method, path, body, signal);
      if (!isTransient(answer) || signal.aborted) return answer;
      // A server that asked for a delay is not asked earlier.
      if (answer.retryAfterMs > 0) await this.#clock.sleep(answer.retryAfterMs, signal);
      else await this.pause(this.backOff(tries), signal);
      if (signal.aborted) return answer;
    }
  }

  backOff(tries: number, firstMs?: number, maxMs?: number): number {
    return backOff(tries, this.#random(), firstMs, maxMs);
  }

  /** Waits for `ms` milliseconds, or until `wake` is called or `signal` aborts. */
  async pause(ms: number, signal: AbortSignal): Promise<void> {
    await this.#clock.sleep(ms, AbortSignal.any([signal, this.#awake.signal]));
  }

  /** Ends all pauses: the network or the page is back. */
  wake(): void {
    this.#awake.abort(abortReason);
    this.#awake = new AbortController();
  }
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

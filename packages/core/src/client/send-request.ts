import type { Clock } from '../clock/clock.ts';
import type { IterationRequest } from '../engine/iteration-request.ts';
import { mustBe } from '../errors/must-be.ts';
import { isEventStream } from '../wire/begin-body.ts';
import { isPage } from '../wire/foreign-text.ts';
import type { Answer } from './answer.ts';
import { normalizeResponse } from './normalize-response.ts';
import { readAnswer, readDelete, type AnswerParts } from './read-answer.ts';
import { pollAfterMs } from './retry-after.ts';
import type { ClientAnswer, HttpAnswer, RequestOptions, ResponsesClient } from './responses-client.ts';
import { SentSecrets } from './sent-secrets.ts';
import { clientSecrets } from './client-credentials.ts';
import { bodyText, errorText } from './answer-text.ts';
import { openEvents } from './open-events.ts';
import { interceptWith } from './intercept.ts';
import { scrubAnswer } from './scrub.ts';
import { quotesHeader, thrownFailure, thrownHeaders } from './thrown-failure.ts';
import { uncached } from './uncached.ts';

/** A request of a run's iteration, or one that deletes a response. */
export type ApiRequest = IterationRequest | { readonly kind: 'delete'; readonly responseId: string };

function call(client: ResponsesClient, request: ApiRequest, options: RequestOptions): ClientAnswer {
  const { responses } = client;
  switch (request.kind) {
    case 'create':
      return responses.create(request.body, options);
    case 'cancel':
      return responses.cancel(request.responseId, options);
    case 'delete':
      mustBe(responses.delete !== undefined, 'sendRequest', 'client', 'a client with `responses.delete`');
      return responses.delete(request.responseId, options);
    case 'retrieve': {
      const { startingAfter } = request;
      const cursor = startingAfter === undefined ? {} : { starting_after: startingAfter };
      return responses.retrieve(
        request.responseId,
        request.stream ? { stream: true, ...cursor } : {},
        options,
      );
    }
  }
}

function isHttp(answer: unknown): answer is HttpAnswer {
  return (
    typeof answer === 'object' &&
    answer !== null &&
    'asResponse' in answer &&
    typeof answer.asResponse === 'function'
  );
}

function isIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

async function* inBatchesOfOne(events: AsyncIterable<unknown>): AsyncIterable<readonly unknown[]> {
  for await (const event of events) yield [event];
}

function read({ kind }: ApiRequest, parts: AnswerParts, wait: number | undefined): Answer {
  return { ...(kind === 'delete' ? readDelete(parts) : readAnswer(parts)), pollAfterMs: wait };
}

/** Whether the answer may be a stream. A server may answer any create with one. */
function mayStream(request: ApiRequest): boolean {
  return request.kind === 'create' || (request.kind === 'retrieve' && request.stream);
}

async function readHttpAnswer(request: ApiRequest, given: Response, clock: Clock): Promise<Answer> {
  const answer = normalizeResponse(given);
  const { status, headers } = answer;
  const wait = pollAfterMs(headers);
  if (status < 200 || status > 299)
    return read(request, { status, headers, text: await errorText(answer, clock) }, wait);
  if (mayStream(request)) {
    const opened = await openEvents(answer, clock);
    if (opened.kind === 'stream') return opened;
    return read(request, { status, headers, text: opened.text }, wait);
  }
  if (isEventStream(headers)) {
    // No code would read the stream, so the connection is closed.
    await answer.body?.cancel();
    return read(request, { status, headers, text: 'a stream of events, which was not requested' }, wait);
  }
  return read(request, { status, headers, text: await bodyText(answer) }, wait);
}

async function callClient(
  client: ResponsesClient,
  request: ApiRequest,
  options: RequestOptions,
  clock: Clock,
  page: () => Response | undefined,
): Promise<Answer> {
  const answer = call(client, request, options);
  if (isHttp(answer)) return readHttpAnswer(request, await answer.asResponse(), clock);
  const value = await answer;
  // A wrapper around a client may be an async function, which resolves to the answer of the client.
  if (isHttp(value)) return readHttpAnswer(request, await value.asResponse(), clock);
  // The package reads a web page as a stream without events.
  const seen = isIterable(value) ? page() : undefined;
  if (seen !== undefined) return readHttpAnswer(request, seen, clock);
  if (isIterable(value)) return { kind: 'stream', events: inBatchesOfOne(value) };
  const body = typeof value === 'string' ? { text: value } : { json: value };
  // A client of one's own may resolve a delete without a value.
  const status = request.kind === 'delete' && (value ?? '') === '' ? 204 : 200;
  return read(request, { status, headers: undefined, ...body }, undefined);
}

/** Whether a browser reports that it has no network. Other platforms do not report it. */
function isOffline(): boolean {
  return typeof navigator !== 'undefined' && 'onLine' in navigator && !navigator.onLine;
}

/** Sends one request with any client. Returns the result without the secrets that the answer may quote. */
export async function sendRequest(
  client: ResponsesClient,
  request: ApiRequest,
  options: RequestOptions,
  clock: Clock,
  secrets: readonly string[] = [],
): Promise<Answer> {
  // The client's function may already return another key when the answer quotes the key that was sent.
  const sent = new SentSecrets();
  const asked = await ask(client, request, options, clock, sent);
  const answer = scrubAnswer(asked, [...clientSecrets(client), ...sent.all(), ...secrets]);
  if (answer.kind !== 'failure' || answer.failure.kind !== 'http' || answer.cause !== undefined)
    return answer;
  const { status, message } = answer.failure;
  return { ...answer, cause: new Error(`HTTP ${status} at ${request.kind}: ${message}`) };
}

async function ask(
  client: ResponsesClient,
  request: ApiRequest,
  options: RequestOptions,
  clock: Clock,
  sent: SentSecrets,
): Promise<Answer> {
  const wasOffline = isOffline();
  let page: Response | undefined;
  let intercepted: AnswerParts | undefined;
  const interceptOption = interceptWith(client, {
    sending: (headers) => sent.add(headers),
    // An answer with an error status, and a web page, are read here. The package throws the same errors for the answer
    // of a gateway as for an error of the API.
    answered: (given) => {
      const answer = normalizeResponse(given);
      const { status, headers } = answer;
      page = isPage(headers.get('content-type'), '') ? given : undefined;
      intercepted = undefined;
      if (given.ok && page === undefined) return;
      const text = async (): Promise<string> => {
        const body = await (given.ok ? bodyText(answer) : errorText(answer, clock));
        intercepted = { status, headers, text: body };
        return body;
      };
      Reflect.defineProperty(given, 'text', { value: text });
    },
  });
  try {
    return await uncached(client, (cache) =>
      callClient(
        client,
        request,
        { ...options, maxRetries: 0, fetchOptions: { ...cache, ...interceptOption } },
        clock,
        () => page,
      ),
    );
  } catch (error) {
    const headers = intercepted?.headers ?? thrownHeaders(error);
    const wait = headers === undefined ? undefined : pollAfterMs(headers);
    const answer = intercepted && read(request, intercepted, wait);
    if (answer !== undefined) return answer.kind === 'failure' ? { ...answer, cause: error } : answer;
    const cause = quotesHeader(error) ? undefined : error;
    const failure = thrownFailure(error);
    // Browsers throw the same error for all network failures. Without a network nothing was sent, so a create may be
    // retried.
    const wasNotSent = failure.kind === 'lost' && wasOffline && isOffline();
    return {
      kind: 'failure',
      failure: wasNotSent ? { ...failure, kind: 'refused' } : failure,
      pollAfterMs: wait,
      cause,
    };
  }
}

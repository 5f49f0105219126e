import { boundedJson } from '../wire/bounded-json.ts';
import type { IterationRequest } from '../engine/iteration-request.ts';
import type { Failure } from '../engine/policy/failure.ts';
import { readResponse, type Response as ResponseObject } from '../wire/response.ts';
import { httpFailure } from './http-failure.ts';
import { pollAfterMs } from './retry-after.ts';
import type { ClientAnswer, HttpAnswer, RequestOptions, ResponsesClient } from './responses-client.ts';
import { clientSecrets } from './client-secrets.ts';
import { readEventStream } from './event-stream.ts';
import { readTextStream } from './body-text.ts';
import { scrubAnswer } from './scrub.ts';
import { quotesHeader, thrownFailure, thrownHeaders } from './thrown-failure.ts';
import { uncached } from './uncached.ts';

/** What became of a request. Nothing here rejects: every way a request can go is a case. */
export type Answer =
  | { readonly kind: 'response'; readonly response: ResponseObject; readonly pollAfterMs: number | undefined }
  | { readonly kind: 'stream'; readonly events: AsyncIterable<readonly unknown[]> }
  | {
      readonly kind: 'failure';
      readonly failure: Failure;
      readonly pollAfterMs: number | undefined;
      /** The error that was thrown, or one that says what was answered: for whoever is told of the run's end. */
      readonly cause?: unknown;
    };

function call(client: ResponsesClient, request: IterationRequest, options: RequestOptions): ClientAnswer {
  const { responses } = client;
  switch (request.kind) {
    case 'create':
      return responses.create(request.body, options);
    case 'cancel':
      return responses.cancel(request.responseId, options);
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

async function* oneByOne(events: AsyncIterable<unknown>): AsyncIterable<readonly unknown[]> {
  for await (const event of events) yield [event];
}

function unreadable(what: string, cause?: unknown): Answer {
  return { kind: 'failure', failure: { kind: 'unreadable', message: what }, pollAfterMs: undefined, cause };
}

function ofBody(body: unknown, wait: number | undefined): Answer {
  const response = readResponse(body);
  return response === undefined
    ? unreadable('The server answered with a body that is no Response object.')
    : { kind: 'response', response, pollAfterMs: wait };
}

/** Whether a stream is what the request asks for. A create may be answered by one in any case. */
function streams(request: IterationRequest): boolean {
  return request.kind === 'create' || (request.kind === 'retrieve' && request.stream);
}

async function ofHttp(request: IterationRequest, answer: Response): Promise<Answer> {
  const wait = pollAfterMs(answer.headers);
  if (!answer.ok) {
    const failure = httpFailure(answer.status, answer.headers, await answer.text());
    const cause = new Error(`HTTP ${answer.status} at ${request.kind}: ${failure.message}`);
    return { kind: 'failure', failure, pollAfterMs: wait, cause };
  }
  if (answer.headers.get('content-type')?.includes('text/event-stream') === true && answer.body !== null) {
    // React Native's answers have no body, whatever the type says.
    const body: ReadableStream<Uint8Array> | undefined = answer.body;
    if (streams(request))
      return { kind: 'stream', events: body ? readEventStream(body) : readTextStream(answer) };
    await body?.cancel();
    return unreadable('The server answered with a stream, which was not asked for.');
  }
  const text = await answer.text();
  try {
    return ofBody(boundedJson(text), wait);
  } catch (cause) {
    return unreadable(
      text === ''
        ? 'The server answered with an empty body.'
        : 'The server answered with a body that is no JSON.',
      cause,
    );
  }
}

async function answered(
  client: ResponsesClient,
  request: IterationRequest,
  options: RequestOptions,
): Promise<Answer> {
  const answer = call(client, request, options);
  if (isHttp(answer)) return ofHttp(request, await answer.asResponse());
  const value = await answer;
  // A wrapper around a client may be an async function: what it gives is what the client gave.
  if (isHttp(value)) return ofHttp(request, await value.asResponse());
  return isIterable(value) ? { kind: 'stream', events: oneByOne(value) } : ofBody(value, undefined);
}

/** Whether this is a browser that knows of no network; others do not say. */
function isOffline(): boolean {
  return typeof navigator !== 'undefined' && 'onLine' in navigator && !navigator.onLine;
}

/** Sends one request by whichever client, and says what became of it, without the secrets that the answer may quote. */
export async function send(
  client: ResponsesClient,
  request: IterationRequest,
  options: RequestOptions,
  secrets: readonly string[] = [],
): Promise<Answer> {
  const answer = await ask(client, request, options);
  return scrubAnswer(answer, [...clientSecrets(client), ...secrets]);
}

async function ask(
  client: ResponsesClient,
  request: IterationRequest,
  options: RequestOptions,
): Promise<Answer> {
  const wasOffline = isOffline();
  try {
    return await uncached(client, (fetchOptions) =>
      answered(client, request, { ...options, maxRetries: 0, fetchOptions }),
    );
  } catch (error) {
    const headers = thrownHeaders(error);
    const wait = headers === undefined ? undefined : pollAfterMs(headers);
    const cause = quotesHeader(error) ? undefined : error;
    const failure = thrownFailure(error);
    // Browsers have one error for all trouble. Without a network nothing was sent, and a create may be repeated.
    const isUnsent = failure.kind === 'lost' && wasOffline && isOffline();
    return {
      kind: 'failure',
      failure: isUnsent ? { ...failure, kind: 'refused' } : failure,
      pollAfterMs: wait,
      cause,
    };
  }
}

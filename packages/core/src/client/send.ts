import type { IterationRequest } from '../engine/iteration-request.ts';
import type { Failure } from '../engine/policy/failure.ts';
import type { Response as ResponseObject } from '../wire/response.ts';
import { readAnswer, type AnswerParts } from './read-answer.ts';
import { pollAfterMs } from './retry-after.ts';
import type { ClientAnswer, HttpAnswer, RequestOptions, ResponsesClient } from './responses-client.ts';
import { clientSecrets } from './client-secrets.ts';
import { bodyText } from './body-text.ts';
import { keepErrorBodies } from './kept-bodies.ts';
import { isEventStream, openEvents } from './open-events.ts';
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

function read(request: IterationRequest, parts: AnswerParts, wait: number | undefined): Answer {
  const answer = readAnswer(parts);
  if (answer.kind === 'response') return { ...answer, pollAfterMs: wait };
  const cause = new Error(`HTTP ${parts.status} at ${request.kind}: ${answer.failure.message}`);
  return { ...answer, pollAfterMs: wait, cause };
}

/** Whether a stream is what the request asks for. A create may be answered by one in any case. */
function streams(request: IterationRequest): boolean {
  return request.kind === 'create' || (request.kind === 'retrieve' && request.stream);
}

async function ofHttp(request: IterationRequest, answer: Response): Promise<Answer> {
  const { status, headers } = answer;
  const wait = pollAfterMs(headers);
  if (answer.ok && streams(request)) {
    const opened = await openEvents(answer);
    if (opened.kind === 'stream') return opened;
    return read(request, { status, headers, text: opened.text }, wait);
  }
  if (answer.ok && isEventStream(headers)) {
    // It would never be read.
    await answer.body?.cancel();
    return read(request, { status, headers, text: 'a stream of events, which was not asked for' }, wait);
  }
  return read(request, { status, headers, text: await bodyText(answer) }, wait);
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
  if (isIterable(value)) return { kind: 'stream', events: oneByOne(value) };
  return read(request, { status: 200, headers: undefined, json: value }, undefined);
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
  keepErrorBodies(client);
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

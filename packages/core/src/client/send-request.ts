import type { Clock } from '../clock/clock.ts';
import type { IterationRequest } from '../engine/iteration-request.ts';
import { isEventStream } from '../wire/begin-body.ts';
import { isPage } from '../wire/foreign-text.ts';
import type { Answer } from './answer.ts';
import { normalizeResponse } from './normalize-response.ts';
import { readAnswer, type AnswerParts } from './read-answer.ts';
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

function read(parts: AnswerParts, wait: number | undefined): Answer {
  return { ...readAnswer(parts), pollAfterMs: wait };
}

/** Whether a stream is what the request asks for. A create may be answered by one in any case. */
function streams(request: IterationRequest): boolean {
  return request.kind === 'create' || (request.kind === 'retrieve' && request.stream);
}

async function ofHttp(request: IterationRequest, given: Response, clock: Clock): Promise<Answer> {
  const answer = normalizeResponse(given);
  const { status, headers } = answer;
  const wait = pollAfterMs(headers);
  if (status < 200 || status > 299)
    return read({ status, headers, text: await errorText(answer, clock) }, wait);
  if (streams(request)) {
    const opened = await openEvents(answer, clock);
    if (opened.kind === 'stream') return opened;
    return read({ status, headers, text: opened.text }, wait);
  }
  if (isEventStream(headers)) {
    // It would never be read.
    await answer.body?.cancel();
    return read({ status, headers, text: 'a stream of events, which was not asked for' }, wait);
  }
  return read({ status, headers, text: await bodyText(answer) }, wait);
}

async function answered(
  client: ResponsesClient,
  request: IterationRequest,
  options: RequestOptions,
  clock: Clock,
  page: () => Response | undefined,
): Promise<Answer> {
  const answer = call(client, request, options);
  if (isHttp(answer)) return ofHttp(request, await answer.asResponse(), clock);
  const value = await answer;
  // A wrapper around a client may be an async function: what it gives is what the client gave.
  if (isHttp(value)) return ofHttp(request, await value.asResponse(), clock);
  // The package reads a web page as a stream without events.
  const seen = isIterable(value) ? page() : undefined;
  if (seen !== undefined) return ofHttp(request, seen, clock);
  if (isIterable(value)) return { kind: 'stream', events: oneByOne(value) };
  const body = typeof value === 'string' ? { text: value } : { json: value };
  return read({ status: 200, headers: undefined, ...body }, undefined);
}

/** Whether this is a browser that knows of no network; others do not say. */
function isOffline(): boolean {
  return typeof navigator !== 'undefined' && 'onLine' in navigator && !navigator.onLine;
}

/** Sends one request by whichever client, and says what became of it, without the secrets that the answer may quote. */
export async function sendRequest(
  client: ResponsesClient,
  request: IterationRequest,
  options: RequestOptions,
  clock: Clock,
  secrets: readonly string[] = [],
): Promise<Answer> {
  // A key that a function gives may be another by the time that the answer quotes it.
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
  request: IterationRequest,
  options: RequestOptions,
  clock: Clock,
  sent: SentSecrets,
): Promise<Answer> {
  const wasOffline = isOffline();
  let page: Response | undefined;
  let heard: AnswerParts | undefined;
  const overheard = interceptWith(client, {
    sending: (headers) => sent.add(headers),
    // What is neither a Response object nor a stream is read here: the package does not tell it from the API's errors.
    answered: (given) => {
      const answer = normalizeResponse(given);
      const { status, headers } = answer;
      page = isPage(headers.get('content-type'), '') ? given : undefined;
      heard = undefined;
      if (given.ok && page === undefined) return;
      const text = async (): Promise<string> => {
        const said = await (given.ok ? bodyText(answer) : errorText(answer, clock));
        heard = { status, headers, text: said };
        return said;
      };
      Reflect.defineProperty(given, 'text', { value: text });
    },
  });
  try {
    return await uncached(client, (cache) =>
      answered(
        client,
        request,
        { ...options, maxRetries: 0, fetchOptions: { ...cache, ...overheard } },
        clock,
        () => page,
      ),
    );
  } catch (error) {
    const headers = heard?.headers ?? thrownHeaders(error);
    const wait = headers === undefined ? undefined : pollAfterMs(headers);
    const answer = heard && read(heard, wait);
    if (answer !== undefined) return answer.kind === 'failure' ? { ...answer, cause: error } : answer;
    const cause = quotesHeader(error) ? undefined : error;
    const failure = thrownFailure(error);
    // Browsers have one error for all trouble. Without a network nothing was sent, and a create may be repeated.
    const neverLeft = failure.kind === 'lost' && wasOffline && isOffline();
    return {
      kind: 'failure',
      failure: neverLeft ? { ...failure, kind: 'refused' } : failure,
      pollAfterMs: wait,
      cause,
    };
  }
}

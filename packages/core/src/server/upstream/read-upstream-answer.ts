import { answerJson } from '../answer/answer-json.ts';
import { beginBody, isEventStream, type BegunBody } from '../../wire/begin-body.ts';
import { boundedText } from '../../wire/bounded-text.ts';
import { readEnvelope } from '../../wire/error-object.ts';
import { foreignMessage, foreignText, isPage } from '../../wire/foreign-text.ts';
import { fieldsOf, isJsonObject, type JsonObject } from '../../wire/json.ts';
import { readResponse } from '../../wire/response.ts';
import { UpstreamConnectionError } from './upstream-connection-error.ts';
import type { UpstreamAnswer } from './upstream.ts';

/** An answer that is not from the API: a page of a gateway, a redirect, an incomplete body. */
export interface ForeignAnswer {
  readonly kind: 'foreign';
  readonly status: number;
  /** Whether the answer is an HTML page, which an API does not send. */
  readonly isPage: boolean;
  /** The error message, if the answer is JSON with one. */
  readonly text: string | undefined;
  /** The title of a page, or a plain text. It may name systems behind the proxy. */
  readonly title: string | undefined;
}

/** An answer without the requested object. */
export type FailedAnswer =
  /**
   * OpenAI's error object. The API states that it did not process the request. Some servers send it with status 200.
   */
  | { readonly kind: 'error'; readonly status: number; readonly error: JsonObject }
  /** The API refused the server's key. */
  | { readonly kind: 'credentials'; readonly status: number; readonly error: JsonObject | undefined }
  | ForeignAnswer;

/** The kind of an answer, determined before any of it is passed on. */
export type Answer =
  | { readonly kind: 'response'; readonly status: number; readonly body: JsonObject }
  | { readonly kind: 'events'; readonly stream: ReadableStream<Uint8Array> }
  | FailedAnswer;

/** The API has deleted the response. */
export interface DeletedAnswer {
  readonly kind: 'deleted';
}

/**
 * Maximum size of an unpacked answer in bytes. An answer may contain a few images in base64, and several such answers
 * fit in memory.
 */
const longestAnswer = 32 * 2 ** 20;

async function readText(body: ReadableStream<Uint8Array> | null): Promise<string> {
  try {
    return body === null ? '' : await boundedText(body, longestAnswer);
  } catch {
    return '';
  }
}

function objectIn(text: string): JsonObject | undefined {
  try {
    const value = answerJson(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The requested kind of answer. A create may always be answered with a stream. */
export type Asked = 'create' | 'stream' | 'object';

type OpenedBody = Pick<BegunBody, 'isEvents' | 'whole'>;

/**
 * Determines whether a body is a stream, by the same rule as the client (`beginBody`). For a retrieve, it does not wait
 * for the first bytes of a stream that was requested and announced, because none may arrive for minutes.
 */
async function openBody(
  body: ReadableStream<Uint8Array>,
  headers: Headers,
  asked: Asked,
): Promise<OpenedBody> {
  if (asked === 'stream' && isEventStream(headers)) return { isEvents: true, whole: body };
  try {
    return await beginBody(body);
  } catch (error) {
    throw new UpstreamConnectionError(true, error);
  }
}

/** A stream that was not requested is cancelled, because nothing reads it. */
async function refuseStream(
  { response: { status }, begun }: UpstreamAnswer,
  { whole }: OpenedBody,
): Promise<ForeignAnswer> {
  await whole.cancel().catch(() => undefined);
  begun();
  return { kind: 'foreign', status, isPage: false, text: undefined, title: undefined };
}

/** Reads an answer that is not a stream. `wanted` returns the result for the requested object. */
async function readObject<Wanted>(
  { response, begun }: UpstreamAnswer,
  opened: OpenedBody | undefined,
  wanted: (json: JsonObject | undefined) => Wanted | undefined,
): Promise<Wanted | FailedAnswer> {
  const { ok, status, headers, body } = response;
  const text = await readText(opened?.whole ?? body);
  const json = objectIn(text);
  begun();
  const error = readEnvelope(status, json) === undefined ? undefined : fieldsOf(json?.['error']);
  const page = isPage(headers.get('content-type'), text);
  // A page with 403 is from a firewall, which has not checked the key.
  if (status === 401 || (status === 403 && !page)) return { kind: 'credentials', status, error };
  const found = ok ? wanted(json) : undefined;
  if (found !== undefined) return found;
  if (error !== undefined) return { kind: 'error', status, error };
  const title = json === undefined ? foreignText(text) : undefined;
  return { kind: 'foreign', status, isPage: page, text: foreignMessage(json), title };
}

async function open({ response }: UpstreamAnswer, asked: Asked): Promise<OpenedBody | undefined> {
  const { ok, headers, body } = response;
  return ok && body !== null ? openBody(body, headers, asked) : undefined;
}

/**
 * Determines from status and body whether the answer is from the API.
 *
 * @throws UpstreamConnectionError if the connection breaks before it is known whether the body is a stream
 */
export async function readUpstreamAnswer(sent: UpstreamAnswer, asked: Asked): Promise<Answer> {
  const opened = await open(sent, asked);
  if (opened?.isEvents === true)
    return asked === 'object' ? refuseStream(sent, opened) : { kind: 'events', stream: opened.whole };
  // Without an id there is no response to own, poll or cancel. Other JSON has ids too, so the other fields are also
  // checked.
  return readObject(sent, opened, (json) =>
    json === undefined || readResponse(json) === undefined
      ? undefined
      : { kind: 'response', status: sent.response.status, body: json },
  );
}

/**
 * Determines whether the API has deleted a response. A 204 has no body.
 *
 * @throws UpstreamConnectionError as `readUpstreamAnswer`
 */
export async function readDeleteAnswer(sent: UpstreamAnswer): Promise<DeletedAnswer | FailedAnswer> {
  const opened = await open(sent, 'object');
  if (opened?.isEvents === true) return refuseStream(sent, opened);
  return readObject(sent, opened, (json) =>
    sent.response.status === 204 || json?.['deleted'] === true ? { kind: 'deleted' } : undefined,
  );
}

import { answerJson } from '../answer/answer-json.ts';
import { type BegunBody, beginBody, isEventStream } from '../../wire/begin-body.ts';
import { boundedText } from '../../wire/bounded-text.ts';
import { readEnvelope } from '../../wire/error-object.ts';
import { foreignMessage } from '../../wire/foreign-message.ts';
import { foreignText, isPage } from '../../wire/foreign-text.ts';
import { fieldsOf, isJsonObject, type JsonObject } from '../../wire/json.ts';
import { readResponse } from '../../wire/response.ts';
import { UpstreamConnectionError } from './upstream-connection-error.ts';
import type { UpstreamAnswer } from './upstream.ts';

/** An answer that is not the API's: a gateway's page, a redirect, a body cut short. */
export interface ForeignAnswer {
  readonly kind: 'foreign';
  readonly status: number;
  /** A page: what answered is no API at all. */
  readonly isPage: boolean;
  /** What its error says, where it is JSON that says something. */
  readonly text: string | undefined;
  /** The title of a page, or a plain text: it may name what is behind the proxy. */
  readonly title: string | undefined;
}

/** What an answer is, before anything of it is passed on. */
export type Answer =
  | { readonly kind: 'response'; readonly status: number; readonly body: JsonObject }
  | { readonly kind: 'events'; readonly stream: ReadableStream<Uint8Array> }
  /** OpenAI's error object: the API's own word that nothing was done. Some servers send it with status 200. */
  | { readonly kind: 'error'; readonly status: number; readonly error: JsonObject }
  /** The server's key was refused. */
  | { readonly kind: 'credentials'; readonly status: number; readonly error: JsonObject | undefined }
  | ForeignAnswer;

/** Bytes of an answer once unpacked: a few images in base64, and memory for several of them. */
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

/** What was asked for: a create may be answered by a stream in any case. */
export type Asked = 'create' | 'stream' | 'object';

/**
 * Opens a body that may be a stream, by the rule that the client has. A stream that was asked for and is announced is not
 * waited for: it may have nothing to say for minutes.
 */
async function openBody(
  body: ReadableStream<Uint8Array>,
  headers: Headers,
  asked: Asked,
): Promise<Pick<BegunBody, 'isEvents' | 'whole'>> {
  if (asked === 'stream' && isEventStream(headers)) return { isEvents: true, whole: body };
  try {
    return await beginBody(body);
  } catch (error) {
    throw new UpstreamConnectionError(true, error);
  }
}

/**
 * Decides whose answer it is, from status and body.
 *
 * @throws UpstreamConnectionError where it breaks before it tells what it is
 */
export async function readAnswer({ response, begun }: UpstreamAnswer, asked: Asked): Promise<Answer> {
  const { ok, status, headers, body } = response;
  const opened = ok && body !== null ? await openBody(body, headers, asked) : undefined;
  if (opened?.isEvents === true) {
    if (asked !== 'object') return { kind: 'events', stream: opened.whole };
    // One that was not asked for would never be read.
    await opened.whole.cancel().catch(() => undefined);
    begun();
    return { kind: 'foreign', status, isPage: false, text: undefined, title: undefined };
  }
  const text = await readText(opened?.whole ?? body);
  const json = objectIn(text);
  begun();
  const error = readEnvelope(status, json) === undefined ? undefined : fieldsOf(json?.['error']);
  const page = isPage(headers.get('content-type'), text);
  // A page that forbids is a firewall's: it has not looked at the key.
  if (status === 401 || (status === 403 && !page)) return { kind: 'credentials', status, error };
  // An id is what everything hangs on: without one there is nothing to own, to poll or to cancel. Other JSON has ids too.
  const isResponse = ok && readResponse(json) !== undefined;
  if (isResponse && json !== undefined) return { kind: 'response', status, body: json };
  if (error !== undefined) return { kind: 'error', status, error };
  const title = json === undefined ? foreignText(text) : undefined;
  return { kind: 'foreign', status, isPage: page, text: foreignMessage(json), title };
}

import { boundedText } from '../../wire/bounded-text.ts';
import { fieldsOf, isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';
import { readEnvelope } from '../../wire/error-object.ts';
import { foreignMessage } from '../../wire/foreign-message.ts';
import { foreignText } from '../../wire/foreign-text.ts';
import { readResponse } from '../../wire/response.ts';
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
    const value: JsonValue = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function mediaType(headers: Headers): string {
  return (headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

/** Some gateways call events plain text. Where events were asked for, all that is neither JSON nor a page is read as them. */
function isEvents(type: string, asked: boolean): boolean {
  return type === 'text/event-stream' || (asked && !type.endsWith('json') && type !== 'text/html');
}

/** @param asksEvents Whether a stream was asked for */
export async function readAnswer({ response, begun }: UpstreamAnswer, asksEvents: boolean): Promise<Answer> {
  const { ok, status, headers, body } = response;
  const type = mediaType(headers);
  if (ok && body !== null && isEvents(type, asksEvents)) return { kind: 'events', stream: body };
  const text = await readText(body);
  const json = objectIn(text);
  begun();
  const error = readEnvelope(status, json) === undefined ? undefined : fieldsOf(json?.['error']);
  const isPage = type === 'text/html';
  // A page that forbids is a firewall's: it has not looked at the key.
  if (status === 401 || (status === 403 && !isPage)) return { kind: 'credentials', status, error };
  // An id is what everything hangs on: without one there is nothing to own, to poll or to cancel. Other JSON has ids too.
  const isResponse = ok && readResponse(json) !== undefined;
  if (isResponse && json !== undefined) return { kind: 'response', status, body: json };
  if (error !== undefined) return { kind: 'error', status, error };
  const title = json === undefined ? foreignText(text) : undefined;
  return { kind: 'foreign', status, isPage, text: foreignMessage(json), title };
}

import { boundedText } from '../../wire/bounded-text.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';
import { foreignMessage } from '../../wire/foreign-message.ts';
import { readResponse } from '../../wire/response.ts';
import type { UpstreamAnswer } from './upstream.ts';

/** An answer that is not the API's: a gateway's page, a redirect, a body cut short. */
export interface ForeignAnswer {
  readonly kind: 'foreign';
  readonly status: number;
  /** A page: what answered is no API at all. */
  readonly isPage: boolean;
  /** What its error says, where it says something. */
  readonly text: string | undefined;
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

async function readJson(body: ReadableStream<Uint8Array> | null): Promise<JsonObject | undefined> {
  if (body === null) return undefined;
  try {
    const value: JsonValue = JSON.parse(await boundedText(body, longestAnswer));
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
  const json = await readJson(body);
  begun();
  const error = isJsonObject(json?.['error']) ? json['error'] : undefined;
  if (status === 401 || status === 403) return { kind: 'credentials', status, error };
  // An id is what everything hangs on: without one there is nothing to own, to poll or to cancel. Other JSON has ids too.
  const isResponse = ok && readResponse(json) !== undefined;
  if (isResponse && json !== undefined) return { kind: 'response', status, body: json };
  if (error !== undefined) return { kind: 'error', status, error };
  return { kind: 'foreign', status, isPage: type === 'text/html', text: foreignMessage(json) };
}

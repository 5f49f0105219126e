import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';
import { isResponseId } from '../ids/signed-id.ts';
import type { UpstreamAnswer } from './upstream.ts';

/** What the API's answer is, before anything of it is passed on. */
export type Answer =
  | { readonly kind: 'response'; readonly status: number; readonly body: JsonObject }
  | { readonly kind: 'events'; readonly stream: ReadableStream<Uint8Array> }
  /** OpenAI's error object: the API's own word that nothing was done. */
  | { readonly kind: 'error'; readonly status: number; readonly error: JsonObject }
  /** The server's key was refused. */
  | { readonly kind: 'credentials'; readonly status: number; readonly error: JsonObject | undefined }
  /** A gateway's page, a redirect, a body cut short. */
  | { readonly kind: 'unreadable'; readonly status: number };

async function readJson(response: Response): Promise<JsonObject | undefined> {
  try {
    const body: JsonValue = JSON.parse(await response.text());
    return isJsonObject(body) ? body : undefined;
  } catch {
    return undefined;
  }
}

export async function readAnswer({ response, begun }: UpstreamAnswer): Promise<Answer> {
  const { ok, status, headers, body } = response;
  if (ok && body !== null && headers.get('content-type')?.startsWith('text/event-stream') === true) {
    return { kind: 'events', stream: body };
  }
  const json = await readJson(response);
  begun();
  const error = isJsonObject(json?.['error']) ? json['error'] : undefined;
  if (status === 401 || status === 403) return { kind: 'credentials', status, error };
  if (!ok) return error === undefined ? { kind: 'unreadable', status } : { kind: 'error', status, error };
  // An id is what everything hangs on: without one there is nothing to own, to poll or to cancel.
  if (typeof json?.['id'] !== 'string' || !isResponseId(json['id'])) return { kind: 'unreadable', status };
  return { kind: 'response', status, body: json };
}

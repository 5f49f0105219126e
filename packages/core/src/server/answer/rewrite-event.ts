import { isJsonObject, type JsonObject } from '../../wire/json.ts';
import { rewriteError, rewriteResponse, type Rewriting } from './rewrite-response.ts';

/** A streaming event as the client may see it; the same object where nothing had to change. */
export async function rewriteEvent(event: JsonObject, rewriting: Rewriting): Promise<JsonObject> {
  const { response, response_id: responseId, error } = event;
  const changed: Record<string, JsonObject | string> = {};
  if (isJsonObject(response)) changed['response'] = await rewriteResponse(response, rewriting);
  if (typeof responseId === 'string') changed['response_id'] = await rewriting.names.nameOf(responseId);
  // The `error` event is nested on the wire and flat in the API reference.
  if (isJsonObject(error)) changed['error'] = rewriteError(error, rewriting);
  const flat = event['type'] === 'error' ? rewriteError(event, rewriting) : event;
  return Object.keys(changed).length === 0 && flat === event ? event : { ...flat, ...changed };
}

import { isJsonObject, type JsonObject } from '../../wire/json.ts';
import { rewriteError, rewriteResponse, type Rewriting } from './rewrite-response.ts';

/** The `error` event is nested on the wire and flat in the API reference. */
function rewriteErrorEvent(event: JsonObject, rewriting: Rewriting): JsonObject {
  const { sequence_number: sequence, error } = event;
  return {
    ...rewriteError(event, rewriting),
    ...(sequence === undefined ? {} : { sequence_number: sequence }),
    ...(isJsonObject(error) ? { error: rewriteError(error, rewriting) } : {}),
  };
}

/** A streaming event as the client may see it; the same object where nothing had to change. */
export async function rewriteEvent(event: JsonObject, rewriting: Rewriting): Promise<JsonObject> {
  const { response, response_id: responseId, error } = event;
  if (event['type'] === 'error') return rewriteErrorEvent(event, rewriting);
  const changed: Record<string, JsonObject | string> = {};
  if (isJsonObject(response)) changed['response'] = await rewriteResponse(response, rewriting);
  if (typeof responseId === 'string') changed['response_id'] = await rewriting.names.nameOf(responseId);
  if (isJsonObject(error)) changed['error'] = rewriteError(error, rewriting);
  return Object.keys(changed).length === 0 ? event : { ...event, ...changed };
}

import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';
import { cleanFields, isNoExplanation, rewriteError, rewriteErrorValue } from './rewrite-error.ts';
import { snapshotIn } from './read-event.ts';
import { rewriteItem } from './rewrite-item.ts';
import { rewriteResponse } from './rewrite-response.ts';
import type { Rewriting } from './rewriting.ts';

/** Rewrites an `error` event. The API sends its fields nested in `error`; the API reference shows them flat. */
async function rewriteErrorEvent(event: JsonObject, rewriting: Rewriting): Promise<JsonObject> {
  const { type, sequence_number: sequence, error } = event;
  const flat = await rewriteError(event, rewriting);
  return {
    ...flat,
    ...(type === undefined ? {} : { type }),
    ...(sequence === undefined ? {} : { sequence_number: sequence }),
    ...(error === undefined ? {} : { error: await rewriteErrorValue(error, rewriting) }),
  };
}

/** The prefix of the API's own event types. Events of other types may come from a gateway. */
const ofApi = 'response.';
const labels: ReadonlySet<string> = new Set(['type', 'response', 'item']);

/**
 * Rewrites a streaming event for the client. Returns the same object if nothing changes. `name` is the type in the
 * frame; some servers state the type only there.
 */
export async function rewriteEvent(
  event: JsonObject,
  rewriting: Rewriting,
  name?: string,
): Promise<JsonObject> {
  const { response, response_id: responseId, item, item_id: itemId, error } = event;
  if ((event['type'] ?? name) === 'error') return rewriteErrorEvent(event, rewriting);
  if (snapshotIn(event) === event) return rewriteResponse(event, rewriting);
  const isContent =
    (event['type'] ?? name)?.toString().startsWith(ofApi) === false
      ? labels.has.bind(labels)
      : isNoExplanation;
  const changed: Record<string, JsonValue | undefined> = await cleanFields(event, isContent, rewriting);
  if (isJsonObject(response)) changed['response'] = await rewriteResponse(response, rewriting);
  if (typeof responseId === 'string') changed['response_id'] = await rewriting.names.nameOf(responseId);
  if (typeof itemId === 'string') changed['item_id'] = await rewriting.names.itemNameOf(itemId);
  if (item !== undefined) {
    const rewritten = await rewriteItem(item, rewriting);
    if (rewritten !== item) changed['item'] = rewritten;
  }
  if (error !== undefined && error !== null) changed['error'] = await rewriteErrorValue(error, rewriting);
  return Object.keys(changed).length === 0 ? event : { ...event, ...changed };
}

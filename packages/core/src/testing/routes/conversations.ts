import type { Item } from '../../wire/items.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';
import type { Emulation } from '../emulation.ts';
import { invalidRequest, isApiError, type ApiError } from '../http/api-error.ts';
import { failure, json, type Answer } from '../http/answer.ts';
import { listedItem, listOf, pageOf } from '../http/page.ts';
import type { ConversationRoute } from '../http/router.ts';
import { itemsError } from '../validation/input.ts';
import { metadataError } from '../validation/metadata.ts';
import { conversationNotFound } from '../validation/previous-response.ts';
import { includedIn, includeError } from '../validation/values.ts';
import { inputItems, typeOf } from '../world/conversation.ts';
import type { StoredConversation } from '../world/conversations.ts';
import { chainPrefix, conversationObjectId, kindOf } from '../world/ids.ts';

const mostItems = 20;

function shown({ id, createdAt, metadata }: StoredConversation): JsonObject {
  return { id, object: 'conversation', created_at: Math.floor(createdAt / 1000), metadata };
}

function bodyError(body: JsonObject): ApiError | undefined {
  const items: readonly JsonValue[] = Array.isArray(body['items']) ? body['items'] : [];
  if (items.length > mostItems) {
    return invalidRequest(
      `Invalid 'items': array too long. Expected an array with maximum length ${mostItems}, but got an array with length ${items.length} instead.`,
      'items',
      'array_above_max_length',
    );
  }
  return metadataError(body) ?? itemsError(items, 'items');
}

function withIds({ random, clock }: Emulation, chain: string, body: JsonObject): readonly Item[] {
  return inputItems(body['items']).map((item) => ({
    ...listedItem(item),
    id: item.id ?? conversationObjectId(random, kindOf(typeOf(item)), chain, clock.now()),
  }));
}

function metadataOf(body: JsonObject): JsonObject {
  return isJsonObject(body['metadata']) ? body['metadata'] : {};
}

function create(emulation: Emulation, body: JsonObject): Answer {
  const { random, clock, conversations } = emulation;
  const malformed = bodyError(body);
  if (malformed !== undefined) return failure(malformed);
  const chain = chainPrefix(random);
  const conversation: StoredConversation = {
    id: conversationObjectId(random, 'conv', chain, clock.now()),
    chain,
    createdAt: clock.now(),
    metadata: metadataOf(body),
    items: withIds(emulation, chain, body),
    pending: [],
  };
  conversations.add(conversation);
  return json(shown(conversation));
}

function addItems(emulation: Emulation, conversation: StoredConversation, body: JsonObject): Answer {
  const malformed = bodyError(body);
  if (malformed !== undefined) return failure(malformed);
  const added = withIds(emulation, conversation.chain, body);
  conversation.items = [...conversation.items, ...added];
  return json(listOf(added, false));
}

function oneItem(conversation: StoredConversation, itemId: string, isDelete: boolean): Answer {
  const item = conversation.items.find(({ id }) => id === itemId);
  if (item === undefined) {
    return failure(invalidRequest(`Item with id '${itemId}' not found.`, null, null, 404));
  }
  if (!isDelete) return json(listedItem(item));
  conversation.items = conversation.items.filter(({ id }) => id !== itemId);
  return json(shown(conversation));
}

/** Serves `/conversations` and the paths below it. */
export function serveConversation(
  emulation: Emulation,
  route: ConversationRoute,
  query: URLSearchParams,
  body: JsonObject,
): Answer {
  if (route.route === 'create_conversation') return create(emulation, body);
  const conversation = emulation.conversations.find(route.id);
  if (conversation === undefined) return failure(conversationNotFound(route.id));
  switch (route.route) {
    case 'read_conversation':
      return json(shown(conversation));
    case 'update_conversation': {
      const malformed = metadataError(body);
      if (malformed !== undefined) return failure(malformed);
      conversation.metadata = metadataOf(body);
      return json(shown(conversation));
    }
    case 'delete_conversation':
      emulation.conversations.delete(route.id);
      return json({ id: route.id, object: 'conversation.deleted', deleted: true });
    case 'list_items': {
      const unknown = includeError(includedIn(query));
      if (unknown !== undefined) return failure(unknown);
      const page = pageOf(conversation.items, query);
      return isApiError(page) ? failure(page) : json(page);
    }
    case 'add_items':
      return addItems(emulation, conversation, body);
    case 'read_item':
    case 'delete_item':
      return oneItem(conversation, route.itemId, route.route === 'delete_item');
    default:
      return route satisfies never;
  }
}

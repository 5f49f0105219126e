import type { Item } from '../../wire/items.ts';
import type { JsonObject } from '../../wire/json.ts';
import { typeOf } from '../world/conversation.ts';
import { invalidRequest, type ApiError } from './api-error.ts';

/**
 * Converts an item to its form in lists. Messages get their long form. All items except reasoning and compactions have
 * a status.
 */
export function listedItem(item: Item): JsonObject {
  const type = typeOf(item);
  const { content } = item;
  const part = item['role'] === 'assistant' ? 'output_text' : 'input_text';
  return {
    ...item,
    type,
    ...(type === 'reasoning' || type === 'compaction' ? {} : { status: item.status ?? 'completed' }),
    ...(type === 'message' && typeof content === 'string'
      ? { content: [{ type: part, text: content }] }
      : {}),
  };
}

function queryError(query: URLSearchParams, limit: number): ApiError | undefined {
  const order = query.get('order') ?? 'desc';
  if (order !== 'asc' && order !== 'desc')
    return invalidRequest(
      `Invalid value: '${order}'. Supported values are: 'asc' and 'desc'.`,
      'order',
      'invalid_value',
    );
  if (!Number.isInteger(limit))
    return invalidRequest(
      `Invalid type for 'limit': expected an integer, but got '${query.get('limit')}' instead.`,
      'limit',
      'invalid_type',
    );
  if (limit >= 1 && limit <= 100) return undefined;
  const [side, code] =
    limit < 1
      ? ['below minimum value. Expected a value >= 1', 'integer_below_min_value']
      : ['above maximum value. Expected a value <= 100', 'integer_above_max_value'];
  return invalidRequest(`Invalid 'limit': integer ${side}, but got ${limit} instead.`, 'limit', code);
}

/** A list object with the ids of its first and last item. */
export function listOf(data: readonly JsonObject[], hasMore: boolean): JsonObject {
  return {
    object: 'list',
    data,
    first_id: data[0]?.['id'] ?? null,
    last_id: data.at(-1)?.['id'] ?? null,
    has_more: hasMore,
  };
}

/** A page of items, newest first unless the query sets another order. */
export function pageOf(items: readonly Item[], query: URLSearchParams): JsonObject | ApiError {
  const limit = Number(query.get('limit') ?? 20);
  const malformed = queryError(query, limit);
  if (malformed !== undefined) return malformed;
  const all = items.map(listedItem);
  if (query.get('order') !== 'asc') all.reverse();
  const after = query.get('after');
  const start = after === null ? 0 : all.findIndex((item) => item['id'] === after) + 1;
  // If the list began again at its first item, a client that reads all pages would never end.
  if (after !== null && start === 0) return invalidRequest(`Item with id '${after}' not found.`, 'after');
  const data = all.slice(start, start + limit);
  return listOf(data, start + data.length < all.length);
}

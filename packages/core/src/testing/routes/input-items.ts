import type { Item } from '../../wire/items.ts';
import type { JsonObject } from '../../wire/json.ts';
import type { Emulation } from '../emulation.ts';
import { invalidRequest, responseNotFound, type ApiError } from '../http/api-error.ts';
import { failure, json, type Answer } from '../http/answer.ts';
import { typeOf } from '../world/conversation.ts';
import { visibleResponse } from './retrieve.ts';

/** Items as the list shows them: messages in their long form, finished ones with a status. */
function listed(item: Item): JsonObject {
  const type = typeOf(item);
  const { content } = item;
  const part = item['role'] === 'assistant' ? 'output_text' : 'input_text';
  return {
    ...item,
    type,
    ...(type === 'reasoning' ? {} : { status: item.status ?? 'completed' }),
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

/** `GET /responses/{id}/input_items`: of a chained response the whole chain's context, newest first unless asked otherwise. */
export function listInputItems(emulation: Emulation, id: string, query: URLSearchParams): Answer {
  const response = visibleResponse(emulation, id);
  if (response === undefined) return failure(responseNotFound(id));
  const limit = Number(query.get('limit') ?? 20);
  const malformed = queryError(query, limit);
  if (malformed !== undefined) return failure(malformed);
  const context = emulation.world.conversationOf(response);
  const items = context.slice(0, context.length - response.output.length).map(listed);
  if (query.get('order') !== 'asc') items.reverse();
  const after = query.get('after');
  const start = after === null ? 0 : items.findIndex((item) => item['id'] === after) + 1;
  // From the beginning again, whoever reads page after page would never come to an end.
  if (after !== null && start === 0)
    return failure(invalidRequest(`Item with id '${after}' not found.`, 'after'));
  const data = items.slice(start, start + limit);
  return json({
    object: 'list',
    data,
    first_id: data[0]?.['id'] ?? null,
    last_id: data.at(-1)?.['id'] ?? null,
    has_more: start + data.length < items.length,
  });
}

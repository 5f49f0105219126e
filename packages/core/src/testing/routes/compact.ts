import type { Item } from '../../wire/items.ts';
import type { JsonObject } from '../../wire/json.ts';
import type { Emulation } from '../emulation.ts';
import { failure, json, type Answer } from '../http/answer.ts';
import { listedItem } from '../http/page.ts';
import { inputError } from '../validation/input.ts';
import { modelError } from '../validation/model.ts';
import { parameterError } from '../validation/parameters.ts';
import { previousResponse } from '../validation/previous-response.ts';
import { unknownParameter } from '../validation/type-errors.ts';
import { compactionItem } from '../world/compactions.ts';
import { inputItems, typeOf } from '../world/conversation.ts';
import { chainPrefix, objectId } from '../world/ids.ts';
import { tokensIn, usageOf } from '../world/usage-of.ts';

function isUserMessage(item: Item): boolean {
  return typeOf(item) === 'message' && item['role'] === 'user';
}

/** The fields of `/responses/compact`, as in `openai`'s types. */
export const compactedFields: readonly string[] = [
  ...['image', 'input', 'instructions', 'model', 'previous_response_id', 'prompt_cache_key'],
  ...['prompt_cache_options', 'prompt_cache_retention', 'service_tier'],
];

/**
 * `POST /responses/compact`. Returns the user's messages, then one opaque item that replaces the whole conversation.
 */
export function compact(emulation: Emulation, body: JsonObject): Answer {
  const { world, compactions, clock, random, options } = emulation;
  const unknown = Object.keys(body).find((name) => !compactedFields.includes(name));
  const malformed =
    modelError(body, options.models) ??
    (unknown === undefined ? undefined : unknownParameter(unknown)) ??
    parameterError(body) ??
    inputError(body);
  if (malformed !== undefined) return failure(malformed);
  const chained = previousResponse(emulation, body);
  if ('message' in chained) return failure(chained);
  const { previous } = chained;
  const before = previous === undefined ? [] : world.conversationOf(previous);
  const items = compactions.expanded([...before, ...world.resolved(inputItems(body['input']))]);
  const now = clock.now();
  const chain = previous?.chain ?? chainPrefix(random);
  // Objects of a compaction cannot be retrieved, so the flag byte of their ids is `01`.
  const id = (kind: string): string => objectId(random, kind, chain, now, false);
  const compaction = compactionItem(id('cmp'));
  compactions.add({ id: String(compaction.id), items });
  const output = [
    ...items.filter(isUserMessage).map((item) => ({ ...listedItem(item), id: id('msg') })),
    compaction,
  ];
  return json({
    id: id('resp'),
    object: 'response.compaction',
    created_at: Math.floor(now / 1000),
    output,
    usage: usageOf(tokensIn(JSON.stringify(items)), 0, [compaction]),
  });
}

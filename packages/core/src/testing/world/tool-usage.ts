import type { OutputItem } from '../../wire/items.ts';
import { isJsonObject, type JsonObject } from '../../wire/json.ts';

function searches(item: OutputItem): boolean {
  const { action } = item;
  return item.type === 'web_search_call' && isJsonObject(action) && action['type'] === 'search';
}

/**
 * The usage of hosted tools, in addition to the model's tokens. Opening a page that a search found does not count as a
 * request.
 */
export function toolUsageOf(output: readonly OutputItem[]): JsonObject {
  const details = { image_tokens: 0, text_tokens: 0 };
  return {
    image_gen: {
      input_tokens: 0,
      input_tokens_details: details,
      output_tokens: 0,
      output_tokens_details: details,
      total_tokens: 0,
    },
    web_search: { num_requests: output.filter(searches).length },
  };
}

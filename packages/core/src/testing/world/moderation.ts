import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';

function unflagged(model: string): JsonObject {
  return {
    type: 'moderation_result',
    model,
    flagged: false,
    categories: {},
    category_scores: {},
    category_applied_input_types: {},
  };
}

/** The result of the `moderation` that a create requests, after the response has run. Nothing is ever flagged. */
export function moderationOf(asked: JsonValue | undefined, ran: boolean): JsonObject | null {
  if (!isJsonObject(asked) || !ran) return null;
  const model = typeof asked['model'] === 'string' ? asked['model'] : 'omni-moderation-latest';
  return { input: unflagged(model), output: unflagged(model) };
}

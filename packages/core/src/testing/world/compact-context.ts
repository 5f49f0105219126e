import type { Item, OutputItem } from '../../wire/items.ts';
import { isJsonObject, type JsonObject } from '../../wire/json.ts';
import { tokensIn } from './usage-of.ts';

/** The threshold of `context_management`, in tokens; undefined if the create does not set it. */
function threshold(body: JsonObject): number | undefined {
  const entries = body['context_management'];
  const entry = Array.isArray(entries) ? entries.filter(isJsonObject).at(-1) : undefined;
  const tokens = entry?.['compact_threshold'];
  return typeof tokens === 'number' ? tokens : undefined;
}

/**
 * Whether a response ends with a compaction of its context, because a trigger requests it or the context reaches the
 * threshold.
 */
export function compacts(
  body: JsonObject,
  conversation: readonly Item[],
  output: readonly OutputItem[],
): boolean {
  if (output.some(({ type }) => type === 'compaction')) return false;
  const latest = conversation.findLastIndex(({ type }) => type === 'compaction');
  const context = conversation.slice(Math.max(0, latest));
  if (context.at(-1)?.type === 'compaction_trigger') return true;
  const most = threshold(body);
  return most !== undefined && tokensIn(JSON.stringify(context)) >= most;
}

import { fieldsOf, type JsonObject } from './json.ts';
import { noUsage, type Usage } from './usage.ts';

function count(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : 0;
}

function cacheWrites(tokens: number): Pick<Usage, 'cacheWriteTokens'> {
  return tokens === 0 ? {} : { cacheWriteTokens: tokens };
}

/** Reads a response's `usage`. Missing or malformed values count as zero. */
export function readUsage(usage: JsonObject | null): Usage {
  if (usage === null) return noUsage;
  return {
    inputTokens: count(usage['input_tokens']),
    cachedInputTokens: count(fieldsOf(usage['input_tokens_details'])['cached_tokens']),
    outputTokens: count(usage['output_tokens']),
    reasoningTokens: count(fieldsOf(usage['output_tokens_details'])['reasoning_tokens']),
    totalTokens: count(usage['total_tokens']),
    ...cacheWrites(count(fieldsOf(usage['input_tokens_details'])['cache_write_tokens'])),
  };
}

export function addUsage(a: Usage, b: Usage): Usage {
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    cachedInputTokens: a.cachedInputTokens + b.cachedInputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    reasoningTokens: a.reasoningTokens + b.reasoningTokens,
    totalTokens: a.totalTokens + b.totalTokens,
    ...cacheWrites((a.cacheWriteTokens ?? 0) + (b.cacheWriteTokens ?? 0)),
  };
}

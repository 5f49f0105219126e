import { fieldsOf, type JsonObject } from './json.ts';

/** Tokens, summed over every attempt of a run, including failed and cancelled ones. */
export interface Usage {
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
  readonly reasoningTokens: number;
  readonly totalTokens: number;
  /** Input tokens that were written to the prompt cache, which some models bill; absent if there were none. */
  readonly cacheWriteTokens?: number;
}

export const noUsage: Usage = Object.freeze({
  inputTokens: 0,
  cachedInputTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  totalTokens: 0,
});

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

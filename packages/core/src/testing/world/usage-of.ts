import type { OutputItem } from '../../wire/items.ts';
import type { JsonObject } from '../../wire/json.ts';

/** An estimate: about four characters are a token. */
export function tokensIn(text: string): number {
  return Math.ceil(text.length / 4);
}

/**
 * Plausible usage. The input consists of the tokens `sent` and, in a chain, of the tokens `before`. Full blocks of 128
 * tokens of the latter count as cached.
 */
export function usageOf(sent: number, before: number, output: readonly OutputItem[]): JsonObject {
  const cached = Math.floor(before / 128) * 128;
  let produced = 0;
  let reasoned = 0;
  for (const item of output) {
    const tokens = tokensIn(JSON.stringify(item));
    produced += tokens;
    if (item.type === 'reasoning') reasoned += tokens;
  }
  const input = sent + before;
  return {
    input_tokens: input,
    input_tokens_details: { cache_write_tokens: 0, cached_tokens: cached },
    output_tokens: produced,
    output_tokens_details: { reasoning_tokens: reasoned },
    total_tokens: input + produced,
  };
}

/** Tokens of one response, or of all attempts of a run, including failed and cancelled ones. */
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

/** What recordings of 2026 show of a model besides its answers. */
export interface ModelTraits {
  /** The echo of `reasoning.context` where none was asked for; null: the model does not reason. */
  readonly reasoningContext: 'current_turn' | 'all_turns' | null;
  /** Its messages have a `phase`. */
  readonly hasPhases: boolean;
  /** The echo of `prompt_cache_retention` where none was asked for. */
  readonly cacheRetention: '24h' | null;
}

/** A model whose name is not known counts as one that does not reason. */
export function traitsOf(model: string): ModelTraits {
  const newest = /^gpt-(5\.[6-9]|[6-9])/.test(model);
  const reasons = newest || /^(o\d|gpt-5|codex)/.test(model);
  return {
    reasoningContext: newest ? 'all_turns' : reasons ? 'current_turn' : null,
    hasPhases: newest || /^gpt-5\.[345]/.test(model),
    cacheRetention: newest ? '24h' : null,
  };
}

/** Properties of a model that recordings of 2026 show, in addition to its answers. */
export interface ModelTraits {
  /** The echo of `reasoning.context` if the create has none; null if the model does not reason. */
  readonly reasoningContext: 'current_turn' | 'all_turns' | null;
  /** Whether the model's messages have a `phase`. */
  readonly hasPhases: boolean;
  /** The echo of `prompt_cache_retention` if the create has none. */
  readonly cacheRetention: '24h' | null;
}

/** The traits of a model by its name. An unknown model counts as one that does not reason. */
export function traitsOf(model: string): ModelTraits {
  const newest = /^gpt-(5\.[6-9]|[6-9])/.test(model);
  const reasons = newest || /^(o\d|gpt-5|codex)/.test(model);
  return {
    reasoningContext: newest ? 'all_turns' : reasons ? 'current_turn' : null,
    hasPhases: newest || /^gpt-5\.[345]/.test(model),
    cacheRetention: newest ? '24h' : null,
  };
}

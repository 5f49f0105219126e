const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/**
 * The delay in an error's message, in milliseconds: "Please try again in 22s", "in 1m30.5s", "in 250ms", "after 20
 * seconds". A response that fails with a rate limit has no header for the delay (openai/codex issue 2131).
 */
export function statedDelayMs(message: string): number | undefined {
  const [, stated = ''] =
    /(?:try|retry|wait)\b[^.!?]*?\b(?:in|after|for)\s+((?:about\s+)?(?:\d+(?:\.\d+)?\s*[a-z]+[\s,]*)+)/i.exec(
      message,
    ) ?? [];
  let total: number | undefined;
  for (const [, count = '', unit = ''] of stated.toLowerCase().matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/g)) {
    const ms = unitMs[unitOf(unit)];
    if (ms === undefined) break;
    total = (total ?? 0) + Number(count) * ms;
  }
  return total;
}

/** The unit that a word names, as Go writes durations or in English. Empty for other words. */
function unitOf(word: string): string {
  if (/^(ms|millis|millisecs?|milliseconds?)$/.test(word)) return 'ms';
  if (/^(s|secs?|seconds?)$/.test(word)) return 's';
  if (/^(m|mins?|minutes?)$/.test(word)) return 'm';
  return /^(h|hrs?|hours?)$/.test(word) ? 'h' : '';
}

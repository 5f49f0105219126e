function milliseconds(value: string | null, unit: number): number | undefined {
  if (value === null || value.trim() === '') return undefined;
  const count = Number(value);
  return Number.isFinite(count) && count >= 0 ? count * unit : undefined;
}

/** The delay that the server asks for, in milliseconds: `retry-after-ms`, or `Retry-After` in seconds or as a date. */
export function retryAfterMs(headers: Headers): number | undefined {
  const exact = milliseconds(headers.get('retry-after-ms'), 1);
  if (exact !== undefined) return exact;
  const value = headers.get('retry-after');
  const seconds = milliseconds(value, 1000);
  if (seconds !== undefined || value === null) return seconds;
  // `Date.parse` reads plain numbers as years.
  const date = /[a-z]/i.test(value) ? Date.parse(value) : Number.NaN;
  // Use the server's own clock if the answer has a date, because the local clock may be wrong by hours.
  const now = Date.parse(headers.get('date') ?? '') || Date.now();
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** The delay before the next poll that the server asks for, in milliseconds. It overrides the runner's polling. */
export function pollAfterMs(headers: Headers): number | undefined {
  return milliseconds(headers.get('openai-poll-after-ms'), 1) ?? retryAfterMs(headers);
}

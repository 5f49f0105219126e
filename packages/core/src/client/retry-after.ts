function milliseconds(value: string | null, unit: number): number | undefined {
  if (value === null || value.trim() === '') return undefined;
  const count = Number(value);
  return Number.isFinite(count) && count >= 0 ? count * unit : undefined;
}

/** How long the server asks to wait, in milliseconds: `retry-after-ms`, or `Retry-After` in seconds or as a date. */
export function retryAfterMs(headers: Headers): number | undefined {
  const exact = milliseconds(headers.get('retry-after-ms'), 1);
  if (exact !== undefined) return exact;
  const value = headers.get('retry-after');
  const seconds = milliseconds(value, 1000);
  if (seconds !== undefined || value === null) return seconds;
  const date = Date.parse(value);
  const now = Date.parse(headers.get('date') ?? '');
  // Both by the server's clock: ours may be wrong by hours.
  return Number.isNaN(date) || Number.isNaN(now) ? undefined : Math.max(0, date - now);
}

/** When the server wants to be asked again, in milliseconds: wins over the runner's polling. */
export function pollAfterMs(headers: Headers): number | undefined {
  return milliseconds(headers.get('openai-poll-after-ms'), 1) ?? retryAfterMs(headers);
}

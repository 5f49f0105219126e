/**
 * Formats milliseconds as `m:ss` or `h:mm:ss`, rounded to the nearest second. Negative values count as 0.
 *
 * @example
 * formatDuration(65_000); // '1:05'
 * formatDuration(3_600_000); // '1:00:00'
 */
export function formatDuration(ms: number): string {
  const total = Math.max(0, Math.round(ms / 1_000));
  const pad = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(total / 3_600);
  const minutes = Math.floor(total / 60) % 60;
  return `${hours > 0 ? `${hours}:${pad(minutes)}` : minutes}:${pad(total % 60)}`;
}

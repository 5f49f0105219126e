/** Formats milliseconds as `840 ms`, `3.2 s`, `4 min 05 s` or `2 h 10 min`. */
export function formatDuration(ms: number): string {
  const whole = Math.max(0, ms);
  if (whole < 1_000) return `${Math.round(whole)} ms`;
  if (whole < 60_000) return `${(whole / 1_000).toFixed(1)} s`;
  if (whole < 3_600_000) {
    const seconds = Math.floor((whole % 60_000) / 1_000);
    return `${Math.floor(whole / 60_000)} min ${String(seconds).padStart(2, '0')} s`;
  }
  return `${Math.floor(whole / 3_600_000)} h ${String(Math.floor((whole % 3_600_000) / 60_000)).padStart(2, '0')} min`;
}

/** Formats a number as `1,234`. */
export function formatCount(count: number): string {
  return count.toLocaleString('en');
}

/** Formats a time relative to `now`, as `just now`, `4 min ago` or `3 h ago`; from one day on, the date (`12 Nov`). */
export function formatAgo(at: number, now: number): string {
  const minutes = Math.floor((now - at) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ago`;
  return new Date(at).toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });
}

/** Shortens an id to its start and end, which is enough to distinguish ids. */
export function shortId(id: string): string {
  return id.length <= 18 ? id : `${id.slice(0, 9)}…${id.slice(-6)}`;
}

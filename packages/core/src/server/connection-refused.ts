/** What Node, Bun and Deno call a connection that never was. */
const neverConnected: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ConnectionRefused',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Whether a failed fetch surely never reached the server. False where the platform does not tell. */
export function isConnectionRefused(error: unknown): boolean {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && typeof cause.code === 'string' && neverConnected.has(cause.code)) return true;
    if (cause instanceof AggregateError && cause.errors.length > 0)
      return cause.errors.every(isConnectionRefused);
  }
  return false;
}

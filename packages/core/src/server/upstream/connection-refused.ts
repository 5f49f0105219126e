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
  if (!(error instanceof Error)) return false;
  if ('code' in error && typeof error.code === 'string' && neverConnected.has(error.code)) return true;
  // One error for each address that was tried.
  if (error instanceof AggregateError && error.errors.length > 0)
    return error.errors.every(isConnectionRefused);
  return isConnectionRefused(error.cause);
}

/** The media type of every stream that the proxy sends. */
export const eventStream = 'text/event-stream; charset=utf-8';

/**
 * Headers that a client needs to time its requests and to contact support. Other headers of the API are not passed on.
 */
const passed: readonly string[] = [
  'retry-after',
  'retry-after-ms',
  'openai-poll-after-ms',
  'openai-processing-ms',
  'x-request-id',
  'x-should-retry',
];

/** Creates the headers of an answer. Cookies, account names and rate limits of the account are not passed on. */
export function responseHeaders(upstream: Headers, contentType: string): Headers {
  const headers = new Headers({ 'content-type': contentType, 'cache-control': 'no-store' });
  for (const name of passed) {
    const value = upstream.get(name);
    if (value !== null) headers.set(name, value);
  }
  return headers;
}

/**
 * Adds headers to every answer of the proxy. Without `x-accel-buffering` nginx buffers a stream until its buffer is
 * full.
 */
export function addSafetyHeaders(headers: Headers): void {
  headers.set('x-content-type-options', 'nosniff');
  headers.set('x-accel-buffering', 'no');
  if (!headers.has('cache-control')) headers.set('cache-control', 'no-store');
}

/** The media type of every stream that the proxy sends. */
export const eventStream = 'text/event-stream; charset=utf-8';

/** What a client needs to pace itself and to ask for support; everything else of the API's headers stays here. */
const passed: readonly string[] = [
  'retry-after',
  'retry-after-ms',
  'openai-poll-after-ms',
  'openai-processing-ms',
  'x-request-id',
  'x-should-retry',
];

/** Headers of an answer, built anew: cookies, account names, rate limits of the account have no way through. */
export function responseHeaders(upstream: Headers, contentType: string): Headers {
  const headers = new Headers({ 'content-type': contentType, 'cache-control': 'no-store' });
  for (const name of passed) {
    const value = upstream.get(name);
    if (value !== null) headers.set(name, value);
  }
  return headers;
}

/** For every answer of the proxy. Without `x-accel-buffering` nginx holds a stream back until its buffer is full. */
export function addSafetyHeaders(headers: Headers): void {
  headers.set('x-content-type-options', 'nosniff');
  headers.set('x-accel-buffering', 'no');
  if (!headers.has('cache-control')) headers.set('cache-control', 'no-store');
}

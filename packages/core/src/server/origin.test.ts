import { describe, expect, test } from 'vitest';
import type { ProxyCors } from './options/proxy-options.ts';
import { addCorsHeaders, checkOrigin, preflight } from './origin.ts';

function request(
  headers: Record<string, string>,
  method = 'POST',
  url = 'http://site.test/responses',
): Request {
  // Browsers do not let pages set these headers, so they are reliable.
  return new Request(url, { method, headers });
}

const cors: ProxyCors = { origins: ['https://app.test'], credentials: true };

describe('accepts by default:', () => {
  test.each([
    [{}],
    [{ 'sec-fetch-site': 'same-origin', origin: 'http://site.test' }],
    [{ 'sec-fetch-site': 'none' }],
    [{ origin: 'http://site.test' }],
    // A TLS terminator connects to the proxy with http.
    [{ origin: 'https://site.test' }],
    [{ origin: 'https://public.test', host: 'public.test' }],
  ])('%o', (headers) => {
    expect(() => checkOrigin(request(headers), undefined)).not.toThrow();
  });
});

describe('refuses by default:', () => {
  test.each([
    [{ 'sec-fetch-site': 'cross-site', origin: 'https://evil.test' }],
    [{ 'sec-fetch-site': 'cross-site' }],
    [{ 'sec-fetch-site': 'same-site', origin: 'http://other.site.test' }],
    [{ origin: 'https://evil.test' }],
    [{ origin: 'null' }],
    [{ origin: 'http://site.test:8080' }],
    [{ origin: 'http://site.test.evil.test' }],
    // A page cannot pretend to be of the same origin.
    [{ 'sec-fetch-site': 'cross-site', origin: 'http://site.test' }],
  ])('%o', (headers) => {
    expect(() => checkOrigin(request(headers), undefined)).toThrow(/other origins/);
  });
});

test('compares listed origins literally', () => {
  const from = (origin: string): Request => request({ 'sec-fetch-site': 'cross-site', origin });
  expect(() => checkOrigin(from('https://app.test'), cors)).not.toThrow();
  for (const origin of [
    'http://app.test',
    'https://app.test:444',
    'https://xapp.test',
    'https://app.test.evil.test',
    'null',
  ]) {
    expect(() => checkOrigin(from(origin), cors)).toThrow(/other origins/);
  }
  expect(() =>
    checkOrigin(from('https://pr-7.app.test'), { origins: (origin) => origin.endsWith('.app.test') }),
  ).not.toThrow();
  expect(() => checkOrigin(from('https://anything.test'), { origins: ['*'] })).not.toThrow();
});

test.each([
  ['a promise, because it is async', async () => true],
  ['a text', () => 'yes'],
  ['nothing', () => undefined],
])('a function for origins that returns %s allows none', (_, origins) => {
  const from = request({ 'sec-fetch-site': 'cross-site', origin: 'https://evil.test' });
  // @ts-expect-error The function must return a boolean.
  const wrong: ProxyCors = { origins };
  expect(() => checkOrigin(from, wrong)).toThrow(/other origins/);
});

test('sends CORS headers only to listed origins', () => {
  const answer = (origin: string): Headers => {
    const headers = new Headers();
    addCorsHeaders(headers, request({ origin }), cors);
    return headers;
  };
  expect(answer('https://app.test').get('access-control-allow-origin')).toBe('https://app.test');
  expect(answer('https://app.test').get('access-control-allow-credentials')).toBe('true');
  expect(answer('https://evil.test').get('access-control-allow-origin')).toBeNull();
  // Without `vary`, a cache would serve the answer for one origin to another.
  expect(answer('https://evil.test').get('vary')).toBe('Origin');
});

test('answers a preflight only for listed origins, with the route’s method', () => {
  const ask = (origin: string) =>
    preflight(
      request({ origin, 'access-control-request-method': 'DELETE' }, 'OPTIONS'),
      { ...cors, headers: ['x-csrf'] },
      'POST',
    );
  expect(ask('https://evil.test')).toBeUndefined();
  const answer = ask('https://app.test');
  expect(answer?.status).toBe(204);
  expect(answer?.headers.get('access-control-allow-methods')).toBe('POST');
  expect(answer?.headers.get('access-control-allow-headers')).toBe(
    'authorization, content-type, idempotency-key, x-csrf',
  );
  expect(preflight(request({ origin: 'https://app.test' }), cors, 'POST')).toBeUndefined();
});

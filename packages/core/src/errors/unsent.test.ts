import { createServer } from 'node:net';
import OpenAI from 'openai';
import { describe, expect, onTestFinished, test } from 'vitest';
import { isUnsent } from './unsent.ts';

/** An error as undici throws it, with the reason in its cause. */
function undici(code: string | undefined, message: string, syscall?: string): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(message), { code, syscall }) });
}

describe('a platform reports that nothing was sent', () => {
  test.each<[string, unknown]>([
    ['a refused connection', undici('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:4', 'connect')],
    ['an unknown host name', undici('ENOTFOUND', 'getaddrinfo ENOTFOUND api.test', 'getaddrinfo')],
    ['an unavailable resolver', undici('EAI_AGAIN', 'getaddrinfo EAI_AGAIN api.test', 'getaddrinfo')],
    ['no route', undici('EHOSTUNREACH', 'connect EHOSTUNREACH 10.0.0.1:443', 'connect')],
    ['no network', undici('ENETUNREACH', 'connect ENETUNREACH 10.0.0.1:443', 'connect')],
    ['a time-out of the system while connecting', undici('ETIMEDOUT', 'connect ETIMEDOUT 10.0.0.1:443')],
    ['a firewall of the machine', undici('EACCES', 'connect EACCES 10.0.0.1:443', 'connect')],
    ['undici’s time-out while connecting', undici('UND_ERR_CONNECT_TIMEOUT', 'Connect Timeout Error')],
    [
      'a tunnel that is refused',
      undici('UND_ERR_ABORTED', 'Proxy response (403) !== 200 when HTTP Tunneling'),
    ],
    ['an expired certificate', undici('CERT_HAS_EXPIRED', 'certificate has expired')],
    ['a self-signed certificate', undici('DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed certificate')],
    ['a self-signed chain', undici('SELF_SIGNED_CERT_IN_CHAIN', 'self-signed certificate in chain')],
    [
      'an unknown issuer',
      undici('UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'unable to verify the first certificate'),
    ],
    ['a certificate of another host', undici('ERR_TLS_CERT_ALTNAME_INVALID', "Host: a. is not cert's CN: b")],
    ['no TLS at the port', undici('ERR_SSL_WRONG_VERSION_NUMBER', 'error:0A00010B:SSL routines')],
    [
      'no TLS, older Node',
      undici('EPROTO', 'write EPROTO 1:error:1408F10B:SSL routines:wrong version number:', 'write'),
    ],
    ['a refused handshake', undici('ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', 'error:0A000410')],
    ['an old protocol', undici('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'error:0A00042E')],
    [
      'an interrupted handshake',
      undici('ECONNRESET', 'Client network socket disconnected before secure TLS connection was established'),
    ],
    ['an invalid scheme', undici(undefined, 'unknown scheme')],
    ['a forbidden port', undici(undefined, 'bad port')],
    [
      'Bun’s refused connection (bun 34397)',
      Object.assign(new Error('Unable to connect.'), { code: 'ConnectionRefused' }),
    ],
    ['Bun’s socket (bun 3327)', Object.assign(new Error('typo?'), { code: 'FailedToOpenSocket' })],
    [
      'Deno’s connect',
      new TypeError(
        'error sending request for url (https://a/): client error (Connect): dns error: failed to lookup',
      ),
    ],
    [
      'older Deno’s (deno 9468)',
      new TypeError('error sending request for url (https://a/): error trying to connect: dns error'),
    ],
    ...[
      'CONNECTION_REFUSED',
      'CONNECTION_TIMED_OUT',
      'INTERNET_DISCONNECTED',
      'NAME_NOT_RESOLVED',
      'ADDRESS_UNREACHABLE',
      'PROXY_CONNECTION_FAILED',
      'TUNNEL_CONNECTION_FAILED',
    ].map((name): [string, unknown] => [
      `Electron’s ${name} (outline-apps 2434, confluentinc/vscode 753)`,
      new TypeError('fetch failed', { cause: new Error(`net::ERR_${name}`) }),
    ]),
    [
      'node-fetch',
      Object.assign(new Error('request to http://a/ failed, reason: getaddrinfo ENOTFOUND a'), {
        code: 'ENOTFOUND',
        type: 'system',
      }),
    ],
  ])('%s', (_name, error) => {
    expect(isUnsent(error)).toBe(true);
    const cause = error instanceof Error ? error : undefined;
    expect(isUnsent(new OpenAI.APIConnectionError({ message: undefined, cause }))).toBe(true);
  });

  test('each address of a host was refused', () => {
    const refused = (): unknown => undici('ECONNREFUSED', 'connect');
    expect(isUnsent(new AggregateError([refused(), refused()]))).toBe(true);
  });
});

describe('the request may have been sent', () => {
  test.each<[string, unknown]>([
    ['a reset', undici('ECONNRESET', 'read ECONNRESET', 'read')],
    ['a broken pipe', undici('EPIPE', 'write EPIPE', 'write')],
    ['a network that failed during the connection', undici('EHOSTUNREACH', 'read EHOSTUNREACH', 'read')],
    ['a time-out of the system while reading', undici('ETIMEDOUT', 'read ETIMEDOUT', 'read')],
    ['a closed socket', undici('UND_ERR_SOCKET', 'other side closed')],
    ['no headers in time', undici('UND_ERR_HEADERS_TIMEOUT', 'Headers Timeout Error')],
    ['Chrome, without details', new TypeError('Failed to fetch')],
    ['Safari', new TypeError('Load failed')],
    ['Firefox', new TypeError('NetworkError when attempting to fetch resource.')],
    ['React Native', new TypeError('Network request failed')],
    ['Bun’s closed socket', Object.assign(new Error('closed unexpectedly'), { code: 'ConnectionClosed' })],
    [
      'Deno’s sending',
      new TypeError('error sending request for url (https://a/): client error (SendRequest)'),
    ],
    [
      'one attempt that was reset, one refused',
      new AggregateError([undici('ECONNRESET', 'read ECONNRESET'), undici('ECONNREFUSED', 'x')]),
    ],
    ...['CONNECTION_RESET', 'CONNECTION_CLOSED', 'NETWORK_CHANGED', 'TIMED_OUT', 'EMPTY_RESPONSE'].map(
      (name): [string, unknown] => [`Electron’s ${name}`, new Error(`net::ERR_${name}`)],
    ),
    ['nothing', undefined],
    ['a text', 'connect'],
  ])('%s', (_name, error) => {
    expect(isUnsent(error)).toBe(false);
  });

  test('a circle of causes', () => {
    const error: Error & { cause?: unknown } = new Error('round');
    error.cause = error;
    expect(isUnsent(error)).toBe(false);
  });
});

describe('the errors of this process’s `fetch`', () => {
  const thrownBy = async (url: string): Promise<unknown> =>
    fetch(url, { method: 'POST', body: '{}' }).then(
      () => undefined,
      (error: unknown) => error,
    );

  async function listen(onData: 'end' | 'resetAndDestroy'): Promise<number> {
    const server = createServer((socket) => {
      socket.on('error', () => undefined).once('data', () => socket[onData]());
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    onTestFinished(() => void server.close());
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  test.each([
    'http://no-such.invalid/v1',
    'ftp://api.test/',
    '/v1',
    'http://127.0.0.1:4/',
    'http://127.0.0.1:6000/',
  ])('state for %s that nothing was sent', async (url) => {
    expect(isUnsent(await thrownBy(url))).toBe(true);
  });

  test('when a server disconnects: before TLS nothing was sent, without TLS it may have been', async () => {
    const port = await listen('end');
    expect(isUnsent(await thrownBy(`https://127.0.0.1:${port}/`))).toBe(true);
    expect(isUnsent(await thrownBy(`http://127.0.0.1:${port}/`))).toBe(false);
    expect(isUnsent(await thrownBy(`http://127.0.0.1:${await listen('resetAndDestroy')}/`))).toBe(false);
  });
});

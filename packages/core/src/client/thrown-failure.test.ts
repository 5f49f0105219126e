import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { quotesHeader, thrownFailure } from './thrown-failure.ts';

const message = 'fetch failed';

/** An error as undici throws it. Its cause has the code. */
function network(code: string): TypeError {
  return new TypeError(message, { cause: Object.assign(new Error(`read ${code}`), { code }) });
}

describe('thrownFailure', () => {
  test.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'])(
    'reads %s as a request that was not sent',
    (code) => {
      expect(thrownFailure(network(code))).toEqual({ kind: 'refused', message });
    },
  );

  test.each(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'])(
    'reads %s as a timeout of the platform (openai-node 2153)',
    (code) => {
      expect(thrownFailure(network(code))).toEqual({ kind: 'lost', message, timedOut: true });
    },
  );

  test.each(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'SOMETHING_NEW'])(
    'reads %s as a lost connection, because the server may have acted',
    (code) => {
      expect(thrownFailure(network(code))).toEqual({ kind: 'lost', message });
    },
  );

  test.each([0, Number.NaN])(
    'does not read status %s, which wrappers of XMLHttpRequest set, as an answer',
    (status) => {
      const error = Object.assign(new Error('Network Error'), { status });
      expect(thrownFailure(error)).toEqual({ kind: 'lost', message: 'Network Error' });
    },
  );

  test('reads an error of both addresses of a host as a request that was not sent', () => {
    const refused = (): Error => Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    const both = new AggregateError([refused(), refused()], 'connect failed');
    expect(thrownFailure(new TypeError(message, { cause: both })).kind).toBe('refused');
  });

  test.each([
    ['names', { 'api key': '1' }],
    ['values', { 'api-key': 'a\nb' }],
    ['neither an object nor a list', 'api-key'],
  ])('reads an error about invalid headers (%s) as missing credentials', (_name, headers) => {
    let thrown: unknown;
    try {
      Reflect.construct(Headers, [headers]);
    } catch (error) {
      thrown = error;
    }
    expect(thrownFailure(thrown).kind).toBe('credentials');
  });

  test('reads an error of a browser, which has no code, as a lost connection', () => {
    expect(thrownFailure(new TypeError('Failed to fetch'))).toEqual({
      kind: 'lost',
      message: 'Failed to fetch',
    });
  });

  test.each([
    ['text', 'gone', 'gone'],
    ['undefined', undefined, 'undefined'],
    ['an error without a message', new Error(), 'Error'],
    ['a circle of causes', circular(), 'round'],
  ])('reads %s as a lost connection', (_name, thrown, expected) => {
    expect(thrownFailure(thrown)).toEqual({ kind: 'lost', message: expected });
  });
});

function circular(): Error {
  const error: Error & { cause?: unknown } = new Error('round');
  error.cause = error;
  return error;
}

/** The error that an `OpenAI` instance throws for an answer. */
async function thrownBy(answer: () => Promise<Response>): Promise<unknown> {
  const client = new OpenAI({ apiKey: 'key', baseURL: 'http://api.test/v1', maxRetries: 0, fetch: answer });
  return client.responses.create({ model: 'm', input: 'x' }).then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('thrownFailure, with the errors of the openai package,', () => {
  test('returns the status and the API’s error object', async () => {
    const body = {
      error: { message: 'Slow down.', type: 'tokens', param: null, code: 'rate_limit_exceeded' },
    };
    const headers = { 'retry-after': '2' };
    const thrown = await thrownBy(async () => Response.json(body, { status: 429, headers }));
    expect(thrown).toBeInstanceOf(OpenAI.RateLimitError);
    expect(thrownFailure(thrown)).toEqual({
      kind: 'http',
      status: 429,
      code: 'rate_limit_exceeded',
      type: 'tokens',
      param: null,
      message: 'Slow down.',
      retryAfterMs: 2_000,
      sender: 'api',
    });
  });

  test('returns the status and the title of a proxy’s page', async () => {
    const thrown = await thrownBy(
      async () => new Response('<html><title>Bad gateway</title></html>', { status: 502 }),
    );
    expect(thrownFailure(thrown)).toMatchObject({
      kind: 'http',
      status: 502,
      sender: 'other',
      message: expect.stringMatching(/^HTTP 502, .*Bad gateway$/),
    });
  });

  test.each([
    ['{"error":"no such model"}', 'no such model'],
    ['{"detail":"x"}', 'x'],
    ['{"message":"no Route matched","request_id":"1"}', 'no Route matched'],
    ['{"statusCode":404,"message":"Resource not found"}', 'Resource not found'],
    ['{"kind":"Status","code":404,"reason":"NotFound","message":"no endpoints"}', 'no endpoints'],
    ['{"type":"about:blank","title":"Not Found","status":404}', 'Not Found'],
    ['nothing at all', 'nothing at all'],
  ])(
    'does not read %s as an error of the API, and keeps the text that the package keeps',
    async (body, text) => {
      const failure = thrownFailure(await thrownBy(async () => new Response(body, { status: 404 })));
      expect(failure).toMatchObject({ kind: 'http', status: 404, sender: 'other' });
      if (text !== undefined) expect(failure.message.endsWith(`: ${text}`)).toBe(true);
    },
  );

  test.each([
    [{ message: 'x', type: 'invalid_request_error', param: null, code: null }, 'api'],
    [{ message: 'x', code: 'DeploymentNotFound' }, 'other'],
    [{ message: 'x', type: 'error', code: 'NoRoute' }, 'other'],
  ])('reads %j as an error of the API only if it has all four fields', async (error, sender) => {
    const body = { error };
    const thrown = await thrownBy(async () => Response.json(body, { status: 404 }));
    expect(thrownFailure(thrown)).toMatchObject({ kind: 'http', status: 404, sender });
  });

  test('reads a refused connection as a request that was not sent', async () => {
    const thrown = await thrownBy(async () => {
      throw network('ECONNREFUSED');
    });
    expect(thrown).toBeInstanceOf(OpenAI.APIConnectionError);
    expect(thrownFailure(thrown).kind).toBe('refused');
  });

  test('does not return a key that the package quotes because it is not valid in a header', async () => {
    const client = new OpenAI({ apiKey: 'sk-secret\nsk-other', maxRetries: 0 });
    const thrown: unknown = await client.responses.retrieve('resp_1').catch((error: unknown) => error);
    expect(String(thrown)).toContain('sk-secret');
    expect(quotesHeader(thrown)).toBe(true);
    const failure = thrownFailure(thrown);
    expect(failure.kind).toBe('credentials');
    expect(JSON.stringify(failure)).not.toContain('sk-');
  });

  test('reads a broken connection, a timeout or an abort as a lost connection', async () => {
    const thrown = await thrownBy(async () => {
      throw network('ECONNRESET');
    });
    expect(thrownFailure(thrown).kind).toBe('lost');
    expect(thrownFailure(new OpenAI.APIConnectionTimeoutError())).toMatchObject({
      kind: 'lost',
      timedOut: true,
    });
    expect(thrownFailure(new OpenAI.APIUserAbortError()).kind).toBe('lost');
  });
});

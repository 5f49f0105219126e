import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { quotesHeader, thrownFailure } from './thrown-failure.ts';

const message = 'fetch failed';

/** An error as undici throws it: what happened is in its cause. */
function network(code: string): TypeError {
  return new TypeError(message, { cause: Object.assign(new Error(`read ${code}`), { code }) });
}

describe('what a client threw', () => {
  test.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'])(
    '%s came before anything was sent',
    (code) => {
      expect(thrownFailure(network(code))).toEqual({ kind: 'refused', message });
    },
  );

  test.each(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'])(
    '%s says that the platform ended the wait (openai-node 2153)',
    (code) => {
      expect(thrownFailure(network(code))).toEqual({ kind: 'lost', message, timedOut: true });
    },
  );

  test.each(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'SOMETHING_NEW'])(
    '%s may have come after the server acted',
    (code) => {
      expect(thrownFailure(network(code))).toEqual({ kind: 'lost', message });
    },
  );

  test.each([0, Number.NaN])(
    'a status of %s, as wrappers of XMLHttpRequest give it, is no answer of anything',
    (status) => {
      const error = Object.assign(new Error('Network Error'), { status });
      expect(thrownFailure(error)).toEqual({ kind: 'lost', message: 'Network Error' });
    },
  );

  test('both addresses of a host refused: nothing was sent', () => {
    const refused = (): Error => Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    const both = new AggregateError([refused(), refused()], 'connect failed');
    expect(thrownFailure(new TypeError(message, { cause: both })).kind).toBe('refused');
  });

  test.each([
    ['names', { 'api key': '1' }],
    ['values', { 'api-key': 'a\nb' }],
    ['anything', 'api-key'],
  ])('headers that cannot be (%s) are sent nowhere', (_what, headers) => {
    let thrown: unknown;
    try {
      Reflect.construct(Headers, [headers]);
    } catch (error) {
      thrown = error;
    }
    expect(thrownFailure(thrown).kind).toBe('credentials');
  });

  test('a browser, which tells no code, may have sent it', () => {
    expect(thrownFailure(new TypeError('Failed to fetch'))).toEqual({
      kind: 'lost',
      message: 'Failed to fetch',
    });
  });

  test.each([
    ['text', 'gone', 'gone'],
    ['nothing', undefined, 'undefined'],
    ['an error without words', new Error(), 'Error'],
    ['a circle of causes', circular(), 'round'],
  ])('%s is a lost connection', (_name, thrown, expected) => {
    expect(thrownFailure(thrown)).toEqual({ kind: 'lost', message: expected });
  });
});

function circular(): Error {
  const error: Error & { cause?: unknown } = new Error('round');
  error.cause = error;
  return error;
}

/** What an `OpenAI` instance throws for an answer. */
async function thrownBy(answer: () => Promise<Response>): Promise<unknown> {
  const client = new OpenAI({ apiKey: 'key', baseURL: 'http://api.test/v1', maxRetries: 0, fetch: answer });
  return client.responses.create({ model: 'm', input: 'x' }).then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('what the openai package throws', () => {
  test('for an error status is that status, with the API’s error object', async () => {
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

  test('for a proxy’s page is a status without the API’s word', async () => {
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
  ])('for %s is not the API’s error, with the text as far as the package keeps it', async (body, text) => {
    const failure = thrownFailure(await thrownBy(async () => new Response(body, { status: 404 })));
    expect(failure).toMatchObject({ kind: 'http', status: 404, sender: 'other' });
    if (text !== undefined) expect(failure.message.endsWith(`: ${text}`)).toBe(true);
  });

  test.each([
    [{ message: 'x', type: 'invalid_request_error', param: null, code: null }, 'api'],
    [{ message: 'x', code: 'DeploymentNotFound' }, 'other'],
    [{ message: 'x', type: 'error', code: 'NoRoute' }, 'other'],
  ])('for %j in an envelope is the API’s error only where all four fields show it', async (error, sender) => {
    const body = { error };
    const thrown = await thrownBy(async () => Response.json(body, { status: 404 }));
    expect(thrownFailure(thrown)).toMatchObject({ kind: 'http', status: 404, sender });
  });

  test('for a refused connection is a refused connection', async () => {
    const thrown = await thrownBy(async () => {
      throw network('ECONNREFUSED');
    });
    expect(thrown).toBeInstanceOf(OpenAI.APIConnectionError);
    expect(thrownFailure(thrown).kind).toBe('refused');
  });

  test('for a key that no header can hold quotes the key, which is not told', async () => {
    const client = new OpenAI({ apiKey: 'sk-secret\nsk-other', maxRetries: 0 });
    const thrown: unknown = await client.responses.retrieve('resp_1').catch((error: unknown) => error);
    expect(String(thrown)).toContain('sk-secret');
    expect(quotesHeader(thrown)).toBe(true);
    const failure = thrownFailure(thrown);
    expect(failure.kind).toBe('credentials');
    expect(JSON.stringify(failure)).not.toContain('sk-');
  });

  test('for a broken connection, a timeout or an abort is a lost answer', async () => {
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

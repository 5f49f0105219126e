import { createServer } from 'node:net';
import { once } from 'node:events';
import { UpstreamFailureError } from '@longhaul/core/server';
import { describe, expect, test } from 'vitest';
import { readError, readNoAnswer, readResponse } from './read-json.ts';
import { sendJson, snapshot, startApi, startEvents } from './scripted-api.ts';
import { apiKey, startSite } from './site.ts';

const background = { model: 'm', input: 'Hi', background: true };
const continuing = { ...background, input: [{ type: 'function_call_output', call_id: 'c', output: 'x' }] };
const secrets = /sk-|org-|proj_|gateway|127\.0\.0\.1|node:internal|\.ts:|at Object|stack/;

function failing(status: number, body: object | string, headers: Record<string, string> = {}) {
  return startApi((_request, outgoing) => {
    outgoing.writeHead(status, {
      'content-type': typeof body === 'string' ? 'text/html' : 'application/json',
      ...headers,
    });
    outgoing.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
}

test('forwards the four fields of the API’s error without secrets', async () => {
  const message = `Rate limit reached for m in organization org-AbCdEf12345 (project proj_abcdef12) on tokens per min. Key ${apiKey}.`;
  await using api = await failing(
    429,
    {
      error: {
        message,
        type: 'tokens',
        param: null,
        code: 'rate_limit_exceeded',
        stack: 'Error at x',
        organization: 'org-AbCdEf12345',
      },
      trace: 'x',
    },
    { 'retry-after': '7', 'retry-after-ms': '6500' },
  );
  await using site = await startSite(api);
  const answer = await site.create(background);
  expect(answer.status).toBe(429);
  expect(answer.headers.get('retry-after')).toBe('7');
  expect(answer.headers.get('retry-after-ms')).toBe('6500');
  expect(await readError(answer)).toEqual({
    message:
      'Rate limit reached for m in organization [removed] (project [removed]) on tokens per min. Key [removed].',
    type: 'tokens',
    param: null,
    code: 'rate_limit_exceeded',
  });
});

test('treats values of `headers` and of the query of `baseURL` as secrets too', async () => {
  const message =
    'Token gateway-token-0123 with signature c2lnbmF0dXJl cannot use version 2 of azure-key-0123456789.';
  await using api = await failing(400, { error: { message, type: null, param: null, code: null } });
  await using site = await startSite({
    baseURL: `${api.baseURL}?sig=c2lnbmF0dXJl&version=2`,
    headers: { 'api-key': 'azure-key-0123456789', 'x-gateway': 'gateway-token-0123' },
  });
  const error = await readError(await site.create(background));
  expect(error.message).toBe('Token [removed] with signature [removed] cannot use version 2 of [removed].');
});

test.each([401, 403])(
  'reports %i to the operator, because the client’s own credentials are not the cause',
  async (status) => {
    await using api = await failing(status, {
      error: {
        message: `Incorrect API key provided: ${apiKey}.`,
        type: 'invalid_request_error',
        param: null,
        code: 'invalid_api_key',
      },
    });
    await using site = await startSite(api);
    const answer = await site.create(background);
    expect(answer.status).toBe(424);
    const error = await readError(answer);
    expect(error.code).toBe('upstream_credentials');
    expect(error.message).not.toMatch(secrets);
    const later = await site.create(continuing);
    // An error in the API's shape would end a run that has made progress. A later key may be valid.
    expect(later.status).toBe(424);
    expect(await readNoAnswer(later)).toEqual({ code: error.code, message: error.message });
    const [reported] = site.errors;
    expect(reported).toBeInstanceOf(UpstreamFailureError);
    expect(reported).toMatchObject({
      status,
      message: `The API answered ${status}: Incorrect API key provided: [removed].`,
    });
  },
);

test('does not follow a redirect, which would send the body and the key elsewhere', async () => {
  await using elsewhere = await startApi((_request, outgoing) =>
    sendJson(outgoing, { id: 'resp_raw', status: 'queued' }),
  );
  for (const status of [301, 302, 303, 307, 308]) {
    await using api = await failing(status, '', { location: `${elsewhere.baseURL}/responses` });
    await using site = await startSite(api);
    const answer = await site.create(background);
    const later = await site.create(continuing);
    // A 303 refers to the result of a handled request. With other redirects, no API has handled the request.
    for (const one of [answer, later]) expect(one.status).toBe(status === 303 ? 502 : 424);
    if (status === 303) await readNoAnswer(answer);
    else expect((await readError(answer)).message).toContain(`redirects (HTTP ${status})`);
    await readNoAnswer(later);
    expect(answer.headers.get('location')).toBeNull();
  }
  expect(elsewhere.requests).toEqual([]);
});

test('a create whose connection is refused gets a 503, which states that it was not forwarded', async () => {
  const closed = createServer();
  closed.listen(0, '127.0.0.1');
  await once(closed, 'listening');
  const address = closed.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  closed.close();
  await once(closed, 'close');
  await using site = await startSite({ baseURL: `http://127.0.0.1:${port}/v1` });
  const answer = await site.create(background);
  expect(answer.status).toBe(503);
  const error = await readNoAnswer(answer);
  expect(error.code).toBe('not_forwarded');
  expect(error.message).not.toMatch(secrets);
  expect(site.errors).toHaveLength(1);
});

describe('a create with an unknown outcome is not answered in OpenAI’s shape, which would mean that there is no job', () => {
  test.each([
    ['the connection is reset', 'reset'],
    ['the answer is cut', 'cut'],
    ['the answer is not JSON', 'text'],
    ['the answer has no id', 'no id'],
    ['a gateway times out', 'gateway'],
    ['a stream is empty', 'empty stream'],
    ['no answer arrives in time', 'silence'],
  ])('%s', async (_, trouble) => {
    await using api = await startApi((_request, outgoing) => {
      if (trouble === 'reset') return void outgoing.destroy();
      if (trouble === 'silence') return;
      if (trouble === 'empty stream') {
        startEvents(outgoing);
        return void outgoing.end();
      }
      const isGateway = trouble === 'gateway';
      outgoing.writeHead(isGateway ? 504 : 200, {
        'content-type': isGateway ? 'text/html' : 'application/json',
        'content-length': '26',
      });
      if (trouble === 'cut') return void outgoing.write('{"id":"res', () => outgoing.destroy());
      const texts: Record<string, string> = {
        text: 'gateway.test: one moment..',
        gateway: '<html>gateway.test</html> ',
        'no id': '{"object":"response","a":1}'.slice(0, 25) + '}',
      };
      outgoing.end(texts[trouble]);
    });
    await using site = await startSite({ ...api, limits: { createTimeoutMs: 200 } });
    const answer = await site.create({ ...background, stream: trouble === 'empty stream' });
    expect(answer.status).toBe(502);
    const { code, message } = await readNoAnswer(answer);
    expect(code).toBe('unknown_outcome');
    expect(message).toContain('unknown');
    expect(message).not.toMatch(secrets);
  });

  test('forwards a 500 of the API, which means that there is no job', async () => {
    await using api = await failing(500, {
      error: { message: 'The server had an error.', type: 'server_error', param: null, code: null },
    });
    await using site = await startSite(api);
    const answer = await site.create(background);
    expect(answer.status).toBe(500);
    expect(await readError(answer)).toMatchObject({ type: 'server_error' });
  });
});

test('a failed poll gets a 502 that is not in OpenAI’s shape, so that the client repeats it', async () => {
  let poll = 0;
  await using api = await startApi(({ method }, outgoing) => {
    if (method === 'POST') return sendJson(outgoing, { id: 'resp_raw', status: 'queued' });
    poll += 1;
    if (poll === 1) return void outgoing.destroy();
    outgoing.writeHead(poll === 2 ? 502 : 200, { 'content-type': 'text/html' });
    outgoing.end('<html>gateway.test</html>');
  });
  await using site = await startSite(api);
  const { id } = await readResponse(await site.create(background));
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const answer = await site.ask(`/responses/${id}`);
    expect(answer.status).toBe(502);
    expect((await readNoAnswer(answer)).message).not.toMatch(secrets);
  }
});

test('removes organizations, paths and stack traces from errors in streams', async () => {
  const message = `The gateway.test failed. Organization org-AbCdEf12345.\n    at handler (/srv/app.js:1:1)`;
  await using api = await startApi((_request, outgoing) => {
    startEvents(outgoing);
    const error = {
      type: 'error',
      sequence_number: 1,
      trace: '/srv/app.js:1:1',
      error: {
        type: 'server_error',
        code: 'server_error',
        message,
        param: null,
        organization: 'org-AbCdEf12345',
      },
    };
    const failed = {
      type: 'response.failed',
      sequence_number: 2,
      response: {
        id: 'resp_raw',
        status: 'failed',
        error: { code: 'server_error', message, inner: 'at handler' },
      },
    };
    outgoing.write(snapshot('response.created', 0, 'queued'));
    outgoing.end(
      [error, failed].map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''),
    );
  });
  await using site = await startSite(api);
  const text = await (await site.create({ ...background, stream: true })).text();
  expect(text).toContain('Organization [removed].');
  expect(text).not.toMatch(/org-|\/srv|at handler|resp_raw/);
  expect(text).toContain('"sequence_number":1');
  expect(text).toContain('"error":{"type":"server_error","code":"server_error","message":"The ');
});

describe('if the site’s own code fails, the proxy answers 503 without details, and reports the error to the operator', () => {
  const fail = (): Promise<never> =>
    Promise.reject(new Error('db.internal refused sk-secret at /srv/app.js'));
  const file = [{ role: 'user', content: [{ type: 'input_file', file_id: 'file-1' }] }];

  test.each<[string, object, unknown]>([
    ['authorize', { authorize: fail }, 'Hi'],
    ['authorize, because it reads the body', { authorize: async (request: Request) => request.text() }, 'Hi'],
    ['apiKey', { apiKey: fail }, 'Hi'],
    ['apiKey, because it returns none', { apiKey: () => '' }, 'Hi'],
    ['authorizeReference', { authorizeReference: fail }, file],
    ['overrides', { overrides: fail }, 'Hi'],
    ['storage', { storage: { get: fail, set: fail, add: fail, delete: fail, increment: fail } }, 'Hi'],
  ])('%s', async (_, options, input) => {
    await using api = await startApi((_request, outgoing) =>
      sendJson(outgoing, { id: 'resp_raw', status: 'queued' }),
    );
    await using site = await startSite({ ...api, ...options });
    const answer = await site.create({ ...background, input });
    expect(answer.status).toBe(503);
    expect(await readNoAnswer(answer)).toEqual({
      code: 'server_error',
      message: 'The server failed. Try again later.',
    });
    expect(site.errors).toHaveLength(1);
    expect(api.requests).toEqual([]);
  });
});

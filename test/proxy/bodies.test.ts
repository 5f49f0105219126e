import { once } from 'node:events';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { rawRequest, sendRaw, statusOf } from './raw-http.ts';
import { readError } from './read-json.ts';
import { sendJson, startApi } from './scripted-api.ts';
import { startSite } from './site.ts';
import { until } from './until.ts';

async function setUp(limits: object = {}, allow: object = {}) {
  const api = await startApi((_request, outgoing) =>
    sendJson(outgoing, { id: 'resp_raw', status: 'queued' }),
  );
  const site = await startSite({ ...api, limits, allow: { models: ['m'], ...allow } });
  return {
    api,
    site,
    async [Symbol.asyncDispose]() {
      await site[Symbol.asyncDispose]();
      await api[Symbol.asyncDispose]();
    },
  };
}

const asAnn = ['x-user: ann', 'content-type: application/json'];

test('refuses a body over the limit, with and without a `content-length`', async () => {
  await using servers = await setUp({}, { maxBodyBytes: 1_000 });
  const { site, api } = servers;
  const large = JSON.stringify({ model: 'm', input: 'x'.repeat(2_000) });
  const announced = await site.create({}, { body: large });
  expect(announced.status).toBe(413);
  expect(await readError(announced)).toMatchObject({ code: 'request_too_large' });

  const chunk = `${large.length.toString(16)}\r\n${large}\r\n0\r\n\r\n`;
  const chunked = await sendRaw(
    site.port,
    rawRequest('POST /api/v1/responses', [...asAnn, 'transfer-encoding: chunked'], chunk),
  );
  expect(statusOf(chunked)).toBe(413);
  expect(api.requests).toEqual([]);
});

test('refuses an endless body while it arrives', async () => {
  await using servers = await setUp({}, { maxBodyBytes: 100_000 });
  const socket = connect(servers.site.port, '127.0.0.1');
  let answer = '';
  socket.setEncoding('latin1').on('data', (text) => {
    answer += String(text);
  });
  socket.on('error', () => undefined);
  socket.write(rawRequest('POST /api/v1/responses', [...asAnn, 'transfer-encoding: chunked']));
  const piece = `2710\r\n${' '.repeat(10_000)}\r\n`;
  for (let sent = 0; sent < 30 && !socket.destroyed; sent += 1) {
    socket.write(piece);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await until(() => answer !== '' || socket.destroyed);
  // The connection closes with unread bytes, so the answer may be lost.
  expect(answer === '' ? 413 : statusOf(answer)).toBe(413);
  socket.destroy();
  expect(servers.api.requests).toEqual([]);
});

test('stops waiting for a body after the time limit, and closes the connection', async () => {
  await using servers = await setUp({ bodyTimeoutMs: 50 });
  const socket = connect(servers.site.port, '127.0.0.1');
  let answer = '';
  socket.setEncoding('latin1').on('data', (text) => {
    answer += String(text);
  });
  const lines = ['POST /api/v1/responses HTTP/1.1', 'Host: site.test', ...asAnn, 'content-length: 100'];
  socket.write(`${lines.join('\r\n')}\r\n\r\n{"model":`);
  await once(socket, 'close');
  expect(statusOf(answer)).toBe(408);
  expect(servers.api.requests).toEqual([]);
});

test('a body that is shorter than its `content-length` is not forwarded', async () => {
  await using servers = await setUp();
  const socket = connect(servers.site.port, '127.0.0.1');
  socket.write(
    rawRequest('POST /api/v1/responses', [...asAnn, 'content-length: 100'], '{"model":"m","input":"Hi"}'),
  );
  socket.end();
  socket.resume();
  await once(socket, 'close');
  expect(servers.api.requests).toEqual([]);
});

test('refuses a compressed body, because its decoded size is unknown', async () => {
  await using servers = await setUp();
  const bomb = gzipSync(JSON.stringify({ model: 'm', input: ' '.repeat(1_000_000) }));
  const refused = await servers.site.create({}, { body: bomb, headers: { 'content-encoding': 'gzip' } });
  expect(refused.status).toBe(415);
});

test('refuses content types other than JSON, which pages of other origins can send without a preflight', async () => {
  await using servers = await setUp();
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
    const refused = await servers.site.ask('/responses', {
      method: 'POST',
      headers: { 'content-type': type },
      body: '{"model":"m"}',
    });
    expect(refused.status).toBe(415);
  }
  expect(servers.api.requests).toEqual([]);
});

test.each([
  ['broken JSON', '{"model":"m"', 'invalid_json'],
  ['an array', '[]', 'invalid_json'],
  ['deep nesting', `{"model":"m","input":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 'invalid_json'],
  ['a `__proto__` field', '{"model":"m","__proto__":{"model":"m"}}', 'invalid_json'],
  ['an unknown field', '{"model":"m","n":3}', 'unsupported_parameter'],
])('refuses %s with an error in OpenAI’s shape', async (_, body, code) => {
  await using servers = await setUp();
  const refused = await servers.site.create({}, { body });
  expect(refused.status).toBe(400);
  expect(await readError(refused)).toMatchObject({ type: 'invalid_request_error', code });
  expect(servers.api.requests).toEqual([]);
  expect(servers.site.errors).toEqual([]);
});

test('an error does not repeat a long request in full', async () => {
  await using servers = await setUp();
  const long = 'x'.repeat(1_000_000);
  for (const body of [
    { model: long },
    { model: 'm', [long]: 1 },
    { model: 'm', previous_response_id: long },
    { model: 'm', include: [long] },
  ]) {
    const refused = await servers.site.create(body);
    expect(refused.status).toBe(400);
    expect((await refused.text()).length).toBeLessThan(3_000);
  }
});

test('a body of 3 MB arrives complete', async () => {
  await using servers = await setUp();
  const text = 'grün '.repeat(500_000);
  expect((await servers.site.create({ model: 'm', input: text })).status).toBe(200);
  expect(JSON.parse(servers.api.requests[0]?.body ?? '')).toEqual({ model: 'm', input: text });
});

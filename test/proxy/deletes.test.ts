import { createRunner, defineAgent, fetchClient } from '@longhaul/core';
import { signResponseId, verifyResponseId } from '@longhaul/core/server';
import { createEmulator, type EmulatorOptions } from '@longhaul/core/testing';
import { serveEmulator } from '@longhaul/core/testing/node';
import { describe, expect, test } from 'vitest';
import { readError, readNoAnswer, readResponse } from './read-json.ts';
import { sendJson, startApi, startEvents } from './scripted-api.ts';
import { apiKey, secret, startSite } from './site.ts';

const background = { model: 'm', input: 'Hi', background: true };
const remove = { method: 'DELETE' };

async function setUp(options: Partial<EmulatorOptions> = {}, concurrentResponses = 10) {
  const script = () => ({ text: 'Hello.' });
  const emulator = createEmulator({ script, apiKey, queuedMs: 0, runMs: 0, ...options });
  const api = await serveEmulator(emulator);
  const site = await startSite({ baseURL: api.url, limits: { concurrentResponses } });
  return {
    emulator,
    site,
    async [Symbol.asyncDispose]() {
      await site[Symbol.asyncDispose]();
      await api[Symbol.asyncDispose]();
    },
  };
}

test('a visitor deletes a response, and the answer has no id of the API', async () => {
  await using servers = await setUp();
  const { site, emulator } = servers;
  const { id } = await readResponse(await site.create(background));
  const raw = await verifyResponseId(id, { secret, principal: 'ann' });
  const answer = await site.ask(`/responses/${id}`, remove);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({ id, object: 'response.deleted', deleted: true });
  expect(emulator.requests.at(-1)).toMatchObject({ method: 'DELETE', path: `/v1/responses/${raw}` });
  for (const init of [{}, remove]) {
    const gone = await site.ask(`/responses/${id}`, init);
    expect(gone.status).toBe(404);
    expect(await readError(gone)).toMatchObject({ code: 'response_not_found' });
  }
});

test('another visitor, a visitor with a forged id, and one with a query cannot delete a response', async () => {
  await using servers = await setUp();
  const { site, emulator } = servers;
  const { id } = await readResponse(await site.create(background));
  const raw = String(await verifyResponseId(id, { secret, principal: 'ann' }));
  const sent = emulator.requests.length;
  const foreign = await site.ask(`/responses/${id}`, { ...remove, user: 'bob' });
  expect(foreign.status).toBe(404);
  expect((await readError(foreign)).message).toBe(`Response with id '${id}' not found.`);
  const other = await signResponseId(raw, { secret: 'another secret, long enough', principal: 'ann' });
  for (const forged of [raw, other])
    expect((await site.ask(`/responses/${forged}`, remove)).status).toBe(404);
  expect((await site.ask(`/responses/${id}?force=true`, remove)).status).toBe(400);
  const crossSite = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.test' };
  expect((await site.ask(`/responses/${id}`, { ...remove, headers: crossSite })).status).toBe(403);
  expect(emulator.requests).toHaveLength(sent);
  expect((await site.ask(`/responses/${id}`)).status).toBe(200);
});

test('a running response is not deleted, and the client receives the error of the API', async () => {
  await using servers = await setUp({ runMs: 3_600_000 });
  const { site } = servers;
  const { id } = await readResponse(await site.create(background));
  const refused = await site.ask(`/responses/${id}`, remove);
  expect(refused.status).toBe(400);
  expect(await readError(refused)).toMatchObject({ message: 'Cannot delete an in-flight response.' });
  expect((await site.ask(`/responses/${id}`)).status).toBe(200);
});

test('a deleted response no longer counts as running', async () => {
  await using servers = await setUp({ runMs: 3_600_000, deleteInFlight: 'accept' }, 1);
  const { site } = servers;
  const { id } = await readResponse(await site.create(background));
  expect((await site.create(background)).status).toBe(429);
  await site.ask(`/responses/${id}`, remove);
  expect((await site.create(background)).status).toBe(200);
});

test('a page of a listed origin may delete responses', async () => {
  await using api = await startApi((_request, outgoing) => sendJson(outgoing, {}));
  await using site = await startSite({ ...api, cors: { origins: ['https://app.test'] } });
  const preflight = await site.ask('/responses/resp_x', {
    method: 'OPTIONS',
    headers: {
      origin: 'https://app.test',
      'sec-fetch-site': 'cross-site',
      'access-control-request-method': 'DELETE',
    },
  });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('access-control-allow-methods')).toBe('GET, DELETE');
});

describe('if the API answers', () => {
  async function answered(send: Parameters<typeof startApi>[0]) {
    const api = await startApi(send);
    const site = await startSite(api);
    const name = await signResponseId('resp_raw', { secret, principal: 'ann' });
    const answer = await site.ask(`/responses/${name}`, remove);
    return {
      answer,
      name,
      errors: site.errors,
      async [Symbol.asyncDispose]() {
        await site[Symbol.asyncDispose]();
        await api[Symbol.asyncDispose]();
      },
    };
  }

  test('with additional fields or without a body, the client receives only the three fields', async () => {
    const leaking = { id: 'resp_raw', object: 'response', deleted: true, key: apiKey };
    for (const send of [
      (outgoing: Parameters<typeof sendJson>[0]) => sendJson(outgoing, leaking),
      (outgoing: Parameters<typeof sendJson>[0]) => void outgoing.writeHead(204).end(),
    ]) {
      await using deleted = await answered((_request, outgoing) => send(outgoing));
      expect(deleted.answer.status).toBe(200);
      expect(await deleted.answer.json()).toEqual({
        id: deleted.name,
        object: 'response.deleted',
        deleted: true,
      });
    }
  });

  test.each<[string, Parameters<typeof startApi>[0]]>([
    ['a web page', (_request, outgoing) => void outgoing.end('<html><title>Sign in</title></html>')],
    [
      'a Response object',
      (_request, outgoing) => sendJson(outgoing, { id: 'resp_raw', status: 'completed' }),
    ],
    ['that it has not deleted it', (_request, outgoing) => sendJson(outgoing, { deleted: false })],
    ['with a stream', (_request, outgoing) => void (startEvents(outgoing), outgoing.end('data: {}\n\n'))],
    ['with a refused key', (_request, outgoing) => sendJson(outgoing, { error: { message: apiKey } }, 401)],
    ['with a broken connection', (_request, outgoing) => void outgoing.destroy()],
  ])('%s, the client receives an error, and the operator a report', async (_what, send) => {
    await using failed = await answered(send);
    expect(failed.answer.status).toBe(502);
    expect(JSON.stringify(await readNoAnswer(failed.answer))).not.toMatch(/sk-|resp_raw|Sign in/);
    expect(failed.errors).toHaveLength(1);
  });
});

test('a runner in a page deletes a run with its responses through the proxy', async () => {
  await using servers = await setUp({ queuedMs: 1, runMs: 5 });
  const { site, emulator } = servers;
  const client = fetchClient({ baseURL: site.url, headers: { 'x-user': 'ann' } });
  const runner = createRunner({ client });
  const agent = defineAgent({ name: 'a', model: 'm' });
  await runner.start(agent, 'Hi', { runId: 'run-1' }).result();
  await runner.delete('run-1', { responses: true });
  expect(emulator.requests.filter(({ method }) => method === 'DELETE')).toHaveLength(1);
  expect(await runner.list()).toEqual([]);
  expect(site.errors).toEqual([]);
  await runner.close();
});

import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { ConfigurationError } from '../errors/configuration-error.ts';
import { systemClock } from '../clock/system-clock.ts';
import { fetchClient, type FetchClientOptions } from './fetch-client.ts';
import type { ClientAnswer, RequestOptions } from './responses-client.ts';
import { sendRequest } from './send-request.ts';

const baseURL = 'http://api.test/v1';

async function sentBy(
  options: Partial<FetchClientOptions>,
  request?: RequestOptions,
): Promise<{ url: string; init: RequestInit & { headers: Record<string, string> } }[]> {
  const sent: { url: string; init: RequestInit & { headers: Record<string, string> } }[] = [];
  const fetch = async (url: string, init: RequestInit = {}): Promise<Response> => {
    sent.push({ url, init: { ...init, headers: Object.fromEntries(new Headers(init.headers)) } });
    return Response.json({ id: 'resp_1' });
  };
  const { responses } = fetchClient({ baseURL, fetch, ...options });
  for (const answer of [
    responses.create({ model: 'm' }, request),
    responses.retrieve('resp_1', {}, request),
    responses.cancel('resp_1', request),
  ]) {
    await asResponse(answer);
  }
  return sent;
}

async function asResponse(answer: ClientAnswer): Promise<void> {
  if ('asResponse' in answer) await answer.asResponse();
}

describe('fetchClient', () => {
  test('sends the key and headers, and a content type only with a body', async () => {
    const sent = await sentBy({ apiKey: 'key', headers: { 'openai-project': 'p' } });
    expect(sent.map(({ init }) => init.headers)).toEqual([
      { authorization: 'Bearer key', 'openai-project': 'p', 'content-type': 'application/json' },
      { authorization: 'Bearer key', 'openai-project': 'p' },
      { authorization: 'Bearer key', 'openai-project': 'p' },
    ]);
  });

  test('needs neither a key nor headers, because a proxy adds them', async () => {
    const sent = await sentBy({ baseURL: '/api/v1/' });
    expect(sent.map(({ url, init }) => [url, init.headers['authorization']])).toEqual([
      ['/api/v1/responses', undefined],
      ['/api/v1/responses/resp_1', undefined],
      ['/api/v1/responses/resp_1/cancel', undefined],
    ]);
  });

  test('lets the given headers override its own, regardless of case and type', async () => {
    const headers = { Authorization: 'Basic xyz', 'Content-Type': 'application/json; charset=utf-8' };
    for (const given of [headers, new Headers(headers)]) {
      const [create] = await sentBy({ apiKey: 'key', headers: given });
      expect(create?.init.headers).toEqual({
        authorization: 'Basic xyz',
        'content-type': 'application/json; charset=utf-8',
      });
    }
  });

  test.each<[string, Partial<FetchClientOptions>]>([
    ['a key', { apiKey: async () => 'sk-secret\nsk-other' }],
    ['a header', { headers: { authorization: 'Bearer sk-secret…' } }],
  ])('fails for %s that is not valid in a header, without quoting it', async (_name, options) => {
    const fetch = async (): Promise<Response> => expect.unreachable('No request can be sent.');
    const client = fetchClient({ baseURL, fetch, ...options });
    const answer = await sendRequest(client, { kind: 'cancel', responseId: 'resp_1' }, {}, systemClock);
    expect(answer).toMatchObject({
      failure: { kind: 'credentials', message: expect.stringContaining('line breaks') },
    });
    expect(inspect(answer)).not.toContain('sk-');
  });

  test('calls the functions for the key and the headers before each request', async () => {
    let asked = 0;
    const sent = await sentBy({
      apiKey: async () => `key ${(asked += 1)}`,
      headers: () => ({ 'x-session': `s${asked}` }),
    });
    expect(sent.map(({ init }) => [init.headers['authorization'], init.headers['x-session']])).toEqual([
      ['Bearer key 1', 's1'],
      ['Bearer key 2', 's2'],
      ['Bearer key 3', 's3'],
    ]);
  });

  test('reports whether it can refresh its credentials', () => {
    expect(fetchClient({ baseURL, apiKey: 'key' }).refreshesCredentials).toBe(false);
    expect(fetchClient({ baseURL, apiKey: () => 'key' }).refreshesCredentials).toBe(true);
    expect(fetchClient({ baseURL, headers: async () => ({}) }).refreshesCredentials).toBe(true);
  });

  test('passes on the signal and the headers of the loop', async () => {
    const { signal } = new AbortController();
    const [create] = await sentBy({}, { signal, headers: { 'Idempotency-Key': 'run/0/0' } });
    expect(create?.init.signal).toBe(signal);
    expect(create?.init.headers['idempotency-key']).toBe('run/0/0');
  });

  test.each([[{}], [{ baseURL: '' }], [{ baseURL: undefined }]])(
    'rejects %j, because baseURL is missing',
    (options) => {
      // Call it as JavaScript code without types would.
      const make = (): unknown => Reflect.apply(fetchClient, undefined, [options]);
      expect(make).toThrow(ConfigurationError);
      expect(make).toThrow(/`baseURL`.*such as/);
    },
  );
});

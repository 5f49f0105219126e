import { anonymous } from '@longhaul/core/server';
import { describe, expect, test } from 'vitest';
import { readError, readResponse } from './read-json.ts';
import { sendJson, startApi } from './scripted-api.ts';
import { startSite } from './site.ts';

const background = { model: 'm', input: 'Hi', background: true };
const api = () => startApi((_request, outgoing) => sendJson(outgoing, { id: 'resp_raw', status: 'queued' }));
const app = { origin: 'https://app.test', 'sec-fetch-site': 'cross-site' };

test('a page of another origin gets no access, and authorize is not called for it', async () => {
  await using upstream = await api();
  let asked = 0;
  await using site = await startSite({ ...upstream, authorize: () => `visitor ${(asked += 1)}` });
  const refused = await site.create(background, { headers: app });
  expect(refused.status).toBe(403);
  expect(await readError(refused)).toMatchObject({ code: 'origin_not_allowed' });
  expect(refused.headers.get('access-control-allow-origin')).toBeNull();
  const preflight = await site.ask('/responses', {
    method: 'OPTIONS',
    headers: { ...app, 'access-control-request-method': 'POST' },
  });
  expect(preflight.status).toBe(403);
  expect(asked).toBe(0);
  expect(upstream.requests).toEqual([]);
});

test('an error that `cors.origins` throws is reported, and the proxy answers', async () => {
  await using upstream = await api();
  const reported: unknown[] = [];
  const error = new Error('no list of origins');
  const cors = {
    origins: () => {
      throw error;
    },
  };
  await using site = await startSite({ ...upstream, cors, onError: (thrown) => reported.push(thrown) });
  const refused = await site.create(background, { headers: app });
  expect(refused.status).toBe(503);
  expect(upstream.requests).toEqual([]);
  // A page of the proxy's own origin needs no CORS, so its create is answered.
  const own = { origin: 'http://site.test', 'sec-fetch-site': 'same-origin' };
  expect((await site.create(background, { headers: own })).status).toBe(200);
  expect(new Set(reported)).toEqual(new Set([error]));
});

describe('a listed origin', () => {
  const cors = { origins: ['https://app.test'], credentials: true };

  test('gets an answer to its preflight, without authorization', async () => {
    await using upstream = await api();
    await using site = await startSite({
      ...upstream,
      cors,
      authorize: () => new Response(null, { status: 401 }),
    });
    const preflight = await site.ask('/responses/resp_x/cancel', {
      method: 'OPTIONS',
      headers: { ...app, 'access-control-request-method': 'POST' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('https://app.test');
    expect(preflight.headers.get('access-control-allow-methods')).toBe('POST');
  });

  test('can read answers, including refusals', async () => {
    await using upstream = await api();
    await using site = await startSite({ ...upstream, cors });
    for (const body of [background, { ...background, model: 'other' }]) {
      const answer = await site.create(body, { headers: app });
      expect(answer.headers.get('access-control-allow-origin')).toBe('https://app.test');
      expect(answer.headers.get('vary')).toBe('Origin');
    }
  });

  test('does not give other origins access', async () => {
    await using upstream = await api();
    await using site = await startSite({ ...upstream, cors });
    expect((await site.create(background, { headers: { ...app, origin: 'https://evil.test' } })).status).toBe(
      403,
    );
  });
});

describe('authorize', () => {
  test('refuses with its own Response', async () => {
    await using upstream = await api();
    await using site = await startSite({
      ...upstream,
      authorize: () =>
        Response.json({ error: 'Log in.' }, { status: 401, headers: { 'www-authenticate': 'Bearer' } }),
    });
    const refused = await site.create(background);
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toBe('Bearer');
    expect(refused.headers.get('cache-control')).toBe('no-store');
    expect(await refused.json()).toEqual({ error: 'Log in.' });
  });

  test('may redirect visitors', async () => {
    await using upstream = await api();
    await using site = await startSite({
      ...upstream,
      authorize: () => Response.redirect('https://site.test/login'),
    });
    expect((await site.create(background, { redirect: 'manual' })).status).toBe(302);
  });

  test.each([undefined, null, '', {}, { id: '' }, false])(
    'refuses the visitor with 401 if it returns %o',
    async (nobody) => {
      await using upstream = await api();
      await using site = await startSite({ ...upstream, authorize: () => nobody as string });
      const refused = await site.create(background);
      expect(refused.status).toBe(401);
      expect(await readError(refused)).toMatchObject({ code: 'unauthorized' });
      expect(upstream.requests).toEqual([]);
    },
  );

  test('set to `anonymous` makes all visitors one principal', async () => {
    await using upstream = await api();
    await using site = await startSite({ ...upstream, authorize: anonymous });
    const { id } = await readResponse(await site.create(background, { user: 'ann' }));
    expect((await site.ask(`/responses/${id}`, { user: 'bob' })).status).toBe(200);
  });
});

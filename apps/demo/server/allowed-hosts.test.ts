import { Hono } from 'hono';
import { describe, expect, test } from 'vitest';
import { allowHosts } from './allowed-hosts.ts';
import { createDemoApp } from './demo-app.ts';
import { createProductionApp } from './production-app.ts';
import { readSettings } from './settings.ts';

function ask(app: Hono, host: string, path = '/'): Response | Promise<Response> {
  return app.request(`http://127.0.0.1:4173${path}`, { headers: { host } });
}

describe('the host names that the server accepts (against DNS rebinding)', () => {
  const app = new Hono().use(allowHosts(['demo.example.com'])).all('*', (context) => context.text('in'));

  test.each([
    'localhost',
    'LOCALHOST:5173',
    '127.0.0.1:4173',
    '[::1]:4173',
    'demo.example.com',
    'Demo.Example.com:443',
  ])('%s is allowed', async (host) => {
    expect((await ask(app, host)).status).toBe(200);
  });

  test.each([
    'evil.example',
    'evil.example:4173',
    'localhost.evil.example',
    'evil.example@localhost',
    'localhost@evil.example',
    'localhost/evil',
    '127.0.0.1.evil.example',
    'example.com',
    'a.demo.example.com',
    '0.0.0.0:4173',
    '10.0.0.5',
    'localhost localhost',
    '',
  ])('%j is rejected', async (host) => {
    const answer = await ask(app, host);
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('LONGHAUL_DEMO_HOSTS');
  });

  test('an IPv6 address is allowed that is configured without brackets', async () => {
    const served = new Hono().use(allowHosts(['2001:db8::1'])).all('*', (context) => context.text('in'));
    expect((await ask(served, '[2001:db8::1]:4173')).status).toBe(200);
    expect((await ask(served, '[2001:db8::2]:4173')).status).toBe(403);
  });

  test('a request is rejected if the host in its URL is not allowed, even if its `Host` header is', async () => {
    const answer = await app.request('http://evil.example/', { headers: { host: 'localhost' } });
    expect(answer.status).toBe(403);
  });
});

test('the demo app and the production app reject other hosts at /v1/responses and at /api/config', async () => {
  const { hosts, models } = readSettings({ LONGHAUL_DEMO_HOSTS: ' demo.example.com , ', HOST: '10.0.0.5' });
  expect(hosts).toEqual(['demo.example.com', '10.0.0.5']);
  const upstream = { apiKey: 'sk-test', baseURL: 'http://127.0.0.1:1/v1' };
  const proxySecret = 'a secret of the site, long enough';
  const loop = { routes: new Hono() };
  const demo = createDemoApp({ models, hosts, proxySecret, upstream, loop, kill: undefined });
  const whole = createProductionApp({ demo, hosts, pageFolder: '/nowhere', password: undefined });
  for (const app of [demo, whole]) {
    for (const path of ['/v1/responses', '/api/config'])
      expect((await ask(app, 'evil.example', path)).status).toBe(403);
    expect((await ask(app, '10.0.0.5:4173', '/api/config')).status).toBe(200);
    expect((await ask(app, 'localhost', '/api/config')).status).toBe(200);
  }
});

test.each(['0.0.0.0', '::', '127.0.0.1'])('HOST=%s does not add a host name', (HOST) => {
  expect(readSettings({ HOST }).hosts).toEqual([]);
});

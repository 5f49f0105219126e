import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { visitorOf } from './visitor-sessions.ts';

const app = new Hono().get('/', (context) => context.text(visitorOf(context)));

async function visit(
  cookie?: string,
  url = 'http://demo.test/',
): Promise<{ visitor: string; set: string | null }> {
  const response = await app.request(url, cookie === undefined ? {} : { headers: { cookie } });
  return { visitor: await response.text(), set: response.headers.get('set-cookie') };
}

test('a browser without a session gets one that scripts and other sites cannot use', async () => {
  const first = await visit();
  expect(first.set).toMatch(/^longhaul-demo-visitor=[\w-]{43}; /);
  for (const attribute of ['HttpOnly', 'SameSite=Lax', 'Path=/']) expect(first.set).toContain(attribute);
  expect(first.set).not.toContain('Secure');
  expect((await visit(undefined, 'https://demo.test/')).set).toContain('Secure');
});

test('a session has one visitor, whose id does not reveal the session', async () => {
  const first = await visit();
  const [cookie = ''] = first.set?.split(';') ?? [];
  const again = await visit(cookie);
  expect(again).toEqual({ visitor: first.visitor, set: null });
  expect(cookie).not.toContain(first.visitor);
  expect((await visit()).visitor).not.toBe(first.visitor);
});

test.each(['', 'a', '../'.repeat(20), 'a'.repeat(44)])('an invalid cookie is replaced: %s', async (value) => {
  expect((await visit(`longhaul-demo-visitor=${value}`)).set).not.toBeNull();
});

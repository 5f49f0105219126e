import { defineAgent } from '@longhaul/core';
import { agentRef, remoteRunner } from '@longhaul/core/remote';
import { expect, onTestFinished, test } from 'vitest';
import { type RunsSite, type SiteOptions, startRunsSite } from './runs-site.ts';

const support = defineAgent({ name: 'support', model: 'gpt-6-astra' });
const start = { runId: 'r1', agent: 'support', input: 'Hello' };

async function site(options: SiteOptions = {}): Promise<RunsSite> {
  const started = await startRunsSite(options);
  onTestFinished(() => started[Symbol.asyncDispose]());
  return started;
}

test('a visitor who may no longer read a run does not see it by repeating its start', async () => {
  let allows = true;
  const s = await site({ may: () => allows });
  expect((await s.post('/runs', start)).status).toBe(201);
  expect((await s.post('/runs', start)).status).toBe(200);
  allows = false;
  const answer = await s.post('/runs', start);
  expect(answer.status).toBe(404);
  expect(await answer.text()).not.toContain('Hello');
});

test('one Response of `authorize` answers any number of requests', async () => {
  const denied = Response.json({ error: { code: 'unauthorized', message: 'Sign in.' } }, { status: 401 });
  const s = await site({ authorize: () => denied });
  for (let count = 0; count < 3; count += 1) {
    const answer = await s.ask('/runs');
    expect([answer.status, await answer.json()]).toEqual([401, { error: expect.any(Object) }]);
  }
});

test.each(['runs', 'threads'])(
  'neither a run nor a thread can have the id `%s`, whose path is a list',
  async (id) => {
    const s = await site();
    expect((await s.post('/runs', { ...start, runId: id })).status).toBe(400);
    expect((await s.post('/runs', { ...start, threadId: id })).status).toBe(400);
  },
);

test('a page whose stream is refused shows the run', async () => {
  const s = await site({ limits: { streams: 1 } });
  const other = new AbortController();
  await s.ask('/events?runs=', { signal: other.signal });
  const page = remoteRunner({ baseURL: s.url, headers: { 'x-user': 'ann' } });
  onTestFinished(() => page.close({ graceMs: 0 }));
  const run = page.start(agentRef<typeof support>('support'), 'Hello');
  expect(await run.done()).toMatchObject({ status: 'completed', text: 'Done.' });
  other.abort();
});

test('a page whose `headers` function does not answer once connects at the next attempt', async () => {
  const s = await site();
  let calls = 0;
  const page = remoteRunner({
    baseURL: s.url,
    headers: () => {
      calls += 1;
      return calls === 2 ? new Promise<never>(() => undefined) : { 'x-user': 'ann' };
    },
  });
  onTestFinished(() => page.close({ graceMs: 0 }));
  const run = page.start(agentRef<typeof support>('support'), 'Hello');
  const done = run.done();
  await expect.poll(() => calls).toBe(2);
  page.wake();
  expect(await done).toMatchObject({ status: 'completed' });
});

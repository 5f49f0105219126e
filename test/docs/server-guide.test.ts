import { remoteRunner } from '@longhaul/core/remote';
import { createRunsHandler } from '@longhaul/core/server';
import { createRunner, fetchClient } from '@longhaul/core';
import { createEmulator } from '@longhaul/core/testing';
import { expect, onTestFinished, test, vi } from 'vitest';
import { agent } from './examples/page-tools/agent.ts';
import { type Examples, startExamples } from './start-examples.ts';

const script = [
  { calls: [{ name: 'list_orders', arguments: {} }] },
  { calls: [{ name: 'refund', arguments: { orderId: 'A1', internalNote: 'Rude.' } }] },
  { text: 'Done.' },
];

/** A page of a visitor at a server of an example. */
function pageOf(url: string, token: string) {
  const headers = { authorization: token };
  const runner = remoteRunner({ baseURL: `${url}/api/longhaul`, headers });
  onTestFinished(() => runner.close({ graceMs: 0 }));
  return runner;
}

test.each([
  ['Hono', 'on-a-server/hono.ts'],
  ['Express', 'on-a-server/express.ts'],
  ['Next.js', '../serve-route.ts'],
])(
  '%s: a visitor starts a run, staff approves its call, and another visitor finds no run',
  async (_name, file) => {
    const { emulator, serve }: Examples = await startExamples(script);
    const { url } = await serve(file);
    const run = pageOf(url, 'token-of-ann').start('support', 'Refund A1.');
    run.subscribe(() => undefined);
    await expect.poll(() => run.view.status).toBe('requires_action');
    expect(run.view.toolCalls).toMatchObject([
      { name: 'list_orders', output: [{ id: 'A1', state: 'sent' }] },
      { name: 'refund', rawArguments: '', approvalView: { orderId: 'A1' } },
    ]);
    expect(run.view.toolCalls[1]).not.toHaveProperty('arguments');

    await expect(pageOf(url, 'token-of-bob').follow(run.id)).rejects.toMatchObject({ code: 'not_found' });
    const seen = await pageOf(url, 'token-of-sue').follow(run.id);
    await seen.approve(seen.view.toolCalls[1]?.callId ?? '');
    expect((await run.result()).text).toBe('Done.');
    expect(run.view.toolCalls[1]).toMatchObject({ status: 'completed', decidedBy: 'sue' });
    expect(JSON.stringify(run.view)).not.toContain('Rude');
    expect(emulator.requests.at(-1)?.body).toMatchObject({ input: [{ output: 'Refunded A1.' }] });

    const long = pageOf(url, 'token-of-ann').start('support', 'x'.repeat(20_000));
    await expect(long.result()).rejects.toMatchObject({ code: 'too_long' });
  },
);

test('a view that the server renders is redacted, and another visitor gets none', async () => {
  const { serve } = await startExamples(script);
  const { url } = await serve('../serve-view.ts');
  const run = pageOf(url, 'token-of-ann').start('support', 'Refund A1.');
  run.subscribe(() => undefined);
  await expect.poll(() => run.view.status).toBe('requires_action');

  const rendered = async (authorization: string): Promise<unknown> =>
    (await fetch(`${url}/view/${run.id}`, { headers: { authorization } })).json();
  const view = await rendered('token-of-ann');
  expect(view).toMatchObject({ status: 'requires_action', items: run.view.items });
  expect(JSON.stringify(view)).not.toContain('Rude');
  expect(await rendered('token-of-bob')).toBeNull();
});

test('page tools: the page answers the call of a tool that the server leaves to it', async () => {
  const emulator = createEmulator({
    script: [{ calls: [{ name: 'get_time_zone', arguments: {} }] }, { text: 'Good evening.' }],
    queuedMs: 1,
    runMs: 1,
  });
  const client = fetchClient({ baseURL: 'http://api.test/v1', fetch: emulator.fetch });
  const server = createRunner({ client, agents: [agent], polling: () => 100 });
  const handler = createRunsHandler({ runner: server, agents: ['clock'], authorize: () => 'ann' });
  vi.stubGlobal('location', new URL('http://site.test/'));
  vi.stubGlobal('fetch', (input: string, init?: RequestInit) =>
    handler(new Request(new URL(input, location.href), init)),
  );
  const { runner } = await import('./examples/page-tools/page.ts');
  onTestFinished(async () => {
    await runner.close({ graceMs: 0 });
    await server.close({ graceMs: 0 });
  });
  const run = runner.start('clock', 'What time is it?');
  expect((await run.result()).text).toBe('Good evening.');
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  expect(run.view.toolCalls).toMatchObject([{ status: 'completed', output: { timeZone } }]);
});

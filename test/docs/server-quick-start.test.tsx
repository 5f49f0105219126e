// @vitest-environment happy-dom
import { once } from 'node:events';
import { json } from 'node:stream/consumers';
import { configure, fireEvent, screen } from '@testing-library/react';
import { expect, onTestFinished, test } from 'vitest';
import { untilTestEnds } from '../../packages/core/test-support/patience.ts';
import { listen } from '../proxy/listening-server.ts';
import { closePage, reopenPage } from './example-page.ts';
import { closeRunners } from './recorded-runners.ts';
import { startExamples } from './start-examples.ts';

configure({ asyncUtilTimeout: untilTestEnds });

declare global {
  interface Window {
    readonly happyDOM: { setURL(url: string): void };
  }
}

interface RefundRequest {
  readonly key: string | undefined;
  readonly body: unknown;
}

/** The service behind the tool. It records its requests. */
async function startShop(): Promise<{ readonly url: string; readonly refunds: readonly RefundRequest[] }> {
  const refunds: RefundRequest[] = [];
  const server = await listen(async (request, response) => {
    refunds.push({ key: request.headers.authorization, body: await json(request) });
    response.end('Refunded.');
  });
  onTestFinished(() => server[Symbol.asyncDispose]());
  return { url: `http://127.0.0.1:${server.port}`, refunds };
}

/** Makes this page one of the server's origin, without a hash. */
function navigateTo(url: string): void {
  onTestFinished(closeRunners);
  onTestFinished(closePage);
  window.happyDOM.setURL(url);
}

const openPage = (token: string): Promise<void> => reopenPage(() => import('./examples/page.tsx'), token);

/** The answers of the server to another visitor who knows the id of the run. */
async function attempts(url: string, runId: string, token: string): Promise<readonly (number | string)[]> {
  const ask = (path: string, method = 'GET', body?: unknown) =>
    fetch(`${url}/api/longhaul${path}`, {
      method,
      headers: { authorization: token, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const run = `/runs/${runId}`;
  const approval = { decisions: [{ type: 'approve', callId: 'refund-a1' }], iteration: 1 };
  const start = { runId: 'mine', agent: 'support', input: 'Go on.', continueFrom: runId };
  const answers = await Promise.all([
    ask(run),
    ask(`${run}/events`),
    ask(`${run}/decisions`, 'POST', approval),
    ask(`${run}/cancel`, 'POST', {}),
    ask(`${run}/resume`, 'POST', {}),
    ask(`${run}/calls/refund-a1/lease`, 'POST', {}),
    ask(run, 'DELETE'),
    ask('/runs', 'POST', start),
  ]);
  const stream = await ask(`/events?runs=${runId}`);
  let events = '';
  for await (const chunk of stream.body ?? []) {
    events += new TextDecoder().decode(chunk);
    if (/^event|^data/m.test(events)) break;
  }
  const list = await (await ask('/runs')).text();
  return [...answers.map(({ status }) => status), events, list];
}

test('two visitors: one approves a call of a tool with a secret; the other sees nothing of the run', async () => {
  const shop = await startShop();
  const { emulator, serve } = await startExamples([
    { calls: [{ name: 'refund', arguments: { orderId: 'A1' }, callId: 'refund-a1' }] },
    { text: 'You get your money back.' },
  ]);
  const { url } = await serve('server.ts', { SHOP_URL: shop.url, SHOP_KEY: 'key-of-the-shop' });
  navigateTo(url);

  await openPage('token-of-ann');
  fireEvent.click(screen.getByText('Ask'));
  await screen.findByText('Refund A1');
  const runId = location.hash.slice(1);
  expect(shop.refunds).toEqual([]);

  expect(await attempts(url, runId, 'token-of-bob')).toEqual([
    ...[404, 404, 404, 404, 404, 404, 404, 404],
    expect.stringContaining('event: gone'),
    '{"runs":[]}',
  ]);
  expect((await attempts(url, runId, 'token-of-mallory')).slice(0, 8)).toEqual(Array(8).fill(401));
  await openPage('token-of-bob');
  await screen.findByText(/There is no such run\./);

  await openPage('token-of-ann');
  fireEvent.click(await screen.findByText('Refund A1'));
  await screen.findByText('You get your money back.');
  expect(await screen.findByText('completed')).toBeDefined();
  expect(shop.refunds).toEqual([{ key: 'Bearer key-of-the-shop', body: { orderId: 'A1', customer: 'ann' } }]);
  expect(emulator.generations).toBe(2);
});

test('a run that waits for approval outlives the process of the server', async () => {
  const shop = await startShop();
  const { serve } = await startExamples([
    { calls: [{ name: 'refund', arguments: { orderId: 'A1' } }] },
    { text: 'You get your money back.' },
  ]);
  const env = { SHOP_URL: shop.url, SHOP_KEY: 'key-of-the-shop' };
  const first = await serve('server.ts', env);
  navigateTo(first.url);

  await openPage('token-of-ann');
  fireEvent.click(screen.getByText('Ask'));
  await screen.findByText('Refund A1');
  first.process.kill('SIGKILL');
  await once(first.process, 'exit');
  await serve('server.ts', { ...env, PORT: new URL(first.url).port });

  await openPage('token-of-ann');
  fireEvent.click(await screen.findByText('Refund A1'));
  await screen.findByText('You get your money back.');
  expect(shop.refunds).toHaveLength(1);
});

import { once } from 'node:events';
import { remoteRunner, agentRef } from '@longhaul/core/remote';
import { describe, expect, inject, test } from 'vitest';
import { usePostgres } from '../../packages/core/test-support/postgres/postgres-database.ts';
import type { writer } from './examples/machines/agent.ts';
import { publishParis } from './examples/machines/drive-runs.ts';
import { startExamples, type Examples } from './start-examples.ts';

const { newPool } = usePostgres();
const secret = `whsec_${btoa('the secret of this test')}`;
const script = [
  { calls: [{ name: 'publish', arguments: { title: 'Paris' } }] },
  { text: 'It is published.' },
];

/** A database of its own, because the examples use the usual schema. */
async function newDatabase(): Promise<string> {
  const name = `guide_${crypto.randomUUID().replaceAll('-', '')}`;
  await newPool().query(`CREATE DATABASE ${name}`);
  const url = new URL(inject('postgresUrl'));
  url.pathname = `/${name}`;
  return url.href;
}

async function startWorker({ run }: Examples, env: Record<string, string>) {
  const child = run('machines/worker.ts', env);
  child.stderr?.pipe(process.stderr);
  if (child.stdout !== null) await once(child.stdout, 'data');
  return child;
}

describe('the guide to many machines', () => {
  test('a page starts a run at one server, decides at another, and workers are replaced in between', async () => {
    const examples = await startExamples(script, { queuedMs: 10, runMs: 100 });
    const env = { DATABASE_URL: await newDatabase(), OPENAI_WEBHOOK_SECRET: secret };
    const [one, two] = await Promise.all([
      examples.serve('machines/web.ts', env),
      examples.serve('machines/web.ts', env),
    ]);
    const worker = await startWorker(examples, env);
    const agent = agentRef<typeof writer>('writer');
    const pageOf = ({ url }: { url: string }) =>
      remoteRunner({ baseURL: `${url}/api/longhaul`, headers: { 'x-user': 'ann' } });
    const run = pageOf(one).start(agent, 'Publish the guide to Paris.');
    // A page reads the events of a run that it shows.
    run.subscribe(() => undefined);
    await expect.poll(() => run.view.status).toBe('requires_action');

    worker.kill('SIGTERM');
    expect(await once(worker, 'exit')).toEqual([0, null]);
    await startWorker(examples, env);

    const elsewhere = await pageOf(two).follow(run.id);
    elsewhere.subscribe(() => undefined);
    await elsewhere.approve(elsewhere.view.toolCalls[0]?.callId ?? '');
    expect((await run.result()).text).toBe('It is published.');
    await expect.poll(() => elsewhere.view.text).toBe('It is published.');
  });
});

describe('the guide to serverless functions', () => {
  async function functions(options: object = {}) {
    let site = '';
    const webhooks = {
      url: '/webhook',
      secret,
      fetch: (url: string, init: RequestInit) => fetch(`${site}${url}`, init),
    };
    const examples = await startExamples([{ text: 'A report.' }], {
      webhooks,
      queuedMs: 0,
      runMs: 300,
      ...options,
    });
    const env = { DATABASE_URL: await newDatabase(), OPENAI_WEBHOOK_SECRET: secret };
    site = (await examples.serve('machines/serverless-host.ts', env)).url;
    const answer = await fetch(`${site}/start`, { method: 'POST', body: 'Write a report.' });
    expect(answer.status).toBe(202);
    const { runId } = JSON.parse(await answer.text());
    const read = async (): Promise<unknown> => (await fetch(`${site}/runs/${runId}`)).json();
    return { site, read };
  }

  test('a run is started by one call, and ended by the webhook', async () => {
    const { read } = await functions();
    await expect.poll(read).toEqual({ status: 'completed', text: 'A report.' });
  });

  test('a run whose webhook is lost is ended by cron', async () => {
    const { read, site } = await functions({ faults: [{ fault: 'lost-webhook' }], runMs: 4_000 });
    await expect
      .poll(async () => {
        expect((await fetch(`${site}/cron`, { method: 'POST' })).status).toBe(204);
        return read();
      })
      .toEqual({ status: 'completed', text: 'A report.' });
  });
});

test('the guide to testing: a worker drives a run in steps, without being started', async () => {
  expect(await publishParis(newPool())).toBe('It is published.');
});

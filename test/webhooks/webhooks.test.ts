import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { serve } from '@hono/node-server';
import { createRunner, defineAgent, fetchClient, memoryStore, type RunStore } from '@longhaul/core';
import { createWebhookHandler } from '@longhaul/core/server';
import { sqliteStore } from '@longhaul/core/store/sqlite';
import { createEmulator, type Emulator, type EmulatorOptions } from '@longhaul/core/testing';
import { serveEmulator } from '@longhaul/core/testing/node';
import OpenAI from 'openai';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';

const secret = `whsec_${btoa('the secret of this test')}`;
const script = fileURLToPath(new URL('./webhook-process.ts', import.meta.url));
/** No poll comes during a test. */
const never = { minMs: 3_600_000, maxMs: 3_600_000 };

let path = '';
let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longhaul-webhooks-'));
  path = join(folder, 'runs.db');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const agent = defineAgent({ name: 'waiting', model: 'gpt-6-astra', request: { store: true } });

/** The API on loopback, which sends its webhooks to this URL. */
async function apiOf(url: string, options: Partial<EmulatorOptions> = {}) {
  const emulator = createEmulator({
    script: () => ({ text: 'Done.' }),
    queuedMs: 20,
    runMs: 300,
    webhooks: { url, secret },
    ...options,
  });
  const server = await serveEmulator(emulator);
  onTestFinished(() => server.close());
  return { emulator, baseURL: server.url };
}

/** Serves a handler on loopback. @returns its URL */
async function served(handle: (request: Request) => Promise<Response>): Promise<string> {
  const server = serve({ fetch: handle, port: 0, hostname: '127.0.0.1' });
  onTestFinished(() => void server.close());
  if (!server.listening) await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`;
}

function gets({ requests }: Emulator): number {
  return requests.filter(({ method }) => method === 'GET').length;
}

describe.each<[string, () => RunStore]>([
  ['memory', () => memoryStore()],
  ['SQLite', () => sqliteStore({ path })],
])('webhooks over HTTP, with a store in %s', (_name, open) => {
  test.each(['fetchClient', 'OpenAI'] as const)(
    'replace the polls: one GET for each response (%s)',
    async (which) => {
      let handle = async (_request: Request): Promise<Response> => new Response(null, { status: 503 });
      const { emulator, baseURL } = await apiOf(await served((request) => handle(request)));
      const client = which === 'OpenAI' ? new OpenAI({ baseURL, apiKey: 'k' }) : fetchClient({ baseURL });
      const runner = createRunner({ client, store: open(), mode: 'poll', polling: never });
      onTestFinished(() => runner.close());
      handle = createWebhookHandler({ secret, runner });
      const runs = Array.from({ length: 20 }, () => runner.start(agent, 'Wait.'));
      const results = await Promise.all(runs.map((run) => run.result()));
      expect(results.every(({ text }) => text === 'Done.')).toBe(true);
      expect(gets(emulator)).toBe(20);
    },
  );

  test('that come twice, or that a request forged, change nothing', async () => {
    let handle = async (_request: Request): Promise<Response> => new Response(null, { status: 503 });
    const statuses: number[] = [];
    const url = await served(async (request) => {
      const answer = await handle(request);
      statuses.push(answer.status);
      return answer;
    });
    const faults = [{ fault: 'duplicate-webhook' } as const];
    const { emulator, baseURL } = await apiOf(url, { faults });
    const runner = createRunner({
      client: fetchClient({ baseURL }),
      store: open(),
      mode: 'poll',
      polling: never,
    });
    onTestFinished(() => runner.close());
    handle = createWebhookHandler({ secret, runner });
    const run = runner.start(agent, 'Wait.');
    await expect.poll(() => run.view.waiting?.responseId).toBeDefined();
    const body = JSON.stringify({ type: 'response.completed', data: { id: run.view.waiting?.responseId } });
    const forged = await fetch(url, {
      method: 'POST',
      body,
      headers: {
        'webhook-id': 'wh_1',
        'webhook-timestamp': String(Math.floor(Date.now() / 1_000)),
        'webhook-signature': `v1,${btoa('x'.repeat(32))}`,
      },
    });
    expect(forged.status).toBe(401);
    expect((await run.result()).text).toBe('Done.');
    await expect.poll(() => statuses).toEqual([401, 200, 200]);
    expect(gets(emulator)).toBe(1);
  });

  test('that come before the answer to the create are not lost', async () => {
    let handle = async (_request: Request): Promise<Response> => new Response(null, { status: 503 });
    const { emulator, baseURL } = await apiOf(await served((request) => handle(request)), {
      faults: [{ fault: 'slow', ms: 1_500 }],
    });
    const runner = createRunner({
      client: fetchClient({ baseURL }),
      store: open(),
      mode: 'poll',
      polling: never,
    });
    onTestFinished(() => runner.close());
    handle = createWebhookHandler({ secret, runner });
    expect((await runner.start(agent, 'Wait.').result()).text).toBe('Done.');
    expect(gets(emulator)).toBe(1);
  });
});

const children = new Set<ChildProcess>();
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
});

/** Starts the process that receives webhooks. */
async function receiver() {
  const flags = ['--conditions=@longhaul/source', '--disable-warning=ExperimentalWarning'];
  const child = spawn(process.execPath, [...flags, script, path, secret], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.add(child);
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  await expect.poll(() => lines.length).toBeGreaterThan(0);
  return { url: `http://127.0.0.1:${lines[0]}/`, woken: () => lines.slice(1) };
}

describe('a process that receives webhooks, and another one that drives the runs on the same SQLite file', () => {
  test('each webhook reaches its run, with one GET', async () => {
    const { url, woken } = await receiver();
    const { emulator, baseURL } = await apiOf(url);
    const store = sqliteStore({ path });
    const runner = createRunner({
      client: fetchClient({ baseURL }),
      store,
      mode: 'poll',
      polling: never,
      agents: [agent],
    });
    onTestFinished(() => runner.close());
    const runs = Array.from({ length: 20 }, () => runner.start(agent, 'Wait.'));
    const results = await Promise.all(runs.map((run) => run.result()));
    expect(results.every(({ text }) => text === 'Done.')).toBe(true);
    expect(gets(emulator)).toBe(20);
    expect(woken()).toEqual(Array.from({ length: 20 }, () => 'true'));
    // The saves of the runs have deleted the messages.
    for (const { id, view } of runs) {
      expect(await store.receive(id)).toEqual([]);
      expect(view.warnings).toEqual([]);
    }
  });

  test('a run whose process stops is adopted by another process, which the webhook reaches', async () => {
    const { url } = await receiver();
    const { emulator, baseURL } = await apiOf(url, { runMs: 2_000 });
    const client = fetchClient({ baseURL });
    const store = sqliteStore({ path });
    const options = { client, store, mode: 'poll', polling: never, agents: [agent] } as const;
    const first = createRunner(options);
    const next = createRunner({ ...options, store: sqliteStore({ path }) });
    onTestFinished(() => next.close());
    const { id } = first.start(agent, 'Wait.');
    await expect.poll(async () => (await store.load(id))?.head.phase.type).toBe('waiting');
    await first.close();
    await expect.poll(async () => (await store.load(id))?.head.status).toBe('completed');
    // One GET when the run was adopted, and one for the webhook, unless the response had ended before.
    expect(gets(emulator)).toBeLessThanOrEqual(2);
  });

  test('a lost webhook is found by a poll', async () => {
    const { url, woken } = await receiver();
    const { emulator, baseURL } = await apiOf(url, { faults: [{ fault: 'lost-webhook' }] });
    const runner = createRunner({
      client: fetchClient({ baseURL }),
      store: sqliteStore({ path }),
      mode: 'poll',
      polling: { minMs: 1_000, maxMs: 1_000 },
    });
    onTestFinished(() => runner.close());
    expect((await runner.start(agent, 'Wait.').result()).text).toBe('Done.');
    expect(gets(emulator)).toBe(1);
    expect(woken()).toEqual([]);
  });
});

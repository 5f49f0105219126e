/**
 * One of several machines on one PostgreSQL database: a front that starts, shows and decides about runs, a worker that
 * drives them, or both. Its argument: `MachineSettings` as JSON. It receives commands as messages (`Command`). On
 * SIGTERM it closes and exits, as in a deploy.
 */
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { getRequestListener } from '@hono/node-server';
import { fetchClient, LonghaulError, type RunEvent } from '@longhaul/core';
import { createWorker, queueRunner } from '@longhaul/core/queue';
import { createWebhookHandler } from '@longhaul/core/server';
import { postgresStore } from '@longhaul/core/store/postgres';
import { Pool } from 'pg';
import { machineSchema, requestSchema, type Command, type MachineMessage } from './machine-protocol.ts';
import { tripAgent } from './trip.ts';

const drainMs = 4_000;

const settings = machineSchema.parse(JSON.parse(process.argv[2] ?? ''));
const { name, database, schema, api, executions, roles, mode, parkAfterMs, graceMs, webhookSecret } =
  settings;

function say(message: MachineMessage): void {
  process.send?.(message, undefined, undefined, () => undefined);
}

function log(error: unknown): void {
  console.error(error instanceof Error ? `${error.name}: ${error.message}` : error);
}

// A single write, so that a kill leaves the whole line or nothing.
const agent = tripAgent(name, (line) => appendFileSync(executions, `${JSON.stringify(line)}\n`));
const pool = (): Pool =>
  new Pool({ connectionString: database, max: 8, connectionTimeoutMillis: 5_000, keepAlive: true });

const frontStore = postgresStore({ database: pool(), schema });
const runner = queueRunner({ store: frontStore, agents: [agent] });
const isDrainer = roles.includes('drainer');
const workerStore =
  isDrainer || roles.includes('worker') ? postgresStore({ database: pool(), schema }) : undefined;
const worker =
  workerStore &&
  createWorker({
    client: fetchClient({ baseURL: api }),
    agents: [agent],
    store: workerStore,
    mode,
    parkAfterMs,
    polling: { minMs: 400, maxMs: 3_000 },
    onError: log,
  });

const events = new Map<string, RunEvent[]>();

async function record(runId: string): Promise<void> {
  if (events.has(runId)) return;
  const seen: RunEvent[] = [];
  events.set(runId, seen);
  for await (const event of (await runner.follow(runId)).events()) seen.push(event);
}

async function perform(command: Command): Promise<unknown> {
  const { runId } = command;
  switch (command.type) {
    case 'start': {
      const run = runner.start(agent, command.input, { runId, limits: { runMs: 30 * 60_000 } });
      run.result().catch(() => undefined);
      return run.saved();
    }
    case 'watch':
      await runner.follow(runId);
      void record(runId).catch(log);
      return undefined;
    case 'decide':
      return (await runner.follow(runId)).respond(command.decisions, { by: command.by });
    case 'steer':
      return (await runner.follow(runId)).steer(command.text, { steerId: command.steerId });
    case 'cancel':
      return (await (await runner.follow(runId)).cancel('No longer needed.')).status;
    case 'resume':
      await runner.resume(agent, runId);
      return undefined;
    case 'view':
      return runner.get(runId)?.view;
    case 'events':
      return events.get(runId) ?? [];
  }
}

process.on('message', (message) => {
  const { id, command } = requestSchema.parse(message);
  perform(command).then(
    (value) => say({ id, value }),
    (error: unknown) => {
      const code = LonghaulError.isInstance(error) ? error.code : 'unknown';
      say({ id, error: { code, message: error instanceof Error ? error.message : String(error) } });
    },
  );
});

async function leave(): Promise<void> {
  await worker?.close({ graceMs });
  await runner.close({ graceMs: 0 });
  await workerStore?.close();
  await frontStore.close();
  process.exit(0);
}

process.on('SIGTERM', () => {
  leave().catch((error: unknown) => {
    log(error);
    process.exit(1);
  });
});
// The test has ended, or was killed.
process.on('disconnect', () => process.exit(0));

const listener = getRequestListener(createWebhookHandler({ secret: webhookSecret, runner, onError: log }));
const webhooks = createServer((incoming, outgoing) => void listener(incoming, outgoing));
webhooks.listen(0, '127.0.0.1');
await once(webhooks, 'listening');
const address = webhooks.address();

/** As a function that cron calls. */
async function drainNowAndThen(): Promise<never> {
  for (;;) {
    await worker?.drain({ maxMs: drainMs }).catch(log);
    await sleep(drainMs / 4);
  }
}

// Without its database, the process ends, and is started again.
if (!isDrainer) await worker?.start();
else void drainNowAndThen();
say({ ready: true, webhookPort: typeof address === 'object' && address !== null ? address.port : 0 });

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { expect, inject, test } from 'vitest';
import * as z from 'zod';
import { usePostgres } from '../../test-support/postgres/postgres-database.ts';
import { defineAgent } from '../agent/define-agent.ts';
import { tool } from '../agent/tool.ts';
import { fetchClient } from '../client/fetch-client.ts';
import { postgresStore } from '../store/postgres.ts';
import { createEmulator } from '../testing/index.ts';
import { createWorker } from './create-worker.ts';
import { queueRunner } from './queue-runner.ts';

const { newPool, newSchema } = usePostgres();

/** Blocks the event loop for longer than the heartbeat of a job. */
const compute = tool({
  name: 'compute',
  parameters: z.object({}),
  execute: async () => {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 13_000);
    return 'computed';
  },
});
const agent = defineAgent({ name: 'computer', model: 'm', tools: [compute] });

/** Another process, which would give the job of a dead worker to another one. */
async function idleMonitor(schema: string): Promise<Disposable> {
  const file = fileURLToPath(new URL('../../test-support/queue/idle-monitor.ts', import.meta.url));
  const flags = ['--conditions=@longhaul/source', '--disable-warning=ExperimentalWarning'];
  const child = spawn(process.execPath, [...flags, file, inject('postgresUrl'), schema], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return { [Symbol.dispose]: () => child.stdin.end() };
}

test('a worker whose event loop is blocked for longer than a heartbeat keeps its run', async () => {
  const emulator = createEmulator({
    script: [{ calls: [{ name: 'compute', arguments: {} }] }, { text: 'Done.' }],
    queuedMs: 5,
    runMs: 10,
  });
  const schema = newSchema();
  const database = newPool();
  const client = fetchClient({ baseURL: 'http://openai.test/v1', fetch: emulator.fetch });
  const store = () => postgresStore({ database: newPool({ max: 6 }), schema });
  const polling = { minMs: 100, maxMs: 100 };
  const worker = createWorker({ client, agents: [agent], store: store(), mode: 'poll', polling });
  const front = queueRunner({ store: store(), agents: [agent] });
  await worker.start();
  const other = await idleMonitor(schema);
  const run = front.start(agent, 'Compute.');
  expect((await run.result()).view.toolCalls).toMatchObject([{ status: 'completed', output: 'computed' }]);
  const { rows } = await database.query(
    `SELECT max(retry_count)::int AS retries FROM "${schema}_pgboss".job`,
  );
  expect(rows).toEqual([{ retries: 0 }]);
  other[Symbol.dispose]();
  await worker.close();
  await front.close();
});

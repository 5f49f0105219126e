import { expect, test } from 'vitest';
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

const pay = tool({
  name: 'pay',
  parameters: z.object({ amount: z.number() }),
  needsApproval: true,
  execute: ({ amount }) => `paid ${amount}`,
});
const agent = defineAgent({ name: 'payer', model: 'm', tools: [pay] });

test('a front starts a run, a worker drives it, and a decision of the front continues it', async () => {
  const emulator = createEmulator({
    script: [{ calls: [{ name: 'pay', arguments: { amount: 5 } }] }, { text: 'Done.' }],
    queuedMs: 20,
    runMs: 50,
  });
  const schema = newSchema();
  const database = newPool();
  const client = fetchClient({ baseURL: 'http://openai.test/v1', fetch: emulator.fetch });
  const front = queueRunner({ store: postgresStore({ database: newPool(), schema }), agents: [agent] });
  const worker = createWorker({
    client,
    agents: [agent],
    store: postgresStore({ database: newPool({ max: 10 }), schema }),
    mode: 'poll',
    polling: { minMs: 100, maxMs: 100 },
  });
  await worker.start();
  const run = front.start(agent, 'Pay 5.');
  await run.saved();
  const begin = Date.now();
  for (let last = ''; ; ) {
    const stored = await front.list();
    const text = JSON.stringify(stored.map(({ status, revision }) => [status, revision]));
    if (text !== last) console.log(Date.now() - begin, text);
    last = text;
    if (stored[0]?.status === 'requires_action') break;
    await new Promise((r) => setTimeout(r, 5));
  }
  console.log(JSON.stringify((await database.query(`SELECT wake_at, revision FROM "${schema}".runs`)).rows));
  console.log(
    JSON.stringify(
      (await database.query(`SELECT state, singleton_key, retry_count FROM "${schema}_pgboss".job`)).rows,
    ),
  );
  front.wake();
  await expect.poll(() => run.view.status).toBe('requires_action');
  const [call] = run.view.toolCalls;
  await run.approve(call?.callId ?? '');
  const result = await run.result();
  expect(result.text).toBe('Done.');
  await worker.close();
  await front.close();
});

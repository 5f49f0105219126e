import { expect, test } from 'vitest';
import * as z from 'zod';
import { usePostgres } from '../../test-support/postgres/postgres-database.ts';
import { defineAgent } from '../agent/define-agent.ts';
import { tool } from '../agent/tool.ts';
import { fetchClient } from '../client/fetch-client.ts';
import { postgresStore } from '../store/postgres.ts';
import { createEmulator, type Iteration } from '../testing/index.ts';
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

/** A front and workers on one schema, and the API. */
function world(script: readonly Iteration[]) {
  const emulator = createEmulator({ script, queuedMs: 20, runMs: 50 });
  const schema = newSchema();
  const database = newPool();
  const client = fetchClient({ baseURL: 'http://openai.test/v1', fetch: emulator.fetch });
  const polling = { minMs: 100, maxMs: 100 };
  const store = () => postgresStore({ database: newPool({ max: 6 }), schema });
  return {
    emulator,
    database,
    schema,
    front: () => queueRunner({ store: store(), agents: [agent] }),
    worker: () => createWorker({ client, agents: [agent], store: store(), mode: 'poll', polling }),
  };
}

test('a front starts a run, a worker drives it, and a decision of the front continues it', async () => {
  const { front, worker, database, schema } = world([
    { calls: [{ name: 'pay', arguments: { amount: 5 } }] },
    { text: 'Done.' },
  ]);
  const [here, there] = [front(), worker()];
  await there.start();
  const run = here.start(agent, 'Pay 5.');
  await expect.poll(() => run.view.status).toBe('requires_action');
  // A run that waits for a person has no job.
  const parked = (): Promise<unknown> =>
    database
      .query(`SELECT wake_at::text AS wake_at FROM "${schema}".runs`)
      .then(({ rows }) => rows.map((row: { wake_at: unknown }) => row.wake_at));
  await expect.poll(parked).toEqual(['infinity']);
  await run.approve(run.view.toolCalls[0]?.callId ?? '');
  expect((await run.result()).text).toBe('Done.');
  await there.close();
  await here.close();
});

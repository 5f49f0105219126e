import { expect, onTestFinished, test } from 'vitest';
import { usePostgres } from '../../test-support/postgres/postgres-database.ts';
import { defineAgent } from '../agent/define-agent.ts';
import { fetchClient } from '../client/fetch-client.ts';
import { postgresStore } from '../store/postgres.ts';
import { createEmulator, type Fault } from '../testing/index.ts';
import { createWorker } from './create-worker.ts';
import { queueRunner } from './queue-runner.ts';

const { newPool, newSchema } = usePostgres();
const agent = defineAgent({ name: 'waiting', model: 'm' });

/** A front that receives the API's webhooks, and a worker that polls once an hour. */
async function world(runMs: number, faults: readonly Fault[] = []) {
  const secret = 'whsec_c2VjcmV0';
  const emulator = createEmulator({
    ...{ script: () => ({ text: 'Done.' }), faults, queuedMs: 20, runMs },
    webhooks: {
      url: '/',
      secret,
      fetch: async (_url, { body }) => {
        const { data } = JSON.parse(String(body));
        woken.push(await front.wakeResponse(data.id));
        return new Response(null);
      },
    },
  });
  const woken: boolean[] = [];
  const schema = newSchema();
  const store = () => postgresStore({ database: newPool({ max: 6 }), schema });
  const front = queueRunner({ store: store(), agents: [agent] });
  const worker = createWorker({
    client: fetchClient({ baseURL: 'http://openai.test/v1', fetch: emulator.fetch }),
    agents: [agent],
    store: store(),
    mode: 'poll',
    polling: { minMs: 3_600_000, maxMs: 3_600_000 },
  });
  await worker.start();
  onTestFinished(async () => {
    await worker.close();
    await front.close();
  });
  const gets = (): number => emulator.requests.filter(({ method }) => method === 'GET').length;
  return { front, woken, gets };
}

test('a webhook at a front wakes a worker for the parked run that waits for the response', async () => {
  const { front, woken, gets } = await world(1_500);
  const runs = [1, 2, 3].map(() => front.start(agent, 'Wait.'));
  for (const run of runs) expect((await run.result()).text).toBe('Done.');
  expect(woken).toEqual([true, true, true]);
  expect(gets()).toBe(3);
});

test('a webhook that comes before the worker has saved the id of the response is not lost', async () => {
  const { front, woken, gets } = await world(100, [{ fault: 'slow', ms: 1_000 }]);
  expect((await front.start(agent, 'Wait.').result()).text).toBe('Done.');
  expect(woken).toEqual([false]);
  expect(gets()).toBe(1);
});

import { expect, test } from 'vitest';
import { usePostgres } from '../../test-support/postgres/postgres-database.ts';
import { defineAgent } from '../agent/define-agent.ts';
import { fetchClient } from '../client/fetch-client.ts';
import { postgresStore } from '../store/postgres.ts';
import { createEmulator } from '../testing/index.ts';
import { createWorker } from './create-worker.ts';
import { ownBoss } from './own-boss.ts';
import { queueRunner } from './queue-runner.ts';

const { newPool, newSchema } = usePostgres();
const agent = defineAgent({ name: 'writer', model: 'm' });

function world() {
  const schema = newSchema();
  const store = () => postgresStore({ database: newPool({ max: 6 }), schema });
  const emulator = createEmulator({ script: [{ text: 'Done.' }], queuedMs: 0, runMs: 200 });
  const client = fetchClient({ baseURL: 'http://openai.test/v1', fetch: emulator.fetch });
  const polling = { minMs: 100, maxMs: 100 };
  return {
    store,
    front: queueRunner({ store: store(), agents: [agent] }),
    worker: () => createWorker({ client, agents: [agent], store: store(), mode: 'poll', polling }),
  };
}

test('a queue that is deleted while a front and a worker run is created again', async () => {
  const { store, front, worker } = world();
  const driving = worker();
  await driving.start();
  expect((await front.start(agent, 'One.').result()).text).toBe('Done.');
  const boss = ownBoss(store(), false, () => undefined);
  await boss.start();
  await boss.deleteQueue('longhaul');
  await boss.stop({ graceful: false });
  expect((await front.start(agent, 'Two.').result()).text).toBe('Done.');
  await driving.close();
  await front.close();
});

test('drains of one worker may overlap, and a start that comes during one drives later runs', async () => {
  const { front, worker } = world();
  const driving = worker();
  await front.start(agent, 'One.').saved();
  const first = driving.drain();
  await front.start(agent, 'Two.').saved();
  await Promise.all([first, driving.drain()]);
  expect((await front.list()).map(({ status }) => status)).toEqual(['completed', 'completed']);
  await front.start(agent, 'Three.').saved();
  const last = driving.drain();
  await driving.start();
  await last;
  expect((await front.start(agent, 'Four.').result()).text).toBe('Done.');
  await expect(driving.drain()).rejects.toThrow(/The worker is started/);
  await driving.close();
  await front.close();
});

test('a front that is closed while it starts has saved its run, and refuses others', async () => {
  const { front, store } = world();
  const { id } = front.start(agent, 'One.');
  await front.close();
  expect((await store().list()).map(({ runId }) => runId)).toEqual([id]);
  expect(() => front.start(agent, 'Two.')).toThrow('The runner is closed.');
});

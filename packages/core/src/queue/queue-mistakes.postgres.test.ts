import { PgBoss } from 'pg-boss';
import { Client } from 'pg';
import { expect, inject, onTestFinished, test, vi } from 'vitest';
import { usePostgres } from '../../test-support/postgres/postgres-database.ts';
import { defineAgent } from '../agent/define-agent.ts';
import { fetchClient } from '../client/fetch-client.ts';
import { systemClock } from '../clock/system-clock.ts';
import { createRunner } from '../driver/runner/create-runner.ts';
import { ConfigurationError } from '../errors/configuration-error.ts';
import { type PostgresStore, postgresStore } from '../store/postgres.ts';
import { createEmulator, manualClock } from '../testing/index.ts';
import { checkMonitoring } from './check-monitoring.ts';
import { createWorker } from './create-worker.ts';
import { queueRunner } from './queue-runner.ts';

const { newPool, newSchema } = usePostgres();
const agent = defineAgent({ name: 'writer', model: 'm' });
const emulator = createEmulator({ script: [{ text: 'Done.' }], queuedMs: 0, runMs: 0 });
const client = fetchClient({ baseURL: 'http://openai.test/v1', fetch: emulator.fetch });

function newStore(schema: string = newSchema()): PostgresStore {
  return postgresStore({ database: newPool({ max: 6 }), schema });
}

/** A pg-boss of the application, in a schema of its own, and with connections of another time zone. */
function newBoss(schema: string = newSchema(), supervise = true): PgBoss {
  const boss = new PgBoss({
    connectionString: `${inject('postgresUrl')}?options=-c%20timezone%3DAsia/Tokyo`,
    schema: `"${schema}"`,
    supervise,
    superviseIntervalSeconds: 1,
    monitorIntervalSeconds: 1,
  });
  boss.on('error', () => undefined);
  onTestFinished(() => boss.stop({ graceful: false }));
  return boss;
}

test('a pg-boss of the caller may be in any schema, and in any time zone', async () => {
  const boss = newBoss();
  await boss.start();
  const store = newStore();
  const worker = createWorker({ client, agents: [agent], store, boss, mode: 'poll' });
  const front = queueRunner({ store, agents: [agent], boss });
  await worker.start();
  expect((await front.start(agent, 'Write.').result()).text).toBe('Done.');
  await worker.close();
  await front.close();
});

test('a pg-boss that is not started is named in the error', async () => {
  const worker = createWorker({ client, agents: [agent], store: newStore(), boss: newBoss() });
  await expect(worker.start()).rejects.toThrow(/`boss` must be started, with `await boss.start\(\)`/);
  await worker.close();
});

test('a worker reports that a pg-boss of the caller does not monitor the queue', async () => {
  const [clock, schema, pool] = [manualClock(), newSchema(), newPool()];
  const boss = newBoss(schema, false);
  await boss.start();
  const onError = vi.fn<(error: Error) => void>();
  const worker = createWorker({ client, agents: [agent], store: newStore(), boss, clock, onError });
  await worker.start();
  await pool.query(`UPDATE "${schema}".queue SET created_on = now() - interval '20 seconds'`);
  await expect
    .poll(async () => {
      await clock.advance(5_000);
      return onError.mock.calls.map(([{ message }]) => message);
    })
    .toEqual([expect.stringMatching(/^`boss` has not monitored the queue for \d+ seconds.*supervise: true/)]);

  // Any process that monitors the queue is enough.
  await newBoss(schema).start();
  const queue = { table: `"${schema}".job`, queue: 'longhaul' };
  const isMonitored = (): Promise<boolean> =>
    checkMonitoring(boss, queue, systemClock).then(
      () => true,
      () => false,
    );
  await expect.poll(isMonitored).toBe(true);
  await worker.close();
});

test('a caller that waits until a run is saved does not watch it, so that its response is polled', async () => {
  const store = newStore();
  const front = queueRunner({ store, agents: [agent] });
  await front.start(agent, 'Write.').saved();
  const { rows } = await newPool().query(`SELECT * FROM "${store.schema}".watches`);
  expect(rows).toEqual([]);
  await front.close();
});

test('a closed worker refuses to start and to drain', async () => {
  const worker = createWorker({ client, agents: [agent], store: newStore() });
  await worker.start();
  await worker.close();
  await expect(worker.start()).rejects.toThrow('The worker is closed.');
  await expect(worker.drain()).rejects.toThrow('The worker is closed.');
});

test('a front refuses a context, because it cannot reach the workers', async () => {
  const front = queueRunner({ store: newStore(), agents: [agent] });
  const options: object = { context: { user: 'ann' } };
  expect(() => front.start('writer', 'Write.', options)).toThrow(/start: a context cannot be passed/);
  await front.close();
});

test('a run that createRunner has started is not resumed by a front, and the error names createRunner', async () => {
  const schema = newSchema();
  const runner = createRunner({ client, agents: [agent], store: newStore(schema) });
  const run = runner.start(agent, 'Write.');
  await run.result();
  await runner.close();
  const front = queueRunner({ store: newStore(schema), agents: [agent] });
  await expect(front.resume(agent, run.id)).rejects.toThrow(/was started by createRunner/);
  await expect(front.resume(agent, 'unknown')).rejects.toThrow('There is no run unknown in the store.');
  await front.close();
});

test('a worker reports the name of an agent that it does not have, once', async () => {
  const store = newStore();
  const onError = vi.fn();
  const front = queueRunner({ store, agents: [agent] });
  await Promise.all([front.start(agent, 'One.').saved(), front.start(agent, 'Two.').saved()]);
  const other = defineAgent({ name: 'other', model: 'm' });
  const worker = createWorker({ client, agents: [other], store, onError });
  await worker.drain();
  expect(onError.mock.calls.map(([error]) => String(error))).toEqual([
    expect.stringContaining('This worker has no agent "writer"'),
  ]);
  await worker.close();
  await front.close();
});

test('wrong options are refused, and the error names those of a worker', async () => {
  const store = newStore();
  const make = (options: object) => () => createWorker({ client, agents: [agent], store, ...options });
  expect(make({ slot: 5 })).toThrow(/`slot` must be one of these options: .*slots, parkAfterMs, onError/);
  expect(make({ agents: [] })).toThrow(/`agents` must be an array of the agents/);
  expect(make({ slots: 0 })).toThrow(ConfigurationError);
  const notAPool: object = { database: new Client() };
  expect(() => Reflect.apply(postgresStore, undefined, [notAPool])).toThrow(
    '`database` must be a Pool of `pg`',
  );
  const worker = make({})();
  await expect(worker.drain({ maxMs: Number.NaN })).rejects.toThrow('`maxMs`');
  await expect(worker.close({ graceMs: -1 })).rejects.toThrow('`graceMs`');
  await worker.close();
});

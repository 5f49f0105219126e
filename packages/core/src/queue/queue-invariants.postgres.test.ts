import type { Pool } from 'pg';
import type { PgBoss } from 'pg-boss';
import { describe, expect, test, type TestContext } from 'vitest';
import * as z from 'zod';
import { usePostgres } from '../../test-support/postgres/postgres-database.ts';
import { changedBoss, changePool, isSave } from '../../test-support/queue/broken-parts.ts';
import { defineAgent } from '../agent/define-agent.ts';
import { tool } from '../agent/tool.ts';
import { fetchClient } from '../client/fetch-client.ts';
import { systemClock } from '../clock/system-clock.ts';
import type { DrivingRunner } from '../run/driving-runner.ts';
import { postgresStore, type PostgresStore } from '../store/postgres.ts';
import { createEmulator, type Emulator, type Iteration } from '../testing/index.ts';
import { createWorker, type Worker } from './create-worker.ts';
import { ownBoss } from './own-boss.ts';
import { queueRunner } from './queue-runner.ts';
import { queueName, queueSettings, WakeQueue } from './wake-queue.ts';
import type { WorkerOptions } from './worker-options.ts';

const { newPool, newSchema } = usePostgres();
const hourMs = 3_600_000;

const pay = tool({
  name: 'pay',
  parameters: z.object({ amount: z.number() }),
  needsApproval: true,
  execute: ({ amount }) => `paid ${amount}`,
});
const agent = defineAgent({ name: 'payer', model: 'm', tools: [pay] });
const paying: readonly Iteration[] = [
  { calls: [{ name: 'pay', callId: 'call_pay', arguments: { amount: 5 } }] },
  { text: 'Paid.' },
];
const limits = { runMs: hourMs / 2 };

/** A schema, with the API, fronts and workers. */
class QueueWorld {
  readonly schema = newSchema();
  readonly pool: Pool = newPool();
  readonly emulator: Emulator;
  readonly #after: TestContext['onTestFinished'];

  constructor({ onTestFinished }: TestContext, script: readonly Iteration[]) {
    this.#after = onTestFinished;
    this.emulator = createEmulator({ script, queuedMs: 10, runMs: 20 });
  }

  store(pool: Pool = newPool({ max: 6 })): PostgresStore {
    const store = postgresStore({ database: pool, schema: this.schema });
    this.#after(() => store.close());
    return store;
  }

  front(store = this.store(), boss?: WorkerOptions['boss']): DrivingRunner {
    const front = queueRunner({ store, boss, agents: [agent] });
    this.#after(() => front.close({ graceMs: 0 }));
    return front;
  }

  worker(options: Partial<WorkerOptions> = {}): Worker {
    const client = fetchClient({ baseURL: 'http://openai.test/v1', fetch: this.emulator.fetch });
    const polling = { minMs: 50, maxMs: 50 };
    const store = options.store ?? this.store();
    const worker = createWorker({ client, agents: [agent], mode: 'poll', polling, ...options, store });
    this.#after(() => worker.close({ graceMs: 0 }));
    return worker;
  }

  /** The runs that nothing continues: Q2 does not hold for them. */
  async lost(): Promise<readonly string[]> {
    const { rows } = await this.pool.query<{ run_id: string }>(
      `SELECT run_id FROM "${this.schema}".runs AS r
       WHERE status NOT IN ('completed', 'failed', 'incomplete', 'cancelled') AND halted_since IS NULL
         AND (wake_at IS NULL OR wake_at = 'infinity'
           AND EXISTS (SELECT FROM "${this.schema}".inbox AS i WHERE i.run_id = r.run_id))
         AND NOT EXISTS (SELECT FROM "${this.schema}_pgboss".job AS j
           WHERE j.name = '${queueName}' AND j.singleton_key = r.run_id AND j.state < 'completed')`,
    );
    return rows.map(({ run_id: runId }) => runId);
  }

  async row(runId: string): Promise<{ status: string; wake: string | null; revision: number }> {
    const { rows } = await this.pool.query(
      `SELECT status, wake_at::text AS wake, revision::integer AS revision FROM "${this.schema}".runs WHERE run_id = $1`,
      [runId],
    );
    return rows[0];
  }

  loseQueue(): Promise<unknown> {
    return this.pool.query(`DELETE FROM "${this.schema}_pgboss".job`);
  }
}

function newBoss(store: PostgresStore): PgBoss {
  return ownBoss(store, true, () => undefined);
}

/** Each test runs twice: with the real parts, and with a part that breaks the invariant. */
const ways = [
  ['the invariant holds', false],
  ['a part that breaks it is detected', true],
] as const;

describe('Q1: no effect before the epoch is saved', () => {
  test.for(ways)('%s', async ([, isBroken], context) => {
    const world = new QueueWorld(context, [{ text: 'Done.' }]);
    const run = world.front().start(agent, 'Say that you are done.');
    await run.saved();

    // A worker that is suspended before it saves the epoch, and whose job is given to another one.
    const [reached, resumed] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const refused = Promise.withResolvers<void>();
    const pool = changePool(newPool({ max: 6 }), {
      before: async (text) => {
        if (!isSave(text)) return;
        reached.resolve();
        await resumed.promise;
      },
      answer: (text, rows) => {
        if (!isSave(text) || rows.length > 0) return rows;
        refused.resolve();
        return isBroken ? [{ saved: '1' }] : rows;
      },
    });
    const store = world.store(pool);
    const boss = changedBoss(newBoss(store), {
      touch:
        (touch) =>
        async (...given) => {
          await resumed.promise;
          return touch(...given);
        },
    });
    await boss.start();
    context.onTestFinished(() => boss.stop({ graceful: false }));
    const sent: string[] = [];
    const client = fetchClient({
      baseURL: 'http://openai.test/v1',
      fetch: (url, init) => {
        sent.push(init?.method ?? 'GET');
        return world.emulator.fetch(url, init);
      },
    });
    const late = world.worker({ store, boss, client });
    await late.start();
    await reached.promise;
    await world.loseQueue();
    await world.worker().start();
    await run.result();
    resumed.resolve();
    await refused.promise;
    if (isBroken) await expect.poll(() => sent).toEqual(['POST']);
    await late.close({ graceMs: 0 });
    expect(sent).toEqual(isBroken ? ['POST'] : []);
  });
});

describe('Q2: a run that is not over has a job, a time, a person to wait for, or is halted', () => {
  test.for(ways)('%s', async ([, isBroken], context) => {
    const world = new QueueWorld(context, paying);
    const store = world.store();
    let sendsWakes = true;
    const boss = changedBoss(newBoss(store), {
      insert:
        (insert) =>
        async (...given) =>
          sendsWakes ? insert(...given) : [],
    });
    await boss.start();
    context.onTestFinished(() => boss.stop({ graceful: false }));
    const front = world.front(store, boss);
    await world.worker().start();
    const run = front.start(agent, 'Pay 5.', { limits });
    await expect.poll(async () => (await world.row(run.id))?.wake).toBe('infinity');
    // A message and its wake are one transaction. Without the wake, nothing continues the run.
    sendsWakes = !isBroken;
    const approved = run.approve('call_pay');
    approved.catch(() => undefined);
    const isPosted = async (): Promise<boolean> => (await world.row(run.id)).wake !== 'infinity';
    await expect.poll(isPosted).toBe(true);
    expect(await world.lost()).toEqual(isBroken ? [run.id] : []);
    if (!isBroken) expect((await run.result()).text).toBe('Paid.');
  });
});

describe('Q3: a run is parked, and its job completed, in one transaction', () => {
  test.for(ways)('%s', async ([, isBroken], context) => {
    const world = new QueueWorld(context, paying);
    const failed = Promise.withResolvers<void>();
    let fails = true;
    const pool = changePool(newPool({ max: 6 }), {
      failsCommit: (texts) => {
        const isParking = fails && texts.some((text) => text.includes('s.wait_ms IS NULL'));
        if (isParking) fails = false;
        if (isParking) failed.resolve();
        return isParking;
      },
    });
    const store = world.store(pool);
    // Broken: the job is completed in a transaction of its own.
    const own = newBoss(store);
    const boss = isBroken
      ? changedBoss(own, { complete: (complete) => (queue, jobs) => complete(queue, jobs) })
      : own;
    await boss.start();
    context.onTestFinished(() => boss.stop({ graceful: false }));
    const run = world.front().start(agent, 'Pay 5.', { limits });
    await world.worker({ store, boss }).start();
    await failed.promise;
    expect(await world.lost()).toEqual(isBroken ? [run.id] : []);
    if (!isBroken) await expect.poll(async () => (await world.row(run.id)).wake).toBe('infinity');
  });
});

describe('Q4: the queue can be lost', () => {
  test.for(ways)('%s', async ([, isBroken], context) => {
    const world = new QueueWorld(context, [{ text: 'Done.' }]);
    const run = world.front().start(agent, 'Say that you are done.', { limits });
    await run.saved();
    await world.loseQueue();
    expect(await world.lost()).toEqual([run.id]);
    const pool = changePool(newPool({ max: 6 }), {
      // A worker that does not sweep.
      answer: (text, rows) =>
        isBroken && text.includes('longhaul.sweep') ? rows.map((row) => ({ ...row, locked: 'false' })) : rows,
    });
    await world.worker({ store: world.store(pool) }).start();
    expect(await world.lost()).toEqual(isBroken ? [run.id] : []);
    if (!isBroken) expect((await run.result()).text).toBe('Done.');
  });
});

describe('Q5: no clock of a worker decides', () => {
  test.for(ways)('%s', async ([, isBroken], context) => {
    const world = new QueueWorld(context, [{ text: 'Done.', runMs: 3_000 }]);
    const run = world.front().start(agent, 'Say that you are done.', { limits });
    const first = world.worker();
    await first.start();
    await expect.poll(() => run.view.status).toBe('in_progress');
    await first.close();
    // The clock of the next machine is an hour ahead, and the run has half an hour.
    const clock = { ...systemClock, now: () => systemClock.now() + hourMs };
    const pool = changePool(newPool({ max: 6 }), {
      answer: (_text, rows) =>
        isBroken ? rows.map((row) => ('now' in row ? { ...row, now: String(clock.now()) } : row)) : rows,
    });
    await world.worker({ store: world.store(pool), clock }).start();
    const { status, error } = await run.done();
    expect([status, error?.code]).toEqual(
      isBroken ? ['incomplete', 'run_timeout'] : ['completed', undefined],
    );
  });
});

describe('Q6: no number of failed attempts loses a run', () => {
  test.for(ways)('%s', async ([, isBroken], context) => {
    const world = new QueueWorld(context, [{ text: 'Done.' }]);
    const store = world.store();
    const own = newBoss(store);
    const boss = changedBoss(own, {
      createQueue: (createQueue) => (name, settings) => {
        const { retryLimit } = isBroken ? { retryLimit: 2 } : queueSettings;
        return createQueue(name, { ...Object(settings), retryLimit });
      },
      getQueue: (getQueue) => async (name) => {
        const found: unknown = await getQueue(name);
        return found === null ? null : { ...Object(found), retryLimit: queueSettings.retryLimit };
      },
    });
    await boss.start();
    context.onTestFinished(() => boss.stop({ graceful: false }));
    const front = world.front(store, boss);
    const run = front.start(agent, 'Say that you are done.', { limits });
    await run.saved();
    const queue = new WakeQueue(boss);
    for (let attempts = 0; attempts < 5; attempts += 1) {
      for (const job of await queue.fetch(1)) await queue.fail(job);
      // Without the delay before the next attempt.
      await world.pool.query(`UPDATE "${world.schema}_pgboss".job SET start_after = now()`);
    }
    expect(await world.lost()).toEqual(isBroken ? [run.id] : []);
    if (isBroken) return;
    // A run that has failed too often is shown as halted, and a person can resume it.
    await world.pool.query(`UPDATE "${world.schema}_pgboss".job SET retry_count = 20`);
    await world.worker().start();
    await expect.poll(() => run.view.halted?.reason).toBe('attempts');
    expect(await world.lost()).toEqual([]);
    await front.resume(agent, run.id);
    expect((await run.result()).text).toBe('Done.');
  });
});

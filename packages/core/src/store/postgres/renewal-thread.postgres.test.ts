import { once } from 'node:events';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { usePostgres } from '../../../test-support/postgres/postgres-database.ts';
import { type PostgresStore, postgresStore } from '../postgres.ts';

const { newPool, newSchema } = usePostgres();
const opened: PostgresStore[] = [];
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
});

const ttlMs = 3_000;

async function claimed(options: object): Promise<PostgresStore> {
  const store = postgresStore({ database: newPool({ max: 4, ...options }), schema: newSchema() });
  opened.push(store);
  await store.claim('run-1', 'a', ttlMs);
  return store;
}

/** Blocks the event loop, in which also the test's other code runs. */
function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

test('claims are renewed while the event loop is blocked, and not while it is not', async () => {
  const store = await claimed({});
  // On a busy machine, the thread needs this time to start.
  await sleep(1_500);
  await store.renew('a', ttlMs);
  block(1.5 * ttlMs);
  expect(await store.claim('run-1', 'b', ttlMs)).toBe(false);
  while (!(await store.claim('run-1', 'b', ttlMs))) await sleep(50);
});

test.each([
  ['password', { password: () => '' }],
  ['onConnect', { onConnect: () => undefined }],
])(
  'an option that a thread cannot receive causes a warning, and the claims work: %s',
  async (name, options) => {
    const warned = once(process, 'warning');
    const store = await claimed(options);
    expect((await warned)[0]).toMatchObject({ message: expect.stringContaining(`\`${name}\``) });
    expect(await store.claim('run-1', 'b', ttlMs)).toBe(false);
  },
);

import { afterEach, expect, test } from 'vitest';
import { usePostgres } from '../../test-support/postgres/postgres-database.ts';
import { defineAgent } from '../../src/agent/define-agent.ts';
import { fetchClient } from '../../src/client/fetch-client.ts';
import { createRunner } from '../../src/driver/runner/create-runner.ts';
import type { Runner } from '../../src/run/runner.ts';
import { type PostgresStore, postgresStore } from '../../src/store/postgres.ts';
import { createEmulator } from '../../src/testing/index.ts';

const { newPool, newSchema } = usePostgres();
const text = 'The umbrella stays at home, because the sun will shine on Paris all day. '.repeat(100);
const agent = defineAgent({ name: 'weather', model: 'gpt-6-astra' });

const stores: PostgresStore[] = [];
const runners: Runner[] = [];
afterEach(async () => {
  for (const runner of runners.splice(0)) await runner.close({ graceMs: 0 });
  for (const store of stores.splice(0)) await store.close();
});

/** A runner with a store and a Pool of its own, as on another machine. */
function boot(schema: string, client: ReturnType<typeof fetchClient>): Runner {
  const store = postgresStore({ database: newPool(), schema });
  const runner = createRunner({ client, store, agents: [agent] });
  stores.push(store);
  runners.push(runner);
  return runner;
}

test('a follower on another machine shows the text while it streams, and its cancel reaches the driver', async () => {
  const emulator = createEmulator({ script: [{ text }], queuedMs: 0, runMs: 60_000 });
  const client = fetchClient({ baseURL: 'http://api.test/v1', apiKey: 'key', fetch: emulator.fetch });
  const schema = newSchema();
  const run = boot(schema, client).start(agent, 'Umbrella?', { runId: 'run-1' });
  while (run.view.waiting === null) await new Promise((resolve) => setTimeout(resolve, 5));
  const follower = await boot(schema, client).resume(agent, 'run-1');
  expect(follower.view.driver).toBe('elsewhere');
  const shown = new Set<string>();
  const { promise: manyParts, resolve } = Promise.withResolvers<void>();
  follower.subscribe(() => {
    if (follower.view.status === 'in_progress') shown.add(follower.view.text);
    if (shown.size > 5) resolve();
  });
  await manyParts;
  await follower.cancel();
  await expect(run.result()).rejects.toThrow();
  expect(run.view.status).toBe('cancelled');
  const lengths = [...shown].map((each) => each.length);
  expect(lengths).toEqual(lengths.toSorted((a, b) => a - b));
  for (const each of shown) expect(text.startsWith(each)).toBe(true);
});

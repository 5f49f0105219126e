import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { defineAgent } from '../../src/agent/define-agent.ts';
import { fetchClient } from '../../src/client/fetch-client.ts';
import { createRunner } from '../../src/driver/runner/create-runner.ts';
import type { Runner } from '../../src/run/runner.ts';
import { type SqliteStore, sqliteStore } from '../../src/store/sqlite.ts';
import { createEmulator } from '../../src/testing/index.ts';

const text = 'The umbrella stays at home, because the sun will shine on Paris all day. '.repeat(100);
const agent = defineAgent({ name: 'weather', model: 'gpt-6-astra' });

let folder = '';
const stores: SqliteStore[] = [];
const runners: Runner[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longhaul-live-'));
});
afterEach(async () => {
  for (const runner of runners.splice(0)) await runner.close({ graceMs: 0 });
  for (const store of stores.splice(0)) store.close();
  await rm(folder, { recursive: true, force: true });
});

test('a follower with its own SQLite store shows the text while it streams', async () => {
  const emulator = createEmulator({ script: [{ text }], queuedMs: 0, runMs: 60_000 });
  const client = fetchClient({ baseURL: 'http://api.test/v1', apiKey: 'key', fetch: emulator.fetch });
  const boot = (): Runner => {
    const store = sqliteStore({ path: join(folder, 'runs.db') });
    const runner = createRunner({ client, store, agents: [agent] });
    stores.push(store);
    runners.push(runner);
    return runner;
  };
  const run = boot().start(agent, 'Umbrella?', { runId: 'run-1' });
  while (run.view.waiting === null) await new Promise((resolve) => setTimeout(resolve, 5));
  const follower = await boot().resume(agent, 'run-1');
  expect(follower.view.driver).toBe('elsewhere');
  const shown = new Set<string>();
  follower.subscribe(() => {
    if (follower.view.status === 'in_progress') shown.add(follower.view.text);
  });
  const { promise: manyParts, resolve } = Promise.withResolvers<void>();
  follower.subscribe(() => void (shown.size > 5 && resolve()));
  await manyParts;
  await run.cancel();
  const lengths = [...shown].map((each) => each.length);
  expect(lengths).toEqual(lengths.toSorted((a, b) => a - b));
  for (const each of shown) expect(text.startsWith(each)).toBe(true);
});

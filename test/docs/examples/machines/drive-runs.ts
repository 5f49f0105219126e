import { fetchClient } from '@longhaul/core';
import { createWorker, queueRunner } from '@longhaul/core/queue';
import { postgresStore } from '@longhaul/core/store/postgres';
import { createEmulator } from '@longhaul/core/testing';
import type { Pool } from 'pg';
import { writer } from './agent.ts';

/** Starts a run, approves its call, and returns its text. `database`: a Pool on a database for tests. */
export async function publishParis(database: Pool): Promise<string> {
  const emulator = createEmulator({
    script: [{ calls: [{ name: 'publish', arguments: { title: 'Paris' } }] }, { text: 'It is published.' }],
  });
  const client = fetchClient({ baseURL: 'http://emulator.test/v1', fetch: emulator.fetch });
  const schema = `test_${crypto.randomUUID().replaceAll('-', '')}`; // tests do not share runs
  const store = postgresStore({ database, schema });
  const front = queueRunner({ store, agents: [writer] });
  const worker = createWorker({ client, store, agents: [writer] });

  const started = front.start(writer, 'Publish the guide to Paris.');
  await started.saved();
  await worker.drain(); // drives the run until it waits for a person
  const run = await front.follow(started.id); // its view as it is saved now
  const approved = run.approve(run.view.toolCalls[0]?.callId ?? ''); // resolves when a worker has applied it
  await Promise.all([approved, worker.drain()]); // drives the run to its end
  const { text } = await run.result();
  await Promise.all([front.close(), worker.close()]);
  await store.close();
  return text;
}

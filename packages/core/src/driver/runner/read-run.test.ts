import { expect, test } from 'vitest';
import { defineAgent } from '../../agent/define-agent.ts';
import { fetchClient } from '../../client/fetch-client.ts';
import { memoryStore } from '../../store/memory-store.ts';
import { createEmulator } from '../../testing/emulator.ts';
import { manualClock } from '../../testing/manual-clock.ts';
import { createRunner } from './create-runner.ts';

test('reads the live view in the process that has the run, the saved view elsewhere, and does not resume the run', async () => {
  const clock = manualClock();
  const emulator = createEmulator({ script: [{ text: 'Hi', runMs: 60_000 }], clock });
  const store = memoryStore({ clock });
  const client = fetchClient({ baseURL: 'http://openai.test/v1', fetch: emulator.fetch });
  const here = createRunner({ client, clock, store });
  const elsewhere = createRunner({ client, clock, store });
  const run = here.start(defineAgent({ name: 'a', model: 'm' }), 'Hello');
  await clock.advance(5_000);
  expect(await here.read(run.id)).toBe(run.view);
  expect(await elsewhere.read(run.id)).toMatchObject({
    runId: run.id,
    status: 'in_progress',
    driver: 'none',
  });
  expect(elsewhere.runs).toEqual([]);
  expect(await elsewhere.read('nobody')).toBeUndefined();
});

import { expect, test } from 'vitest';
import { defineAgent } from '../../agent/define-agent.ts';
import { fetchClient } from '../../client/fetch-client.ts';
import { createEmulator } from '../../testing/emulator.ts';
import { manualClock } from '../../testing/manual-clock.ts';
import { createRunner } from './create-runner.ts';

test('a run without a network shows that, and continues immediately when the runner is woken', async () => {
  const clock = manualClock();
  const emulator = createEmulator({ script: [{ text: 'Hi', queuedMs: 0, runMs: 600_000 }], clock });
  let online = true;
  const fetch: typeof emulator.fetch = (input, init) =>
    online ? emulator.fetch(input, init) : Promise.reject(new TypeError('Failed to fetch'));
  const client = fetchClient({ baseURL: 'http://openai.test/v1', fetch });
  const runner = createRunner({ client, clock, mode: 'poll' });
  const run = runner.start(defineAgent({ name: 'a', model: 'm' }), 'Hello');
  await clock.advance(590_000);
  online = false;
  await clock.advance(30_000);
  expect(run.view.waiting?.error?.code).toBe('connection_lost');
  online = true;
  const before = emulator.requests.length;
  runner.wake();
  await clock.advance(0);
  expect(emulator.requests.length).toBe(before + 1);
  expect(run.view).toMatchObject({ status: 'completed', text: 'Hi' });
});

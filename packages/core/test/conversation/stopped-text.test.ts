import { describe, expect, test } from 'vitest';
import { functionCall, handServer, messageOf, responseOf } from '../../test-support/hand-server.ts';
import { scenario, type Scenario } from '../../test-support/scenario.ts';
import { createRunner } from '../../src/driver/runner/create-runner.ts';
import type { DrivenRun } from '../../src/run/driving-runner.ts';

const story = 'Once upon a time there was a run that took an hour. '.repeat(20);
const script = [{ reasoning: 'Hm.', text: story }, { text: 'And then it ended.' }];

/** Starts a run and stops it while its answer streams. */
async function stopMidway(s: Scenario): Promise<DrivenRun> {
  const run = s.start('Tell me a story.');
  while (run.view.text.length < 100) await s.clock.advance(100);
  await s.settle(run.cancel());
  return run;
}

describe.each(['chain', 'replay'] as const)('stopping an answer, %s', (continuation) => {
  test('the next run knows the text that was read, and not the reasoning', async () => {
    const s = scenario({ script, runner: { continuation, mode: 'stream' } });
    const run = await stopMidway(s);
    const { text } = run.view;
    expect(story).toContain(text);
    const loaded = await s.settle(s.reboot().follow(run.id));
    expect(loaded.view).toEqual(run.view);
    const next = s.start('Go on.', { continueFrom: run.id });
    await s.settle(next.result());
    expect(s.creates().at(-1)?.['input']).toEqual([
      { role: 'user', content: 'Tell me a story.' },
      expect.objectContaining({ role: 'assistant', content: text }),
      { role: 'user', content: 'Go on.' },
    ]);
    expect(s.creates().at(-1)).not.toHaveProperty('previous_response_id');
  });

  test('a retry of a failed run repeats the answer, so it gets no text', async () => {
    const failing = [
      { text: 'So far', fail: { code: 'invalid_prompt', message: 'No.' } },
      { text: 'Whole.' },
    ];
    const s = scenario({ script: failing, runner: { continuation, mode: 'stream' } });
    const run = s.start('Tell me.');
    await s.settle(run.done());
    expect(run.view.status).toBe('failed');
    const retry = s.start('', { continueFrom: run.id });
    await s.settle(retry.done());
    expect(s.creates().at(-1)?.['input']).toEqual([{ role: 'user', content: 'Tell me.' }]);
  });
});

describe.each(['chain', 'replay'] as const)('a process that saw no text, %s', (continuation) => {
  test('passes on the text of the cancelled response, and of the calls nothing', async () => {
    const output = [messageOf('Once upon'), functionCall('call_1', 'f', '{}')];
    const server = handServer(
      ({ method, path }) =>
        path.endsWith('/cancel')
          ? responseOf('resp_1', 'cancelled', { output, usage: { total_tokens: 3 } })
          : responseOf('resp_1', method === 'POST' ? 'queued' : 'in_progress'),
      { runner: { continuation } },
    );
    const runner = createRunner(server.options);
    const run = runner.start(server.agent, 'Tell me a story.');
    await server.clock.advance(5_000);
    const cancelling = run.cancel();
    await server.clock.advance(1_000);
    const view = await cancelling;
    expect(view).toMatchObject({ status: 'cancelled', text: 'Once upon', toolCalls: [] });
    runner.start(server.agent, 'Go on.', { continueFrom: run.id });
    await server.clock.advance(1_000);
    const creates = server.seen.filter(({ path }) => path === '/responses');
    expect(creates.at(-1)?.body['input']).toEqual([
      { role: 'user', content: 'Tell me a story.' },
      { role: 'assistant', content: 'Once upon' },
      { role: 'user', content: 'Go on.' },
    ]);
  });
});

test('the save of the cancel contains the text, so a crash during the cancel does not lose it', async () => {
  const s = scenario({
    script,
    runner: { mode: 'stream' },
    faults: [{ fault: 'slow', on: 'cancel', ms: 60_000 }],
  });
  const run = s.start('Tell me a story.');
  while (run.view.text.length < 100) await s.clock.advance(100);
  run.cancel().catch(() => undefined);
  await s.clock.advance(10);
  const { text } = run.view;
  const saved = await s.store.load(run.id);
  expect(JSON.stringify(saved?.items)).toContain(JSON.stringify(text).slice(1, -1));
  await s.settle(run.detach({ graceMs: 0 }));
  const resumed = await s.settle(s.reboot().resume(s.agent, run.id));
  expect(resumed.view.text).toBe(text);
  expect((await s.settle(resumed.done())).text).toBe(text);
});

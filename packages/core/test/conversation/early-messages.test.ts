import { expect, test } from 'vitest';
import { type Scenario, scenario } from '../../test-support/scenario.ts';
import { memoryStore } from '../../src/store/memory-store.ts';
import type { RunnerOptions } from '../../src/driver/runner/runner-options.ts';

const textOf = (s: Scenario): string => JSON.stringify(s.creates().at(-1)?.['input']);

/** A finished run, in a store that needs 5 s to load it. */
async function slowScenario(runner: Partial<RunnerOptions> = {}) {
  const store = memoryStore();
  let isSlow = false;
  const s: Scenario = scenario({
    script: [{ text: 'One.' }, { text: 'Two.' }, { text: 'Three.' }],
    runner: {
      ...runner,
      store: {
        ...store,
        load: async (runId) => {
          if (isSlow) await s.clock.sleep(5_000);
          return store.load(runId);
        },
      },
    },
  });
  await s.settle(s.start('First', { runId: 'first', threadId: 'thread' }).done());
  isSlow = true;
  return { s, saved: store, loadFast: () => (isSlow = false) };
}

test('input that comes before the continued run is loaded is saved after the conversation, so a crash loses neither', async () => {
  const { s, saved, loadFast } = await slowScenario();
  const run = s.reboot().start(s.agent, 'Second', { runId: 'second', continueFrom: 'first' });
  const steering = run.steer('In Celsius.', { steerId: 's1' });
  await s.clock.advance(4_000);
  expect(await saved.load('second')).toBeUndefined();
  await s.settle(steering);
  expect(run.view.steered).toMatchObject([{ steerId: 's1' }]);
  await s.settle(run.detach({ graceMs: 0 }));
  loadFast();
  const resumed = await s.settle(s.reboot().resume(s.agent, 'second'));
  const { view, unsent } = await s.settle(resumed.result());
  expect(view.threadId).toBe('thread');
  expect(unsent).toMatchObject([{ steerId: 's1' }]);
  expect(s.creates().at(-1)).toHaveProperty('previous_response_id');
  expect((await saved.load('second'))?.items[0]).toMatchObject({ type: 'input', input: 'Second' });
});

test.each(['chain', 'replay'] as const)(
  'a run that is cancelled before the run that it continues is loaded keeps its conversation, %s',
  async (continuation) => {
    const { s, saved } = await slowScenario({ continuation });
    const run = s.reboot().start(s.agent, 'Second', { runId: 'second', continueFrom: 'first' });
    const view = await s.settle(run.cancel());
    expect(view).toMatchObject({ status: 'cancelled', threadId: 'thread', continues: 'first' });
    expect(s.creates()).toHaveLength(1);
    expect(await saved.listThreadRuns('thread')).toHaveLength(2);
    await s.settle(s.reboot().start(s.agent, 'Third', { continueFrom: 'second' }).result());
    expect(textOf(s)).toMatch(/Second.*Third/);
    if (continuation === 'replay') expect(textOf(s)).toMatch(/First.*One\..*Second.*Third/);
    else expect(s.creates().at(-1)).toHaveProperty('previous_response_id');
  },
);

test.each(['chain', 'replay'] as const)(
  'the retry of a run that could not start, because the run before it was active, has the whole conversation, %s',
  async (continuation) => {
    const script = [{ text: 'One.' }, { text: 'Two.' }, { text: 'Three.' }];
    const s = scenario({ script, runner: { continuation } });
    const first = s.start('First', { runId: 'first', threadId: 'thread' });
    await s.clock.advance(5_000);
    const refused = s.start('Second', { runId: 'second', continueFrom: 'first' });
    expect((await s.settle(refused.done())).status).toBe('failed');
    await s.settle(first.result());
    const retry = s.reboot().start(s.agent, '', { continueFrom: 'second' });
    await s.settle(retry.result());
    if (continuation === 'replay') expect(textOf(s)).toMatch(/First.*One\..*Second/);
    else expect(s.creates().at(-1)).toHaveProperty('previous_response_id');
    expect(retry.view.threadId).toBe('thread');
    // The next run can replay the conversation before the retry, too.
    const later = s.reboot({ continuation: 'replay' }).start(s.agent, 'Third', { continueFrom: retry.id });
    await s.settle(later.result());
    expect(textOf(s)).toMatch(/First.*One\..*Second.*Two\..*Third/);
  },
);

test('a run that could not start because the run before it is missing cannot be retried without that conversation', async () => {
  const s = scenario();
  const refused = s.start('Second', { runId: 'second', continueFrom: 'gone' });
  await s.settle(refused.done());
  const retry = s.start('', { continueFrom: 'second' });
  const view = await s.settle(retry.done());
  expect(view.error?.message).toContain('there is no run "gone"');
  expect(s.creates()).toEqual([]);
});

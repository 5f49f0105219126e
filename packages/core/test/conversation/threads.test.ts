import { describe, expect, test } from 'vitest';
import { scenario, type Scenario, type ScenarioOptions } from '../../test-support/scenario.ts';
import { ConfigurationError } from '../../src/errors/configuration-error.ts';
import type { DrivenRun, DrivingStartOptions } from '../../src/run/driving-runner.ts';
import type { Script } from '../../src/testing/index.ts';
import { memoryStore } from '../../src/store/memory-store.ts';

/** The answer names the number of items and the last question, so a lost or repeated item shows. */
const countingScript: Script = ({ items, userText }) => ({
  text: `${items.length} items, then: ${userText}`,
});

async function ask(s: Scenario, input: string, options?: DrivingStartOptions): Promise<DrivenRun> {
  const run = s.start(input, options);
  await s.settle(run.done());
  return run;
}

describe('a thread', () => {
  test('is the first run’s own id, and runs inherit it through `continueFrom`', async () => {
    const s = scenario({ script: countingScript });
    const first = await ask(s, 'One.', { title: 'Numbers', metadata: { of: 'test' }, owner: 'ann' });
    expect(first.view).toMatchObject({
      ...{ threadId: first.id, title: 'Numbers', owner: 'ann', metadata: { of: 'test' } },
    });
    expect(first.view).not.toHaveProperty('continues');
    const second = s.start('Two.', { continueFrom: first.id });
    expect(second.view).toMatchObject({ threadId: first.id, continues: first.id, metadata: {} });
    expect(second.view).not.toHaveProperty('title');
    await s.settle(second.result());
    const third = s.reboot().start(s.agent, 'Three.', { continueFrom: second.id });
    await s.settle(third.result());
    expect(third.view).toMatchObject({ threadId: first.id, continues: second.id });
    const listed = await s.runner.list({ threadId: first.id });
    expect(listed.map(({ input, continues }) => [input, continues])).toEqual(
      [
        ['One.', undefined],
        ['Two.', first.id],
        ['Three.', second.id],
      ].toReversed(),
    );
    expect(listed[0]).toMatchObject({ threadId: first.id, endedAt: third.view.updatedAt });
    const loaded = await s.settle(s.reboot().follow(third.id));
    expect(loaded.view).toEqual(third.view);
  });

  test('may be given, and then siblings share it: an edited first question continues nothing', async () => {
    const s = scenario({ script: countingScript });
    const first = await ask(s, 'One.', { threadId: 'thread_1' });
    const edited = await ask(s, 'Uno.', { threadId: 'thread_1' });
    expect([first, edited].map(({ view }) => view.threadId)).toEqual(['thread_1', 'thread_1']);
    expect(edited.view.text).toBe('1 items, then: Uno.');
  });

  test.each(['here', 'in the store'])(
    'that is not the one of the continued run is refused, if that run is %s',
    async (where) => {
      const s = scenario({ script: countingScript });
      const first = await ask(s, 'One.');
      const options = { continueFrom: first.id, threadId: 'other' };
      if (where === 'here') {
        expect(() => s.start('Two.', options)).toThrow(ConfigurationError);
        return;
      }
      const run = s.reboot().start(s.agent, 'Two.', options);
      expect(await s.rejection(run.result())).toMatchObject({
        code: 'configuration',
        message: expect.stringContaining(`belongs to thread "${first.id}", not to "other"`),
      });
      expect(s.creates()).toHaveLength(1);
    },
  );

  test.each([{ threadId: '' }, { threadId: 'x'.repeat(513) }, { title: '' }, { title: 'x'.repeat(201) }])(
    'refuses %o',
    (options) => {
      expect(() => scenario().start('Hi', options)).toThrow(ConfigurationError);
    },
  );

  test('a list shows the first 200 characters of the input’s text, and of an image none', async () => {
    const s = scenario({ script: countingScript });
    const image = { type: 'input_image', image_url: 'https://example.com/a.png' };
    const runs = [
      s.start(`${'a'.repeat(199)}😀 and more`),
      s.start([
        { role: 'user', content: [{ type: 'input_text', text: 'What is this?' }, image] },
        { role: 'user', content: 'Tell me.' },
      ]),
      s.start([{ role: 'user', content: [image] }]),
    ];
    for (const run of runs) await s.settle(run.done());
    const retry = await ask(s, '', { continueFrom: runs[2]?.id ?? '' });
    const input = async (runId: string | undefined) => (await s.runner.list({ runId }))[0]?.input;
    expect(await input(runs[0]?.id)).toBe(`${'a'.repeat(199)}�`);
    expect(await input(runs[1]?.id)).toBe('What is this?\nTell me.');
    expect(await input(runs[2]?.id)).toBe('');
    expect(await input(retry.id)).toBe('');
    const shown = (await s.runner.listThreadRuns(retry.view.threadId)).map(({ isRetry }) => isRetry);
    expect(shown).toEqual([undefined, true]);
  });
});

describe('a long thread', () => {
  /** Counts what a turn reads and writes. */
  function measured(options: ScenarioOptions = {}) {
    const store = memoryStore();
    const cost = { read: 0, written: 0, commits: 0 };
    const counted = {
      ...store,
      load: async (runId: string) => {
        const stored = await store.load(runId);
        cost.read += JSON.stringify(stored ?? null).length;
        return stored;
      },
      commit: async (change: Parameters<typeof store.commit>[0]) => {
        cost.written += JSON.stringify(change).length;
        cost.commits += 1;
        await store.commit(change);
      },
    };
    const s = scenario({ script: countingScript, ...options, runner: { store: counted, ...options.runner } });
    const turn = async (index: number, continueFrom?: string) => {
      Object.assign(cost, { read: 0, written: 0, commits: 0 });
      const { id } = await ask(s, `Question ${String(index).padStart(3, '0')}.`, { continueFrom });
      return { id, cost: { ...cost } };
    };
    return { s, turn };
  }

  test('that chains costs as much in turn 40 as in turn 2', async () => {
    const { s, turn } = measured();
    let last = await turn(0);
    const costs = [];
    for (let index = 1; index < 40; index += 1) {
      last = await turn(index, last.id);
      costs.push(last.cost);
    }
    const [second, ...others] = costs;
    for (const cost of others) {
      expect(cost.commits).toBe(second?.commits);
      // Ids and numbers differ in length.
      expect(cost.read - (second?.read ?? 0)).toBeLessThan(100);
      expect(cost.written - (second?.written ?? 0)).toBeLessThan(100);
    }
    expect(s.runner.get(last.id)?.view.text).toBe('79 items, then: Question 039.');
  });

  test('that chains is replayed whole if the server loses it, and reads each run once', async () => {
    const { s, turn } = measured();
    let last = await turn(0);
    for (let index = 1; index < 10; index += 1) last = await turn(index, last.id);
    s.emulator.inject({ fault: 'previous-response-not-found-for', ms: 3_600_000 });
    const { id } = await turn(10, last.id);
    expect(s.runner.get(id)?.view).toMatchObject({
      text: '21 items, then: Question 010.',
      warnings: [{ code: 'replay' }],
    });
    const next = await turn(11, id);
    expect(s.runner.get(next.id)?.view.text).toBe('23 items, then: Question 011.');
  });

  test('that replays sends the whole conversation in each turn', async () => {
    const { s, turn } = measured({ runner: { continuation: 'replay' } });
    let last = await turn(0);
    for (let index = 1; index < 6; index += 1) last = await turn(index, last.id);
    expect(
      s
        .creates()
        .map((body) => body['input'])
        .map((input) => Array.isArray(input) && input.length),
    ).toEqual([1, 3, 5, 7, 9, 11]);
  });

  test('fails when it must be replayed after a run was deleted, and names that run', async () => {
    const s = scenario({ script: countingScript });
    const first = await ask(s, 'One.');
    const second = await ask(s, 'Two.', { continueFrom: first.id });
    await s.store.delete(first.id);
    const third = await ask(s.reboot({ continuation: 'replay' }) && s, 'Three.', { continueFrom: second.id });
    expect(third.view.status).toBe('completed');
    const replaying = s.reboot({ continuation: 'replay' });
    const fourth = replaying.start(s.agent, 'Four.', { continueFrom: third.id });
    expect(await s.rejection(fourth.result())).toMatchObject({
      code: 'history_missing',
      message: expect.stringContaining(first.id),
    });
  });

  test('is loaded again by the process that takes over before the replay was sent', async () => {
    const { s, turn } = measured();
    const first = await turn(0);
    let hangs = true;
    const load = s.store.load.bind(s.store);
    const store = {
      ...s.store,
      load: (runId: string) =>
        hangs && runId === second.id ? new Promise<never>(() => undefined) : load(runId),
    };
    const second = await turn(1, first.id);
    const replaying = s.reboot({ continuation: 'replay', store });
    hangs = false;
    const third = replaying.start(s.agent, 'Three.', { continueFrom: second.id, runId: 'third' });
    await s.quiet();
    hangs = true;
    await s.settle(third.detach({ graceMs: 0 }));
    hangs = false;
    const again = await s.settle(s.reboot({ continuation: 'replay' }).resume(s.agent, 'third'));
    expect((await s.settle(again.result())).text).toBe('5 items, then: Three.');
  });
});

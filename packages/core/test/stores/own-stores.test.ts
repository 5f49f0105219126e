import { expect, test, vi } from 'vitest';
import { defineAgent } from '../../src/agent/define-agent.ts';
import { fetchClient } from '../../src/client/fetch-client.ts';
import { createRunner } from '../../src/driver/runner/create-runner.ts';
import { memoryStore } from '../../src/store/memory-store.ts';
import type { RunStore } from '../../src/store/run-store.ts';
import { createEmulator } from '../../src/testing/emulator.ts';
import { manualClock } from '../../src/testing/manual-clock.ts';

/** Custom stores in JavaScript, which do not implement the types exactly. */

const agent = defineAgent({ name: 'a', model: 'm' });

function withOwnStore(change: (memory: Required<RunStore>) => object) {
  const clock = manualClock(1_770_000_000_000);
  const emulator = createEmulator({ script: [{ text: 'Hi.' }], clock, queuedMs: 0, runMs: 20_000 });
  const memory = memoryStore({ clock });
  const client = fetchClient({ baseURL: 'http://api.test/v1', fetch: emulator.fetch });
  const store: RunStore = Object.assign({ ...memory }, change(memory));
  const runner = (over: RunStore = store) =>
    createRunner({ client, clock, store: over, agents: [agent], mode: 'poll' });
  return { clock, emulator, memory, runner };
}

const failing = () => {
  throw new Error('LISTEN is not allowed behind this pooler');
};

test.each([
  ['throws', { watch: failing }],
  ['rejects', { watch: async () => failing() }],
])('a runner polls a store whose `watch` %s, and logs one warning', async (_, change) => {
  const warned = vi.spyOn(console, 'warn').mockReturnValue();
  const { clock, memory, runner } = withOwnStore(() => change);
  const driven = runner(memory).start(agent, 'Hello');
  await clock.advance(100);
  const follower = runner();
  const followed = await follower.resume(agent, driven.id);
  expect(followed.view.driver).toBe('elsewhere');
  await clock.advance(30_000);
  expect(driven.view.status).toBe('completed');
  expect(followed.view.status).toBe('completed');
  expect(String(warned.mock.calls)).toContain('LISTEN is not allowed');
  expect(warned).toHaveBeenCalledTimes(1);
  await follower.close();
  warned.mockRestore();
});

test('invalid notices do not fail the run or throw into the store', async () => {
  const thrown: unknown[] = [];
  const notices = [undefined, null, 'saved', {}, { type: 'live', runId: 'run-1' }];
  const { clock, runner } = withOwnStore(() => ({
    watch: (listener: (notice: unknown) => void) => {
      try {
        for (const notice of notices) listener(notice);
      } catch (error) {
        thrown.push(error);
      }
    },
  }));
  const run = runner().start(agent, 'Hello', { runId: 'run-1' });
  await clock.advance(30_000);
  expect(run.view.status).toBe('completed');
  expect(thrown).toEqual([]);
});

test('an error names `receive` if it returns an object with rows', async () => {
  const { clock, memory, runner } = withOwnStore(() => ({ receive: async () => ({ rows: [] }) }));
  const before = runner(memory);
  const { id } = before.start(agent, 'Hello');
  await clock.advance(100);
  const closed = before.close();
  await clock.advance(10_000);
  await closed;
  const result = (async () => (await runner().resume(agent, id)).result())();
  const outcome = expect(result).rejects.toThrow('`receive` must be a function that returns an array');
  await clock.advance(100_000);
  await outcome;
});

test('close stops a `watch` that returns its stop function in a promise', async () => {
  let ended = 0;
  const { clock, runner } = withOwnStore(() => ({ watch: async () => () => void (ended += 1) }));
  const one = runner();
  one.start(agent, 'Hello');
  await clock.advance(10_000);
  await one.close();
  expect(ended).toBe(1);
});

test.each([
  ['throws', { publish: failing }],
  ['rejects', { publish: async () => failing() }],
])('a run and its follower complete although the `publish` of both %s', async (_, change) => {
  const { clock, runner } = withOwnStore(() => change);
  const driven = runner().start(agent, 'Hello');
  await clock.advance(100);
  const followed = await runner().resume(agent, driven.id);
  expect(followed.view.driver).toBe('elsewhere');
  await clock.advance(30_000);
  expect(driven.view.status).toBe('completed');
  expect(followed.view.status).toBe('completed');
});

const optional = [
  ...['claim', 'release', 'renew', 'look', 'undriven', 'post', 'receive', 'watch', 'publish'],
  ...['listThreadRuns', 'listThreads'],
];

test.each([[optional], ...optional.map((name) => [[name]])])(
  'null methods count as absent: %j',
  async (names) => {
    const { clock, memory, runner } = withOwnStore(() =>
      Object.fromEntries(names.map((name) => [name, null])),
    );
    const isShared = !names.includes('claim');
    const [first, second] = [runner(), runner(isShared ? memory : undefined)];
    const run = first.start(agent, 'Hello');
    await clock.advance(100);
    expect(run.view.driver).toBe('here');
    // A store without claims can be used by only one process.
    const other = names.includes('claim') ? run : await second.resume(agent, run.id);
    await clock.advance(40_000);
    expect(run.view.status).toBe('completed');
    expect(other.view.status).toBe('completed');
    await Promise.all([first.close(), second.close()]);
  },
);

test.each([
  ['rows', ({ runId }: { runId: string }) => [{ run_id: runId }]],
  ['no rows, like an UPDATE without RETURNING', () => []],
  ['a header without fields', () => [{ affectedRows: 1 }, undefined]],
])('a `renew` that returns %s does not lose the claim', async (_, answer) => {
  const { clock, emulator, runner } = withOwnStore(({ renew }) => ({
    renew: async (owner: string, ttlMs: number) => {
      const [runId = ''] = await renew(owner, ttlMs);
      return answer({ runId });
    },
  }));
  const one = runner();
  const run = one.start(agent, 'Hello', { runId: 'run-1' });
  await clock.advance(3_000);
  const drivers = new Set<string>();
  for (let second = 0; second < 60; second += 1) {
    await clock.advance(1_000);
    drivers.add(run.view.driver);
  }
  expect(run.view.status).toBe('completed');
  expect(emulator.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
  expect(drivers).not.toContain('elsewhere');
});

test.each([[undefined], [null], [{ rows: [] }], ['[]']])(
  'an error names `list` if it returns %j',
  async (answer) => {
    const { runner } = withOwnStore(() => ({ list: async () => answer }));
    const named = { name: 'ConfigurationError', message: expect.stringContaining('`list`') };
    await expect(runner().resumeAll()).rejects.toMatchObject(named);
    await expect(runner().list()).rejects.toMatchObject(named);
  },
);

test.each([
  ['rows with other column names', [{ run_id: 'run-1', claimed: true }]],
  ['undefined', undefined],
  ['an object', { rows: [] }],
])('a follower loads the run if `look` returns %s', async (_, answer) => {
  const { clock, memory, runner } = withOwnStore(() => ({ look: async () => answer, watch: null }));
  const driven = runner(memory).start(agent, 'Hello', { runId: 'run-1' });
  await clock.advance(100);
  const followed = await runner().resume(agent, 'run-1');
  await clock.advance(30_000);
  expect(driven.view.status).toBe('completed');
  expect(followed.view.status).toBe('completed');
});

test.each([[undefined], [null], [1], [{ rowCount: 0 }]])(
  'a `claim` that returns %j stops the run with an error that names `claim`',
  async (answer) => {
    const { clock, runner, emulator } = withOwnStore(() => ({ claim: async () => answer }));
    const run = runner().start(agent, 'Hello');
    const outcome = expect(run.result()).rejects.toMatchObject({
      message: expect.stringContaining('`claim`'),
    });
    await clock.advance(100_000);
    await outcome;
    expect(emulator.requests).toEqual([]);
  },
);

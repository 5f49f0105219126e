import { expect, test } from 'vitest';
import { defineAgent } from '../../agent/define-agent.ts';
import { tool } from '../../agent/tool.ts';
import { fetchClient } from '../../client/fetch-client.ts';
import { memoryStore } from '../../store/memory-store.ts';
import type { RunStore } from '../../store/run-store.ts';
import { createEmulator } from '../../testing/emulator.ts';
import { manualClock } from '../../testing/manual-clock.ts';
import type { Iteration } from '../../testing/script/iteration.ts';
import { createRunner } from './create-runner.ts';

const pay = tool({
  name: 'pay',
  parameters: { jsonSchema: { type: 'object', properties: {} } },
  needsApproval: true,
  execute: () => 'Paid.',
});
const agent = defineAgent({ name: 'a', model: 'm', tools: [pay] });

type Method = 'claim' | 'commit' | 'load' | 'receive' | 'release' | 'post';

/** A custom store without `renew` and `look` that never answers some of its calls. */
function silentAt(memory: Required<RunStore>, isSilent: (method: Method, runId: string) => boolean) {
  const unanswered: string[] = [];
  const late: (() => void)[] = [];
  const wrap =
    <Args extends [unknown, ...unknown[]], Result>(
      method: Method,
      call: (...args: Args) => Promise<Result>,
      runIdOf: (args: Args) => string,
    ) =>
    async (...args: Args): Promise<Result> => {
      const runId = runIdOf(args);
      if (!isSilent(method, runId)) return call(...args);
      unanswered.push(`${method} ${runId}`);
      await new Promise<void>((resolve) => late.push(resolve));
      return call(...args);
    };
  const first = ([runId]: readonly [string, ...unknown[]]): string => runId;
  const store: RunStore = {
    list: memory.list,
    delete: memory.delete,
    load: wrap('load', memory.load, first),
    commit: wrap('commit', memory.commit, ([{ runId }]) => runId),
    claim: wrap('claim', memory.claim, first),
    release: wrap('release', memory.release, first),
    post: wrap('post', memory.post, first),
    receive: wrap('receive', memory.receive, first),
  };
  const answerAll = (): void => {
    for (const answer of late.splice(0)) answer();
  };
  return { store, unanswered, answerAll };
}

function world(script: readonly Iteration[], isSilent: (method: Method, runId: string) => boolean) {
  const clock = manualClock(1_770_000_000_000);
  const emulator = createEmulator({ script, clock, queuedMs: 0, runMs: 1_000 });
  const memory = memoryStore({ clock });
  const silent = silentAt(memory, isSilent);
  const client = fetchClient({ baseURL: 'http://api.test/v1', fetch: emulator.fetch });
  const runner = (store: RunStore) => createRunner({ client, clock, store, agents: [agent], mode: 'poll' });
  return { clock, emulator, memory, ...silent, runner };
}

/** Selects the calls that are not answered: the first call of each of these methods. */
function once(...methods: readonly Method[]) {
  const left = new Set<Method>(methods);
  return (method: Method): boolean => left.delete(method);
}

const answer = [{ text: 'Hi.' }];

test.each<Method>(['claim', 'commit', 'load', 'receive', 'release'])(
  'one %s that is never answered does not prevent a run from ending',
  async (method) => {
    const { clock, runner, store, memory, emulator } = world(answer, once(method));
    const before = runner(memory);
    before.start(agent, 'Hello', { runId: 'run-0' });
    await clock.advance(500);
    await before.close({ graceMs: 0 });
    const here = runner(store);
    const all = here.resumeAll();
    here.start(agent, 'Hello', { runId: 'run-1' });
    await clock.advance(180_000);
    await all;
    expect(here.runs.map(({ view }) => view.status)).toEqual(['completed', 'completed']);
    expect(emulator.generations).toBe(2);
  },
);

test('claims of one run that are never answered do not delay other runs', async () => {
  const { clock, runner, store, memory } = world(
    answer,
    (method, runId) => method === 'claim' && runId === 'run-0',
  );
  const before = runner(memory);
  for (let run = 0; run < 60; run += 1) before.start(agent, 'Hello', { runId: `run-${run}` });
  await clock.advance(500);
  await before.close({ graceMs: 0 });
  const here = runner(store);
  const all = here.resumeAll().catch((error: unknown) => error);
  await clock.advance(5_000);
  expect(here.runs.filter(({ view }) => view.status === 'completed')).toHaveLength(59);
  await clock.advance(300_000);
  expect(await all).toMatchObject({
    code: 'resume_failed',
    message: expect.stringContaining('did not answer'),
  });
});

test('a claim that is granted after the wait for it has ended is released', async () => {
  const { clock, runner, store, memory, answerAll } = world(answer, (method) => method === 'claim');
  const run = runner(store).start(agent, 'Hello', { runId: 'run-1' });
  await clock.advance(200_000);
  expect(run.view.driver).toBe('none');
  answerAll();
  await clock.advance(1);
  expect(await memory.claim('run-1', 'another', 15_000)).toBe(true);
});

test('renewals that are never answered do not add up', async () => {
  let silent = false;
  const long = [{ text: 'Hi.', runMs: 3_600_000 }];
  const { clock, runner, store, unanswered } = world(long, (method) => silent && method === 'claim');
  runner(store).start(agent, 'Hello', { runId: 'run-1' });
  await clock.advance(10_000);
  silent = true;
  await clock.advance(600_000);
  expect(unanswered.length).toBeLessThan(5);
});

test('messages that the store returns too late are not lost', async () => {
  let silent = false;
  const script = [{ calls: [{ name: 'pay', arguments: {} }] }, { text: 'Done.' }];
  const { clock, runner, store, memory, answerAll } = world(
    script,
    (method) => silent && method === 'receive',
  );
  const run = runner(store).start(agent, 'Pay', { runId: 'run-1' });
  await clock.advance(10_000);
  const callId = run.view.toolCalls[0]?.callId ?? '';
  silent = true;
  await memory.post('run-1', { type: 'decided', decisions: [{ type: 'approve', callId }], iteration: 0 });
  await clock.advance(31_000);
  silent = false;
  answerAll();
  await clock.advance(120_000);
  expect(run.view.status).toBe('completed');
});

test('a claim that cannot be released does not delay a decision', async () => {
  const script = [{ calls: [{ name: 'pay', arguments: {} }] }, { text: 'Done.' }];
  const { clock, runner, store } = world(script, (method) => method === 'release');
  const run = runner(store).start(agent, 'Pay', { runId: 'run-1' });
  await clock.advance(10_000);
  void run.approve(run.view.toolCalls[0]?.callId ?? '');
  await clock.advance(10_000);
  expect(run.view.status).toBe('completed');
});

test('a runner can be closed while the store does not answer', async () => {
  const { clock, runner, store } = world(answer, (method) => method === 'claim');
  const here = runner(store);
  here.start(agent, 'Hello');
  await clock.advance(1_000);
  let closed = false;
  void here.close({ graceMs: 1_000 }).then(() => {
    closed = true;
  });
  await clock.advance(10_000);
  expect(closed).toBe(true);
});

import { expect, test } from 'vitest';
import { defineAgent } from '../../src/agent/define-agent.ts';
import { tool } from '../../src/agent/tool.ts';
import { StoreError } from '../../src/errors/store-error.ts';
import type { RunStore } from '../../src/store/run-store.ts';
import { scenario, type Scenario } from '../../test-support/scenario.ts';

/** A run whose only tool takes 5 s, and is running. */
async function inTool() {
  let sleep: (ms: number) => Promise<void> = async () => undefined;
  const slow = tool({
    name: 'slow',
    parameters: { jsonSchema: { type: 'object', properties: {} } },
    execute: async () => {
      await sleep(5_000);
      return 'Done.';
    },
  });
  const agent = defineAgent({ name: 'worker', model: 'm', tools: [slow] });
  const s = scenario({ script: [{ calls: [{ name: 'slow', callId: 'call_1' }] }, { text: 'Done.' }] });
  sleep = (ms) => s.clock.sleep(ms);
  const run = s.runner.start(agent, 'Go.', { runId: 'r' });
  while (run.view.toolCalls[0]?.status !== 'running') await s.clock.advance(100);
  return { ...s, agent, run };
}

test('a resume during the grace period of a detach drives the run again', async () => {
  const { runner, agent, run, clock, settle } = await inTool();
  const ended = run.done();
  const detached = run.detach();
  await clock.advance(1_000);
  await settle(runner.resume(agent, 'r'));
  await Promise.all([detached, ended]);
  expect((await settle(run.result())).text).toBe('Done.');
});

test('a request before a detach rejects, although a later one drives the run again', async () => {
  const { runner, agent, run, clock, settle, rejection } = await inTool();
  const refused = rejection(run.submitToolOutput('call_1', 'Other.'));
  await clock.advance(0);
  void run.detach();
  await settle(runner.resume(agent, 'r'));
  await expect(refused).resolves.toBeInstanceOf(Error);
  expect((await settle(run.result())).text).toBe('Done.');
});

test('a request during the grace period of close() rejects', async () => {
  const { runner, run, clock, settle, rejection } = await inTool();
  const closed = runner.close();
  await clock.advance(1_000);
  expect(await rejection(run.cancel())).toMatchObject({ code: 'configuration' });
  await settle(closed);
  expect(run.view.driver).toBe('none');
});

/** A store whose release takes a while. */
function slowRelease(
  { store, clock }: Scenario,
  ms: number,
  released: () => void = () => undefined,
): RunStore {
  return {
    ...store,
    release: async (...args) => {
      await clock.sleep(ms);
      released();
      return store.release?.(...args);
    },
  };
}

test('close() waits for the claim of a run whose driving has just stopped', async () => {
  const s = scenario({
    faults: [{ fault: 'http', on: 'poll', status: 401, times: 50 }],
    runner: { mode: 'poll' },
  });
  let released = false;
  const runner = s.reboot({ store: slowRelease(s, 300, () => (released = true)) });
  await s.rejection(runner.start(s.agent, 'Hello.').result());
  await s.settle(runner.close());
  expect(released).toBe(true);
});

test('close() ends the retries of an unavailable store', async () => {
  const s = scenario({ runner: { agents: [] } });
  let calls = 0;
  const fails = async (): Promise<never> => {
    calls += 1;
    throw new StoreError('unavailable', 'The store is down.');
  };
  const runner = s.reboot({ store: { ...s.store, claim: fails, release: fails, renew: fails, load: fails } });
  runner.start(s.agent, 'Hello.');
  await s.clock.advance(1_000);
  await s.settle(runner.close());
  calls = 0;
  await s.clock.advance(60_000);
  expect(calls).toBe(0);
  expect(s.clock.pending).toBe(0);
});

test('a permission to repeat a create is used when the process that has stopped releases its claim', async () => {
  const s = scenario({ faults: [{ fault: 'reset', iteration: 1, times: 2 }], runner: { mode: 'poll' } });
  const stopped = s.reboot({ store: slowRelease(s, 500) }).start(s.agent, 'Hello.', { runId: 'r' });
  await s.quiet();
  const other = s.reboot();
  await s.settle(other.resume(s.agent, 'r'));
  await s.rejection(stopped.result());
  const run = await s.settle(other.resume(s.agent, 'r'));
  await s.settle(run.result());
  expect(s.creates()).toHaveLength(4);
});

test('a stopped run that a caller resumes during resumeAll() is driven here, and receives cancels', async () => {
  const s = scenario({
    faults: [{ fault: 'reset', iteration: 1, times: 2 }],
    runner: { mode: 'poll' },
    emulator: { runMs: 600_000 },
  });
  const first = s.start();
  await s.rejection(first.result());
  const slow: RunStore = {
    ...s.store,
    commit: async (change) => {
      await s.clock.sleep(100);
      return s.store.commit(change);
    },
  };
  const runner = s.reboot({ store: slow, agents: [s.agent] });
  const all = runner.resumeAll();
  await s.clock.advance(50);
  const run = await s.settle(runner.resume(s.agent, first.id));
  await all;
  expect(run.view.driver).toBe('here');
  const follower = await s.settle(s.reboot().resume(s.agent, first.id));
  expect((await s.settle(follower.cancel())).status).toBe('cancelled');
});

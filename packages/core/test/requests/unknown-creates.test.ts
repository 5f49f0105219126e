import { describe, expect, test } from 'vitest';
import { scenario, type Scenario } from '../../test-support/scenario.ts';
import type { RunResult } from '../../src/run/run.ts';
import type { DrivenRun, DrivingRunner } from '../../src/run/driving-runner.ts';
import { memoryStore } from '../../src/store/memory-store.ts';
import type { Fault } from '../../src/testing/index.ts';

const answer = 'Leave the umbrella at home.';

/** The answers to the first `times` creates of iteration 1 are lost after the server handled them. */
function losing(times: number): Scenario {
  return scenario({ faults: [{ fault: 'reset', iteration: 1, times }], runner: { mode: 'poll' } });
}

async function stopped(s: Scenario): Promise<DrivenRun> {
  const run = s.start();
  expect(await s.rejection(run.result())).toMatchObject({ code: 'unknown_create' });
  expect(s.creates()).toHaveLength(3);
  return run;
}

/** Calls `resumeAll` as a new process does when it starts. Expects the run to stay stopped. */
async function restart(s: Scenario, runner: DrivingRunner = s.reboot()): Promise<DrivenRun> {
  const [run] = await s.settle(runner.resumeAll());
  if (run === undefined) throw new Error('The run is not resumed.');
  expect(await s.rejection(run.result())).toMatchObject({
    code: 'unknown_create',
    message: expect.stringMatching(/started a job.*runner\.resume\(agent, ".+"\)/),
  });
  expect(run.view).toMatchObject({ driver: 'none', status: 'queued' });
  await s.clock.advance(3_600_000);
  return run;
}

describe('a run that stopped with `unknown_create`', () => {
  test('stays stopped after each resumeAll(): ten restarts do not pay for ten generations', async () => {
    const s = losing(99);
    const run = await stopped(s);
    for (let count = 0; count < 10; count += 1) await restart(s);
    await restart(s, s.runner);
    expect(s.creates()).toHaveLength(3);
    const by = await s.reboot().resume(s.agent, run.id);
    expect(await s.rejection(by.result())).toMatchObject({ code: 'unknown_create' });
    expect(s.creates()).toHaveLength(4);
    await restart(s);
    expect(s.creates()).toHaveLength(4);
  });

  test('is not driven by a follower until a caller resumes it there', async () => {
    const s = losing(2);
    const run = s.start();
    await s.quiet();
    const other = s.reboot();
    const followed = await other.resume(s.agent, run.id);
    expect(await s.rejection(followed.result())).toMatchObject({ code: 'unknown_create' });
    await s.clock.advance(3_600_000);
    expect(s.creates()).toHaveLength(3);
    const again = await other.resume(s.agent, run.id);
    expect((await s.settle(again.result())).text).toBe(answer);
    expect(s.creates()).toHaveLength(4);
  });

  test('continues if a caller resumes it during resumeAll()', async () => {
    const s = losing(2);
    const { id } = await stopped(s);
    const runner = s.reboot();
    const all = runner.resumeAll();
    const run = await s.settle(runner.resume(s.agent, id));
    await all;
    expect((await s.settle(run.result())).text).toBe(answer);
    expect(s.creates()).toHaveLength(4);
  });

  test('stays stopped if it is resumed with `manual: false`, as a component does', async () => {
    const s = losing(2);
    const { id } = await stopped(s);
    const shown = await s.reboot().resume(s.agent, id, { manual: false });
    expect(await s.rejection(shown.result())).toMatchObject({ code: 'unknown_create' });
    expect(s.creates()).toHaveLength(3);
  });

  test.each(['where it stopped', 'in another process', 'in another process, directly after resumeAll()'])(
    'is cancelled without a create [%s]',
    async (where) => {
      const s = losing(2);
      const run = await stopped(s);
      const runner = where === 'where it stopped' ? s.runner : s.reboot();
      if (where !== 'where it stopped') await s.settle(runner.resumeAll());
      if (where === 'in another process') await s.quiet();
      const view = await s.settle((runner.get(run.id) ?? run).cancel());
      expect(view).toMatchObject({ status: 'cancelled' });
      expect(view.warnings.map(({ code }) => code)).toEqual(['unknown_create', 'orphan_possible']);
      expect(s.creates()).toHaveLength(3);
    },
  );

  test('stays stopped if its snapshot is resumed with `manual: false`, and a damaged count is rejected', async () => {
    const s = losing(2);
    const snapshot = (await stopped(s)).snapshot();
    const store = memoryStore({ clock: s.clock });
    const there = await s.reboot({ store }).resume(s.agent, snapshot, { manual: false });
    expect(await s.rejection(there.result())).toMatchObject({ code: 'unknown_create' });
    const head = { ...snapshot.head, unknownCreates: 'many' };
    const damaged = JSON.parse(JSON.stringify({ ...snapshot, head }));
    const elsewhere = s.reboot({ store: memoryStore({ clock: s.clock }) });
    await expect(elsewhere.resume(s.agent, damaged)).rejects.toMatchObject({ code: 'unreadable_snapshot' });
  });
});

describe.each([401, 403])('a run that stopped with `unauthorized` after a %i', (status) => {
  test.each<[string, Fault]>([
    ['its create', { fault: 'http', on: 'create', iteration: 1, status, times: 5 }],
    ['a poll', { fault: 'http', on: 'poll', status, times: 5 }],
  ])(
    'of %s continues by resumeAll() with valid credentials, because the refused request cost nothing',
    async (_name, fault) => {
      const s = scenario({ faults: [fault], runner: { mode: 'poll' } });
      expect(await s.rejection(s.start().result())).toMatchObject({ code: 'unauthorized' });
      const restarted = async (): Promise<Promise<RunResult>[]> =>
        (await s.settle(s.reboot().resumeAll())).map((run) => run.result());
      for (let count = 0; count < 4; count += 1)
        for (const result of await restarted())
          expect(await s.rejection(result)).toMatchObject({ code: 'unauthorized' });
      const [result] = await restarted();
      expect(await s.settle(Promise.resolve(result))).toMatchObject({ text: answer });
      expect(s.emulator.generations).toBe(2);
    },
  );
});

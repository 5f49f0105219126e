import { memoryStore, type Run, type RunStore } from '@longhaul/core';
import { describe, expect, test, vi } from 'vitest';
import { watched } from './drive.ts';
import { executed } from './scripted-run.ts';
import { world } from './world.ts';

const everyToolOnce = { search: 1, reserve: 1, book: 1 };

describe('a run has one driver', () => {
  test('the first process drives, and a process that resumes the run follows and sends no request', async () => {
    const { agent, boot, until, settle, executions, emulator, answer } = world();
    const driver = boot();
    const run = driver.runner.start(agent, 'Paris?', { runId: 'run-1' });
    await until(() => run.view.waiting !== null);
    const follower = boot();
    const seen = await settle(follower.runner.resume(agent, 'run-1'));
    expect(seen.view).toMatchObject({ driver: 'elsewhere', status: run.view.status, input: 'Paris?' });
    const statuses = new Set<string>();
    seen.subscribe(() => statuses.add(`${seen.view.iteration} ${seen.view.status}`));
    const result = watched(seen.result());
    await until(() => result.settled);
    expect(result.value).toMatchObject({ text: answer, view: { driver: 'none' } });
    expect([...statuses]).toEqual(
      expect.arrayContaining(['1 queued', '1 in_progress', '2 in_progress', '2 completed']),
    );
    expect(follower.points.filter((point) => !point.startsWith('save'))).toEqual([]);
    expect(follower.points).toEqual([]);
    expect(executed(executions)).toEqual(everyToolOnce);
    expect(emulator.generations).toBe(3);
  });

  test('on a store with `watch`, a follower receives the text while it streams, from each driver', async () => {
    const { agent, boot, until, settle, store, answer } = world();
    const first = boot({ store });
    const run = first.runner.start(agent, 'Paris?', { runId: 'run-1' });
    await until(() => run.view.waiting !== null);
    const second = boot({ store });
    const third = boot({ store });
    const seen = await settle(second.runner.resume(agent, 'run-1'));
    const alsoSeen = await settle(third.runner.resume(agent, 'run-1'));
    await until(() => run.view.iteration === 1 && run.view.text.length > 3);
    await until(() => seen.view.text === run.view.text && seen.view.text !== '');
    expect(seen.view.driver).toBe('elsewhere');
    // The first process detaches, one of the others drives, and the last one follows.
    await settle(run.detach({ graceMs: 0 }));
    await until(() => seen.view.driver === 'here' || alsoSeen.view.driver === 'here');
    const [drives, follows] = seen.view.driver === 'here' ? [seen, alsoSeen] : [alsoSeen, seen];
    await until(() => drives.view.iteration === 2 && drives.view.text.length > 20);
    await until(() => follows.view.text === drives.view.text || drives.view.status === 'completed');
    expect(follows.view).toMatchObject({ driver: 'elsewhere', iteration: 2, status: 'in_progress' });
    expect(answer.startsWith(follows.view.text)).toBe(true);
    expect((await settle(follows.result())).text).toBe(answer);
  });

  test('a follower takes over when the claim of a dead driver expires, not before', async () => {
    const { agent, boot, until, settle, clock, answer, executions } = world({ runMs: 60_000 });
    const driver = boot();
    const run = driver.runner.start(agent, 'Paris?', { runId: 'run-1' });
    await until(() => run.view.waiting !== null);
    driver.die();
    const died = clock.now();
    const follower = boot();
    const seen = await settle(follower.runner.resume(agent, 'run-1'));
    expect(seen.view.driver).toBe('elsewhere');
    await until(() => seen.view.driver === 'here');
    expect(clock.now() - died).toBeGreaterThanOrEqual(10_000);
    expect(clock.now() - died).toBeLessThanOrEqual(16_000);
    expect((await settle(seen.result())).text).toBe(answer);
    expect(executed(executions)).toEqual(everyToolOnce);
  });

  test('a process whose claim another process took sends no create, executes no tool, and follows', async () => {
    const { agent, boot, until, settle, store, answer, executions, emulator } = world({ runMs: 60_000 });
    // The process is suspended or offline, so its renewals do not arrive.
    let cutOff = false;
    const unreachable = (own: RunStore): RunStore => ({
      ...own,
      claim: async (...args) => (cutOff ? true : ((await own.claim?.(...args)) ?? true)),
    });
    const first = boot();
    const sleepy = boot({ store: unreachable(first.store), client: first.client, clock: first.clock });
    const run = sleepy.runner.start(agent, 'Paris?', { runId: 'run-1' });
    await until(() => run.view.waiting !== null);
    cutOff = true;
    const other = boot();
    const seen = await settle(other.runner.resume(agent, 'run-1'));
    await until(() => seen.view.driver === 'here');
    const { length } = first.points.filter((point) => !point.startsWith('GET'));
    cutOff = false;
    await until(() => run.view.driver === 'elsewhere');
    expect((await settle(seen.result())).text).toBe(answer);
    expect((await settle(run.result())).text).toBe(answer);
    expect(first.points.filter((point) => !point.startsWith('GET'))).toHaveLength(length);
    expect(executed(executions)).toEqual(everyToolOnce);
    expect(emulator.generations).toBe(3);
    expect((await store.load('run-1'))?.head.status).toBe('completed');
  });

  test('a conflict at the next save stops a process that has not noticed the new driver, before it sends', async () => {
    const { agent, boot, until, settle, answer, executions, emulator, store } = world();
    const first = boot();
    const never: RunStore = { ...first.store, claim: async () => true };
    const { runner } = boot({ store: never, client: first.client, clock: first.clock });
    const run = runner.start(agent, 'Paris?', { runId: 'run-1' });
    await until(() => run.view.waiting !== null);
    const seen = await settle(boot().runner.resume(agent, 'run-1'));
    expect(seen.view.driver).toBe('here');
    const result = watched(run.result());
    expect((await settle(seen.result())).text).toBe(answer);
    await until(() => result.settled);
    expect(result.error).toMatchObject({ code: 'conflict', cause: { name: 'StoreError', code: 'conflict' } });
    expect(run.view.driver).toBe('none');
    expect(executed(executions)).toEqual(everyToolOnce);
    expect(emulator.generations).toBe(3);
    expect(await store.claim?.('run-1', 'another owner', 1)).toBe(true);
  });

  test('if several processes resume a waiting run at the same time, all complete, and each tool runs once', async () => {
    const { agent, boot, until, settle, answer, executions, emulator, clock } = world({ people: true });
    const driver = boot();
    const run = driver.runner.start(agent, 'Paris?', { runId: 'run-1' });
    await until(() => run.view.status === 'requires_action');
    driver.die();
    await clock.advance(3_600_000);
    const others = Array.from({ length: 4 }, () => boot());
    const runs = await settle(Promise.all(others.map(({ runner }) => runner.resume(agent, 'run-1'))));
    await clock.advance(60_000);
    await settle(
      Promise.all([runs[0]?.approve('call_book'), runs[3]?.submitToolOutput('call_ask', 'Nine.')]),
    );
    const results = await settle(Promise.all(runs.map((one) => one.result())));
    expect(results.map(({ text }) => text)).toEqual(runs.map(() => answer));
    expect(executed(executions)).toEqual(everyToolOnce);
    expect(emulator.generations).toBe(3);
  });
});

describe('a start with an existing runId fails with conflict and sends no request', () => {
  const refused = {
    name: 'LonghaulError',
    code: 'conflict',
    cause: { name: 'StoreError', code: 'conflict' },
  };

  test('while the same runner drives the run, which continues', async () => {
    const { agent, boot, until, settle, emulator, clock, answer } = world({ runMs: 60_000 });
    const { runner } = boot();
    const run = runner.start(agent, 'Paris?', { runId: 'run-1' });
    await until(() => run.view.waiting !== null);
    const requests = emulator.requests.length;
    const second = runner.start(agent, 'Rome?', { runId: 'run-1' });
    await expect(settle(second.result())).rejects.toMatchObject(refused);
    expect(emulator.requests.length).toBe(requests);
    expect(runner.get('run-1')).toBe(run);
    // The runner still holds the claim of the run.
    await clock.advance(20_000);
    const other = await settle(boot().runner.resume(agent, 'run-1'));
    expect(other.view.driver).toBe('elsewhere');
    // The handle of the failed start does not affect the run.
    await expect(settle(second.cancel())).rejects.toMatchObject(refused);
    expect((await settle(run.result())).text).toBe(answer);
  });

  test('while another process drives it', async () => {
    const { agent, boot, until, settle, answer } = world();
    const run = boot().runner.start(agent, 'Paris?', { runId: 'run-1' });
    await until(() => run.view.waiting !== null);
    const other = boot();
    await expect(
      settle(other.runner.start(agent, 'Rome?', { runId: 'run-1' }).result()),
    ).rejects.toMatchObject(refused);
    expect(other.points).toEqual([]);
    expect((await settle(run.result())).text).toBe(answer);
  });

  test.each(['here', 'elsewhere'])('when the run has ended or waits for a person, %s', async (where) => {
    const { agent, boot, until, settle } = world({ people: true });
    const first = boot();
    const waiting = first.runner.start(agent, 'Paris?', { runId: 'waiting' });
    const cancelled = first.runner.start(agent, 'Paris?', { runId: 'over' });
    await settle(cancelled.cancel());
    await until(() => waiting.view.status === 'requires_action');
    const second = where === 'here' ? first : boot();
    const before = second.points.filter((point) => point.startsWith('POST')).length;
    for (const runId of ['waiting', 'over']) {
      await expect(settle(second.runner.start(agent, 'Rome?', { runId }).result())).rejects.toMatchObject(
        refused,
      );
    }
    expect(second.points.filter((point) => point.startsWith('POST'))).toHaveLength(before);
    await settle(waiting.deny('call_book'));
    expect(waiting.view.toolCalls).toMatchObject([
      {},
      {},
      { status: 'denied' },
      { status: 'awaiting_output' },
    ]);
  });

  test('except if the process died before its first save: a start then succeeds after its claim expires', async () => {
    const { agent, boot, until, settle, emulator, answer } = world();
    const first = boot({}, ({ at, when }, { die }) => {
      if (at === 0 && when === 'before') die();
    });
    first.runner.start(agent, 'Paris?', { runId: 'run-1' });
    await until(() => first.dead);
    expect(emulator.requests).toEqual([]);
    const run = boot().runner.start(agent, 'Paris?', { runId: 'run-1' });
    expect((await settle(run.result())).text).toBe(answer);
  });
});

describe('a store without claims', () => {
  const bare = (store: RunStore): RunStore => ({
    load: store.load,
    commit: store.commit,
    list: store.list,
    delete: store.delete,
  });

  test('completes a run, and can resume it', async () => {
    const { agent, boot, until, settle, answer, clock } = world({ people: true });
    const store = bare(memoryStore({ clock }));
    const { runner } = boot({ store });
    const run: Run = runner.start(agent, 'Paris?', { runId: 'run-1' });
    await until(() => run.view.status === 'requires_action');
    await settle(runner.close());
    const again = await settle(boot({ store }).runner.resume(agent, 'run-1'));
    await settle(
      again.respond([
        { type: 'approve', callId: 'call_book' },
        { type: 'output', callId: 'call_ask', output: 'Nine.' },
      ]),
    );
    expect((await settle(again.result())).text).toBe(answer);
  });
});

test('decisions and a cancel from a listener take effect', async () => {
  const { agent, boot, settle, executions } = world({ people: true });
  const { runner } = boot({ mode: 'stream' });
  const run = runner.start(agent, 'Paris?', { runId: 'run-1' });
  const decided = new Set<string>();
  run.subscribe(() => {
    for (const { callId, status } of run.view.toolCalls) {
      if (decided.has(callId) || !status.startsWith('awaiting')) continue;
      decided.add(callId);
      void run.respond([
        status === 'awaiting_approval'
          ? { type: 'approve', callId }
          : { type: 'output', callId, output: 'Nine.' },
      ]);
    }
    if (run.view.iteration === 2 && run.view.text.length > 10) void run.cancel();
  });
  await expect(settle(run.result())).rejects.toMatchObject({ name: 'RunCancelledError' });
  expect(executed(executions)).toEqual(everyToolOnce);
});

test('a throwing listener does not stop the run or other listeners, and its error is reported', async () => {
  const { agent, boot, settle, answer } = world();
  const reported = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  try {
    const run = boot().runner.start(agent, 'Paris?');
    const bug = new Error('a bug of the page');
    let calls = 0;
    run.subscribe(() => {
      throw bug;
    });
    run.subscribe(() => {
      calls += 1;
    });
    expect((await settle(run.result())).text).toBe(answer);
    expect(calls).toBeGreaterThan(5);
    expect(reported.mock.calls[0]).toContain(bug);
  } finally {
    reported.mockRestore();
  }
});

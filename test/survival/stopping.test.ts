import { defineAgent, tool } from '@longhaul/core';
import { describe, expect, test } from 'vitest';
import { watched } from './drive.ts';
import { executed } from './scripted-run.ts';
import { world } from './world.ts';

const parameters = { jsonSchema: { type: 'object', properties: {} } };

/** An agent with a tool that takes `ms`, and the number of its executions and aborts. */
function slowAgent(ms: number, sleep: (ms: number, signal?: AbortSignal) => Promise<void>) {
  const seen = { began: 0, aborted: 0 };
  const agent = defineAgent({
    name: 'slow',
    model: 'gpt-6-astra',
    tools: [
      tool({
        name: 'work',
        parameters,
        execute: async (_args, { signal }) => {
          seen.began += 1;
          signal.addEventListener('abort', () => {
            seen.aborted += 1;
          });
          await sleep(ms);
          return 'worked';
        },
      }),
    ],
  });
  return { agent, seen };
}

const script = [{ calls: [{ name: 'work' }] }, { text: 'Worked.' }];

describe('detach and close', () => {
  test.each(['detach', 'close'] as const)(
    '%s waits for a running tool, saves its result, and does not continue the run',
    async (how) => {
      let sleep: (ms: number) => Promise<void> = () => Promise.resolve();
      const { agent, seen } = slowAgent(6_000, (ms) => sleep(ms));
      const { boot, until, settle, clock, sent, store } = world({ agent, script });
      sleep = (ms) => clock.sleep(ms);
      const first = boot();
      const run = first.runner.start(agent.name, 'Go.', { runId: 'run-1' });
      await until(() => seen.began === 1);
      const creates = sent('create');
      const began = clock.now();
      await settle(how === 'detach' ? run.detach() : first.runner.close());
      expect(clock.now() - began).toBe(6_000);
      await expect(run.result()).rejects.toMatchObject({ name: 'LonghaulError', code: 'detached' });
      expect(run.view.driver).toBe('none');
      expect([sent('create'), sent('cancel')]).toEqual([creates, 0]);
      expect((await store.load('run-1'))?.items.find(({ type }) => type === 'call')).toMatchObject({
        status: 'completed',
      });
      expect(await store.claim?.('run-1', 'another owner', 1)).toBe(true);
      const again = await settle(boot().runner.resume(agent.name, 'run-1'));
      expect((await settle(again.result())).text).toBe('Worked.');
      expect(seen.began).toBe(1);
    },
  );

  test('a tool that runs longer than graceMs is aborted, and its call is interrupted in the next process', async () => {
    let sleep: (ms: number) => Promise<void> = () => Promise.resolve();
    const { agent, seen } = slowAgent(60_000, (ms) => sleep(ms));
    const { boot, until, settle, clock } = world({ agent, script });
    sleep = (ms) => clock.sleep(ms);
    const run = boot().runner.start(agent.name, 'Go.', { runId: 'run-1' });
    await until(() => seen.began === 1);
    const began = clock.now();
    await settle(run.detach({ graceMs: 2_000 }));
    expect(clock.now() - began).toBe(2_000);
    expect(seen.aborted).toBe(1);
    const again = await settle(boot().runner.resume(agent.name, 'run-1'));
    expect((await settle(again.result())).view.toolCalls).toMatchObject([{ status: 'interrupted' }]);
    expect(seen.began).toBe(1);
  });

  test.each(['poll', 'stream'] as const)(
    'after a detach at any moment, another process completes the run (%s)',
    async (mode) => {
      const dry = world();
      const quiet = dry.boot({ mode });
      await dry.settle(quiet.runner.start(dry.agent, 'Paris?').result());
      const failures: string[] = [];
      for (const [at, point] of quiet.points.entries()) {
        const { agent, boot, until, settle, emulator, executions, answer } = world();
        let detached: { readonly settled: boolean } | undefined;
        const first = boot({ mode }, (moment) => {
          if (moment.at === at && moment.when === 'before') detached = watched(run.detach());
        });
        const run = first.runner.start(agent, 'Paris?', { runId: 'run-1' });
        const result = watched(run.result());
        await until(() => detached?.settled === true || result.settled);
        await until(() => result.settled);
        try {
          const { length } = first.points;
          const next = boot({ mode });
          const again = await settle(next.runner.resume(agent, 'run-1'));
          expect((await settle(again.result())).text).toBe(answer);
          expect(first.points.length, 'actions after the detach').toBe(length);
          expect(executed(executions)).toEqual({ search: 1, reserve: 1, book: 1 });
          expect(emulator.generations).toBe(3);
          expect(again.view.warnings).toEqual([]);
        } catch (error) {
          failures.push(`${point} (${at}): ${String(error)}`);
        }
      }
      expect(failures).toEqual([]);
    },
  );

  test('close waits for an unavailable store no longer than graceMs', async () => {
    const { StoreError } = await import('@longhaul/core');
    let down = false;
    const { agent, boot, until, settle, clock } = world();
    const { runner } = boot({
      wrapStore: (own) => ({
        ...own,
        commit: async (change) => {
          if (down) throw new StoreError('unavailable', 'gone');
          await own.commit(change);
        },
      }),
    });
    const run = runner.start(agent, 'Paris?');
    await until(() => run.view.waiting !== null);
    down = true;
    await clock.advance(6_000);
    const began = clock.now();
    await settle(runner.close({ graceMs: 3_000 }));
    expect(clock.now() - began).toBeLessThanOrEqual(3_000);
    await expect(run.result()).rejects.toMatchObject({ name: 'LonghaulError' });
  });

  test('close ends the events, and a closed runner rejects start and resume', async () => {
    const { agent, boot, until, settle } = world();
    const { runner } = boot();
    const run = runner.start(agent, 'Paris?', { runId: 'run-1' });
    const types: string[] = [];
    const reading = watched(
      (async () => {
        for await (const { type } of run.events()) types.push(type);
      })(),
    );
    await until(() => run.view.waiting !== null);
    await settle(runner.close());
    await until(() => reading.settled);
    expect(types.at(-1)).toBe('run.driver');
    expect(() => runner.start(agent, 'Rome?')).toThrow(expect.objectContaining({ code: 'configuration' }));
    await expect(runner.resume(agent, 'run-1')).rejects.toMatchObject({ code: 'configuration' });
    expect(() => runner.start(agent, 'Rome?')).toThrow(/closed/);
  });

  test('a runner resumes a detached run with the same handle and rising sequence numbers', async () => {
    const { agent, boot, until, settle, answer } = world();
    const { runner } = boot();
    const run = runner.start(agent, 'Paris?', { runId: 'run-1' });
    await until(() => run.view.waiting !== null);
    await settle(run.detach());
    let last = 0;
    for await (const { seq } of run.events()) last = seq;
    expect(await settle(runner.resume(agent, 'run-1'))).toBe(run);
    expect(run.view.driver).toBe('here');
    const result = watched(run.result());
    await until(() => result.settled);
    expect(result.value?.text).toBe(answer);
    for await (const { seq } of run.events({ after: last })) expect(seq).toBeGreaterThan(last);
  });
});

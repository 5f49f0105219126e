import { defineAgent, memoryStore, type RunSnapshot, tool } from '@longhaul/core';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { watched } from './drive.ts';
import { executed } from './scripted-run.ts';
import { world } from './world.ts';

const everyToolOnce = { search: 1, reserve: 1, book: 1 };

describe('resume from a snapshot', () => {
  test.each(['poll', 'stream'] as const)(
    'of any moment, in an empty store: the run completes with all tool results (%s)',
    async (mode) => {
      const dry = world();
      const quiet = dry.boot({ mode });
      await dry.settle(quiet.runner.start(dry.agent, 'Paris?').result());
      const failures: string[] = [];
      for (const [at, point] of quiet.points.entries()) {
        const { agent, boot, until, settle, clock, answer, emulator, executions } = world();
        let taken: RunSnapshot | undefined;
        const first = boot({ mode }, (moment, process) => {
          if (moment.at !== at || moment.when !== 'after' || taken !== undefined) return;
          taken = JSON.parse(JSON.stringify(run.snapshot()));
          process.die();
        });
        const run = first.runner.start(agent, 'Paris?', { runId: 'run-1' });
        await until(() => first.dead);
        try {
          if (taken === undefined) throw new Error('The run did not reach this point.');
          const before = structuredClone(taken);
          const elsewhere = memoryStore({ clock });
          const { runner } = boot({ mode, store: elsewhere });
          const again = await settle(runner.resume(agent, taken));
          const result = watched(again.result());
          await until(() => result.settled);
          expect(result.value?.text).toBe(answer);
          expect(taken, 'the caller’s own object').toEqual(before);
          const lost = again.view.warnings.length;
          expect(emulator.generations).toBeLessThanOrEqual(3 + lost);
          expect(executed(executions)).toMatchObject(
            Object.fromEntries(
              Object.entries(everyToolOnce).filter(
                ([name]) => name !== 'search' && executions.some((one) => one.tool === name),
              ),
            ),
          );
          const stored = await elsewhere.load('run-1');
          expect(stored?.head.status).toBe('completed');
          expect(stored?.items.filter(({ type }) => type === 'iteration')).toHaveLength(3);
          expect(stored?.items.filter(({ type }) => type === 'input')).toHaveLength(1);
        } catch (error) {
          failures.push(`${point} (${at}): ${String(error)}`);
        }
      }
      expect(failures).toEqual([]);
    },
  );

  test('of a finished run, in an empty store: no request is sent, and the result is available', async () => {
    const { agent, boot, settle, clock, answer, emulator } = world();
    const first = boot();
    const run = first.runner.start(agent, 'Paris?', { runId: 'run-1' });
    await settle(run.result());
    const { length } = emulator.requests;
    const other = boot({ store: memoryStore({ clock }) });
    const again = await settle(other.runner.resume(agent, run.snapshot()));
    expect(await settle(again.result())).toMatchObject({ text: answer, usage: run.view.usage });
    expect(again.view.toolCalls).toEqual(run.view.toolCalls);
    expect(again.view.items).toEqual(run.view.items);
    expect(emulator.requests).toHaveLength(length);
    await Promise.all([first.runner.close(), other.runner.close()]);
    expect(clock.pending, 'pending timers').toBe(0);
  });

  test('a newer run in the store is resumed instead of an older snapshot', async () => {
    const { agent, boot, until, settle, answer, emulator } = world();
    const first = boot();
    const run = first.runner.start(agent, 'Paris?', { runId: 'run-1' });
    await until(() => run.view.waiting !== null);
    const old = run.snapshot();
    await settle(run.result());
    const { length } = emulator.requests;
    const again = await settle(boot().runner.resume(agent, old));
    expect((await settle(again.result())).text).toBe(answer);
    expect(emulator.requests).toHaveLength(length);
  });
});

describe('resumeAll', () => {
  test('resumes all active runs of known agents, each driven by one of two processes', async () => {
    const { agent, boot, until, settle, answer, executions, emulator } = world();
    const first = boot();
    const runs = Array.from({ length: 5 }, (_, index) =>
      first.runner.start(agent, 'Paris?', { runId: `run-${index}` }),
    );
    await settle(runs[0]?.result() ?? Promise.reject(new Error()));
    for (const run of runs.slice(1)) await until(() => run.view.status !== 'running_tools');
    const late = first.runner.start(agent, 'Paris?', { runId: 'late' });
    await until(() => late.view.waiting !== null);
    first.die();
    const others = [boot(), boot()];
    const taken = await settle(Promise.all(others.map(({ runner }) => runner.resumeAll())));
    const ids = taken.map((list) => list.map(({ id }) => id));
    expect(ids[0]).toEqual(ids[1]);
    expect(ids[0]).toContain('late');
    expect(ids[0]).not.toContain('run-0');
    const results = await settle(Promise.all(taken.flat().map((run) => run.result())));
    expect(new Set(results.map(({ text }) => text))).toEqual(new Set([answer]));
    const counts = executed(executions);
    expect(counts['reserve']).toBe(6);
    expect(counts['book']).toBe(6);
    expect(emulator.generations).toBe(18);
  });

  test('drives the other runs if a newer version saved one, and the error names that run', async () => {
    const { agent, boot, until, settle, store, answer } = world();
    const first = boot();
    const run = first.runner.start(agent, 'Paris?', { runId: 'run-1' });
    const newer = first.runner.start(agent, 'Paris?', { runId: 'newer' });
    await until(() => run.view.waiting !== null && newer.view.waiting !== null);
    first.die();
    const saved = await store.load('newer');
    if (saved === undefined) throw new Error('The run was not saved.');
    const { head, items } = saved;
    await store.delete('newer');
    await store.commit({
      ...head,
      head: { ...head, version: head.version + 1 },
      append: [...items],
      import: true,
    });
    const second = boot();
    await expect(settle(second.runner.resumeAll())).rejects.toMatchObject({
      name: 'LonghaulError',
      code: 'resume_failed',
      message: expect.stringContaining('newer'),
      cause: { errors: [{ name: 'SnapshotError', code: 'newer_snapshot' }] },
    });
    const again = second.runner.get('run-1');
    expect((await settle(again?.result() ?? Promise.reject(new Error('not resumed')))).text).toBe(answer);
    expect((await store.load('newer'))?.head, 'unchanged').toMatchObject({
      version: head.version + 1,
    });
  });
});

describe('resume with a changed agent', () => {
  const city = z.object({ city: z.string() });
  const script = [
    { calls: [{ name: 'book', arguments: { city: 'Rome' }, callId: 'call_1' }] },
    { text: 'Done.' },
  ];

  /** A run whose process died before `book` was executed, or while it waited for a person. */
  async function died(asks: boolean) {
    let ran = 0;
    const book = (parameters: z.ZodType<object>, needsApproval: boolean) =>
      tool({ name: 'book', parameters, needsApproval, execute: () => `booked ${++ran}` });
    const before = defineAgent({ name: 'agent', model: 'm', tools: [book(city, asks)] });
    const here = world({ agent: before, script });
    // The process dies before the call is saved as running, or when the call waits for approval.
    const first = here.boot({}, ({ at, when }, { die }) => {
      if (first.points[at] === 'save tools' && when === 'after' && !asks) die();
    });
    const run = first.runner.start('agent', 'Rome?', { runId: 'run-1' });
    await here.until(() => first.dead || run.view.status === 'requires_action');
    first.die();
    const resume = (parameters: z.ZodType<object> | undefined, needsApproval: boolean) => {
      const agent = defineAgent({
        name: 'agent',
        model: 'm',
        tools: parameters === undefined ? [] : [book(parameters, needsApproval)],
      });
      return here.settle(here.boot({ agents: [agent] }).runner.resume(agent, 'run-1'));
    };
    return { ...here, resume, ran: () => ran };
  }

  test.each([
    ['was removed', undefined],
    ['has other parameters', z.object({ city: z.string(), day: z.string() })],
  ])('a call whose tool %s fails with a warning, and the run continues', async (_how, parameters) => {
    const { resume, settle, ran } = await died(true);
    const run = await resume(parameters, true);
    expect((await settle(run.result())).text).toBe('Done.');
    expect(run.view.toolCalls).toMatchObject([{ status: 'failed' }]);
    expect(run.view.warnings).toMatchObject([
      { code: 'agent_changed', message: expect.stringContaining('call_1') },
    ]);
    expect(ran()).toBe(0);
  });

  test('a call waits for approval if the new agent requires it', async () => {
    const { resume, until, settle, ran } = await died(false);
    const run = await resume(city, true);
    await until(() => run.view.status === 'requires_action');
    expect(ran()).toBe(0);
    await settle(run.approve('call_1'));
    expect((await settle(run.result())).text).toBe('Done.');
    expect(ran()).toBe(1);
  });

  test('a call still waits for approval if only the old agent required it', async () => {
    const { resume, settle, clock, ran } = await died(true);
    const run = await resume(city, false);
    await clock.advance(60_000);
    expect(run.view.status).toBe('requires_action');
    expect(ran()).toBe(0);
    await settle(run.approve('call_1'));
    expect((await settle(run.result())).text).toBe('Done.');
  });

  test('an agent with another name is rejected', async () => {
    const { boot, settle } = await died(true);
    const other = defineAgent({ name: 'other', model: 'm' });
    await expect(settle(boot().runner.resume(other, 'run-1'))).rejects.toMatchObject({
      code: 'configuration',
      message: expect.stringMatching(/"agent".*"other"/),
    });
  });
});

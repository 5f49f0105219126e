import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { applyEvent, emptyView, isTerminalRun, type Run, type RunEvent, type RunView } from '@longhaul/core';
import type { helper } from './helper-agent.ts';
import type { RunnerWorld } from './worlds.ts';

type HelperRun = Run<typeof helper>;

/** Resolves when the run's view satisfies the condition, at its next change at the latest. */
async function until(run: HelperRun, reached: (view: HelperRun['view']) => boolean): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const check = (): void => void (reached(run.view) && resolve());
  const unsubscribe = run.subscribe(check);
  check();
  await promise.finally(unsubscribe);
}

const waits = ({ status }: RunView): boolean => status === 'requires_action';

/** The tests of what each kind of runner does in the same way. */
export function testRunners(worlds: Readonly<Record<string, () => Promise<RunnerWorld>>>): void {
  describe.each(Object.entries(worlds))('%s', (_name, open) => {
    let world: RunnerWorld;
    beforeAll(async () => {
      world = await open();
    }, 60_000);
    afterAll(() => world[Symbol.asyncDispose]());

    test('shows a run that calls a tool, and its result', async () => {
      const run = await world.start('add');
      const { text, usage, runId, view } = await run.result();
      expect({ text, runId }).toEqual({ text: 'Said 5', runId: run.id });
      expect(view).toBe(run.view);
      expect(view).toMatchObject({ status: 'completed', driver: 'none', iteration: 1, agent: 'helper' });
      expect(usage.totalTokens).toBeGreaterThan(0);
      expect(view.toolCalls).toMatchObject([
        { name: 'add', callId: 'call_1', status: 'completed', arguments: { a: 2, b: 3 }, output: 5 },
      ]);
      expect(await run.done()).toBe(run.view);
    });

    test('shows text while it streams, longer in each view', async () => {
      const run = await world.start('stream');
      const lengths: number[] = [];
      const unsubscribe = run.subscribe(() => lengths.push(run.view.text.length));
      await run.result();
      unsubscribe();
      expect(lengths).toEqual(lengths.toSorted((a, b) => a - b));
      expect(new Set(lengths).size).toBeGreaterThan(3);
    });

    test('emits events in order, which result in its view', async () => {
      const run = await world.start('add');
      const events: RunEvent[] = [];
      for await (const event of run.events()) events.push(event);
      const numbers = events.map(({ seq }) => seq);
      expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
      const folded = events.reduce(applyEvent, emptyView);
      const { status, text, toolCalls, items, usage } = run.view;
      expect(folded).toMatchObject({ status, text, items, usage });
      expect(folded.toolCalls).toEqual(toolCalls);
      const last = events.at(-1)?.seq ?? 0;
      for await (const event of run.events({ after: last })) throw new Error(`${event.type} is repeated`);
      expect(run.seq).toBeGreaterThanOrEqual(last);
    });

    test('continues the events after one that was read', async () => {
      const run = await world.start('stream');
      const all: RunEvent[] = [];
      for await (const event of run.events()) {
        all.push(event);
        if (all.length >= 5) break;
      }
      for await (const event of run.events({ after: all.at(-1)?.seq ?? 0 })) all.push(event);
      const numbers = all.map(({ seq }) => seq);
      expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
      expect(all.reduce(applyEvent, emptyView).text).toBe(run.view.text);
    });

    test('has a new view only after a change, and keeps unchanged parts', async () => {
      const run = await world.start('ask');
      await until(run, waits);
      const before = run.view;
      expect(run.view).toBe(before);
      await run.submitToolOutput('call_1', 'Rome');
      await run.result();
      expect(run.view).not.toBe(before);
      expect(run.view.items[0]).toBe(before.items[0]);
    });

    test('approves a call, and refuses a second decision', async () => {
      const run = await world.start('pay');
      await until(run, waits);
      expect(run.view.toolCalls).toMatchObject([{ name: 'pay', status: 'awaiting_approval' }]);
      await run.approve('call_1');
      expect(await run.result()).toMatchObject({ text: 'Said paid' });
      await expect(run.approve('call_1')).rejects.toMatchObject({ name: 'DecisionError', code: 'decision' });
      await expect(run.deny('call_2')).rejects.toMatchObject({ name: 'DecisionError' });
    });

    test('denies a call, and the model receives the reason', async () => {
      const run = await world.start('pay');
      await until(run, waits);
      await run.deny('call_1', 'Too expensive.');
      expect((await run.result()).text).toContain('Too expensive.');
      expect(run.view.toolCalls).toMatchObject([{ status: 'denied' }]);
    });

    test('submits the output of a call without `execute`', async () => {
      const run = await world.start('ask');
      await until(run, waits);
      expect(run.view.toolCalls).toMatchObject([{ status: 'awaiting_output' }]);
      await run.submitToolOutput('call_1', { city: 'Rome' });
      expect(await run.result()).toMatchObject({ text: 'Said {"city":"Rome"}' });
    });

    test('rejects the whole list if one decision does not fit', async () => {
      const run = await world.start('ask');
      await until(run, waits);
      const decisions = [
        { type: 'output', callId: 'call_1', output: 'Rome' },
        { type: 'approve', callId: 'call_9' },
      ] as const;
      await expect(run.respond(decisions)).rejects.toMatchObject({ name: 'DecisionError' });
      expect(run.view.status).toBe('requires_action');
      await run.respond([{ type: 'error', callId: 'call_1', message: 'The page did not answer.' }]);
      expect((await run.result()).text).toContain('The page did not answer.');
    });

    test('cancels a run, once and again', async () => {
      const run = await world.start('wait');
      await until(run, ({ waiting }) => waiting !== null);
      const result = run.result();
      result.catch(() => undefined);
      expect(await run.cancel('enough')).toMatchObject({ status: 'cancelled', driver: 'none' });
      await expect(result).rejects.toMatchObject({ name: 'RunCancelledError' });
      expect(await run.cancel()).toBe(run.view);
    });

    test.each([
      ['fail', { status: 'failed' }, { name: 'RunFailedError', code: 'invalid_prompt' }],
      ['cut', { status: 'incomplete', text: 'Half' }, { name: 'RunIncompleteError' }],
    ])('rejects the result of a run that ends otherwise: %s', async (input, shown, error) => {
      const run = await world.start(input);
      await expect(run.result()).rejects.toMatchObject(error);
      expect(await run.done()).toMatchObject(shown);
    });

    test('shows the error of a tool', async () => {
      const run = await world.start('boom');
      await run.result();
      expect(run.view.toolCalls).toMatchObject([
        { status: 'failed', error: { message: 'The database is down.' } },
      ]);
    });

    test('continues a run that has ended', async () => {
      const first = await world.start('say');
      await first.result();
      const second = await world.start('add', { continueFrom: first.id });
      expect((await second.result()).text).toContain('Said');
      expect(second.id).not.toBe(first.id);
    });

    test('lists the runs of a conversation, and conversations by their newest run', async () => {
      const { runner } = world;
      const first = await world.start('add');
      await first.result();
      const other = await world.start('stream');
      await other.result();
      expect((await runner.listThreads({ limit: 1 })).map(({ threadId }) => threadId)).toEqual([other.id]);
      const second = await world.start('stream', { continueFrom: first.id });
      await second.result();
      const run = { agent: 'helper', status: 'completed', createdAt: expect.any(Number) };
      expect(await runner.listThreadRuns(first.id)).toMatchObject([
        { runId: first.id, ...run },
        { runId: second.id, continues: first.id, ...run },
      ]);
      expect(await runner.listThreadRuns('no-such-thread')).toEqual([]);
      const threads = await runner.listThreads({ agent: 'helper' });
      expect(threads.slice(0, 2)).toMatchObject([
        { threadId: first.id, title: 'add', status: 'completed', runs: 2 },
        { threadId: other.id, title: 'stream', status: 'completed', runs: 1 },
      ]);
      expect(await runner.listThreads({ agent: 'helper', limit: 1, after: first.id })).toEqual(
        threads.slice(1, 2),
      );
      expect(await runner.listThreads({ agent: 'none' })).toEqual([]);
      expect(await runner.listThreads({ after: 'no-such-thread' })).toEqual([]);
      const listed = await runner.list({ threadId: first.id });
      expect(listed.map(({ runId }) => runId)).toEqual([second.id, first.id]);
      expect(listed[0]).toMatchObject({
        threadId: first.id,
        continues: first.id,
        input: 'stream',
        metadata: {},
      });
      expect(second.view).toMatchObject({ threadId: first.id, continues: first.id });
    });

    test('lists runs, reads one, and finds it by its id', async () => {
      const run = await world.start('say');
      await run.result();
      const { runner } = world;
      expect(runner.get(run.id)).toBe(run);
      expect(runner.runs).toContain(run);
      const listed = await runner.list({ agent: 'helper', status: 'completed', limit: 50 });
      expect(listed).toContainEqual(expect.objectContaining({ runId: run.id, status: 'completed' }));
      expect(await runner.read(run.id)).toEqual(run.view);
      expect(await runner.read('unknown-run')).toBeUndefined();
      expect(await runner.follow(run.id)).toBe(run);
    });

    test('deletes a run that has ended, and no other', async () => {
      const { runner } = world;
      const active = await world.start('wait');
      await until(active, ({ waiting }) => waiting !== null);
      await expect(runner.delete(active.id)).rejects.toMatchObject({ code: 'run_active' });
      await active.cancel();
      await runner.delete(active.id);
      expect(await runner.read(active.id)).toBeUndefined();
      await expect(runner.follow(active.id)).rejects.toMatchObject({ code: 'not_found' });
    });

    test('deletes a run that other runs continue only with its branch, and forgets its handles', async () => {
      const { runner } = world;
      const end = async (continueFrom?: string): Promise<string> => {
        const run = await world.start('say', continueFrom === undefined ? {} : { continueFrom });
        await run.result();
        return run.id;
      };
      const first = await end();
      const second = await end(first);
      const sibling = await end(first);
      const third = await end(second);
      for (const runId of [first, second])
        await expect(runner.delete(runId)).rejects.toMatchObject({
          name: 'LonghaulError',
          code: 'has_successors',
        });
      const active = await world.start('wait', { continueFrom: third });
      await until(active, ({ waiting }) => waiting !== null);
      await expect(runner.delete(second, { branch: true })).rejects.toMatchObject({ code: 'active' });
      await expect(runner.delete(active.id, { branch: true })).rejects.toMatchObject({ code: 'active' });
      expect(await runner.read(second)).toMatchObject({ status: 'completed' });
      await active.cancel();
      await runner.delete(second, { branch: true, responses: true });
      for (const runId of [second, third, active.id]) {
        expect(runner.get(runId)).toBeUndefined();
        expect(await runner.read(runId)).toBeUndefined();
      }
      for (const runId of [first, sibling]) {
        expect(runner.get(runId)).toBeDefined();
        expect(await runner.read(runId)).toMatchObject({ status: 'completed', threadId: first });
      }
      // A repetition finds no run.
      await runner.delete(second, { branch: true });
      await runner.delete(sibling);
      await runner.delete(first);
      expect(await runner.read(first)).toBeUndefined();
    });

    test('rejects unknown options of delete, and deletes nothing', async () => {
      const run = await world.start('say');
      await run.result();
      const options: object = { branches: true };
      await expect(world.runner.delete(run.id, options)).rejects.toMatchObject({ code: 'configuration' });
      expect(await world.runner.read(run.id)).toMatchObject({ status: 'completed' });
    });

    test('shows a finished run that was deleted elsewhere until the run is followed again', async () => {
      const { runner } = world;
      const run = await world.start('say');
      const { view } = await run.result();
      await world.deleteElsewhere(run.id);
      expect(runner.get(run.id)).toBe(run);
      expect(run.view).toBe(view);
      await expect(runner.follow(run.id)).rejects.toMatchObject({ code: 'not_found' });
      expect(runner.get(run.id)).toBeUndefined();
      expect(run.view).toBe(view);
    });

    test('is detached without an effect on the run, and can be followed again', async () => {
      const run = await world.start('ask');
      await until(run, waits);
      const result = run.result();
      result.catch(() => undefined);
      await run.detach({ graceMs: 0 });
      await expect(result).rejects.toMatchObject({ code: 'detached' });
      const again = await world.runner.follow(run.id);
      expect(again.view.status).toBe('requires_action');
      expect(isTerminalRun(again.view.status)).toBe(false);
    });
  });
}

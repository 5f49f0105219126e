import { type AgentRef, defineAgent, memoryStore, type RunEvent, tool } from '@longhaul/core';
import { agentRef, remoteRunner, type RemoteRunnerOptions } from '@longhaul/core/remote';
import { expect, onTestFinished, test } from 'vitest';
import * as z from 'zod';
import { type RunsSite, type SiteOptions, startRunsSite } from './runs-site.ts';

const refund = tool({
  name: 'refund',
  parameters: z.object({ order: z.string() }),
  needsApproval: true,
  execute: ({ order }) => `Refunded ${order}`,
});
const locate = tool({ name: 'locate', parameters: z.object({ precise: z.boolean() }) });
const support = defineAgent({
  name: 'support',
  model: 'gpt-6-astra',
  instructions: 'Be kind.',
  tools: [refund, locate],
});
const supportAgent = agentRef<typeof support>('support');

async function site(options: SiteOptions): Promise<RunsSite> {
  const started = await startRunsSite({ runnerAgents: [support], ...options });
  onTestFinished(() => started[Symbol.asyncDispose]());
  return started;
}

/** A page of a visitor, whose connection can be broken. */
function openPage({ url }: RunsSite, user = 'ann', options: Partial<RemoteRunnerOptions> = {}) {
  let connection = new AbortController();
  let connections = 0;
  const runner = remoteRunner({
    baseURL: url,
    headers: { 'x-user': user },
    fetch: (input, init) => {
      if (!input.includes('/events?')) return fetch(input, init);
      connections += 1;
      connection = new AbortController();
      return fetch(input, {
        ...init,
        signal: AbortSignal.any([connection.signal, init?.signal ?? connection.signal]),
      });
    },
    ...options,
  });
  onTestFinished(() => runner.close({ graceMs: 0 }));
  return {
    runner,
    breakConnection: () => {
      connection.abort();
      // The back-off ends, as when the network is back.
      setTimeout(() => runner.wake(), 1);
    },
    get connections() {
      return connections;
    },
  };
}

const asks = { calls: [{ name: 'refund', arguments: { order: 'A1' } }] };

test('a page starts a run, approves a call and reads the answer', async () => {
  const { runner } = openPage(await site({ script: [asks, { text: 'Done.' }] }));
  const run = runner.start(supportAgent, 'Refund A1');
  const events: RunEvent[] = [];
  const reading = (async () => {
    for await (const event of run.events()) events.push(event);
  })();
  await expect.poll(() => run.view.status).toBe('requires_action');
  const [call] = run.view.toolCalls;
  expect(call).toMatchObject({ name: 'refund', status: 'awaiting_approval', arguments: { order: 'A1' } });
  const callId = call?.callId ?? '';
  await run.approve(callId);
  expect(await run.result()).toMatchObject({ text: 'Done.' });
  await reading;
  expect(JSON.stringify(events)).not.toContain('Be kind.');
  await expect(run.approve(callId)).rejects.toMatchObject({ name: 'DecisionError' });
});

test('a page that opens later resumes the run, and sees its end', async () => {
  const world = await site({ script: [asks, { text: 'Done.' }] });
  const first = openPage(world).runner.start(supportAgent, 'Refund A1');
  const leave = first.subscribe(() => undefined);
  await expect.poll(() => first.view.status).toBe('requires_action');
  leave();
  await first.detach();
  const { runner } = openPage(world);
  expect((await runner.list()).map(({ runId, status }) => [runId, status])).toEqual([
    [first.id, 'requires_action'],
  ]);
  const again = await runner.resume(supportAgent, first.id, { manual: false });
  await again.deny(again.view.toolCalls[0]?.callId ?? '', 'Not now.');
  expect(await again.result()).toMatchObject({ text: 'Done.' });
  expect(again.view.toolCalls[0]).toMatchObject({ status: 'denied', decidedBy: 'ann' });
  await runner.delete(first.id);
  expect(await runner.list()).toEqual([]);
});

test('a run continues a finished one, with or without input', async () => {
  const { runner } = openPage(await site({ script: [{ text: 'One.' }, { text: 'Two.' }] }));
  const first = runner.start(supportAgent, 'Count');
  await first.result();
  const second = runner.start(supportAgent, [], { continueFrom: first.id });
  expect((await second.result()).text).toBe('Two.');
});

test('a page that does not have all runs of a branch forgets those that were deleted, and no others', async () => {
  const world = await site({ script: () => ({ text: 'One.' }) });
  const other = openPage(world).runner;
  for (const [runId, continueFrom] of [
    ['first', undefined],
    ['a', 'first'],
    ['b', 'a'],
    ['c', 'b'],
    ['d', 'c'],
    ['e', 'first'],
    ['f', 'e'],
  ] as const)
    await other.start(supportAgent, 'Count', { runId, continueFrom }).result();
  const { runner } = openPage(world);
  // The page has no `b`, which connects `c` with `a`, and no `e`, which connects `f` with `first`.
  for (const runId of ['a', 'c', 'd', 'f']) await runner.follow(runId);
  await runner.delete('a', { branch: true });
  expect(runner.runs.map(({ id }) => id)).toEqual(['f']);
  expect((await other.list()).map(({ runId }) => runId).toSorted()).toEqual(['e', 'f', 'first']);
});

test('a run of another visitor is not found', async () => {
  const world = await site({ script: [asks] });
  const run = openPage(world).runner.start(supportAgent, 'Refund A1');
  run.subscribe(() => undefined);
  await expect.poll(() => run.view.status).toBe('requires_action');
  const { runner } = openPage(world, 'bob');
  await expect(runner.follow(run.id)).rejects.toMatchObject({ code: 'not_found' });
  await expect(runner.resume(supportAgent, run.id)).rejects.toMatchObject({ code: 'not_found' });
  expect(await runner.read(run.id)).toBeUndefined();
  expect(await runner.list()).toEqual([]);
  const taken = runner.start(supportAgent, 'Mine', { runId: run.id });
  await expect(taken.result()).rejects.toMatchObject({ code: 'conflict' });
});

test('a start that the server refuses fails with the server’s error', async () => {
  const { runner } = openPage(await site({}));
  const other: AgentRef = { name: 'other' };
  const run = runner.start(other, 'Hi');
  await expect(run.result()).rejects.toMatchObject({ name: 'RunFailedError', code: 'invalid_request' });
  expect(run.view.status).toBe('failed');
});

test('cancel ends the run at the server', async () => {
  const { runner } = openPage(await site({ script: [asks] }));
  const run = runner.start(supportAgent, 'Refund A1');
  run.subscribe(() => undefined);
  await expect.poll(() => run.view.status).toBe('requires_action');
  expect(await run.cancel('Enough.')).toMatchObject({ status: 'cancelled' });
});

test('of two pages with the tool, one executes the call that the server leaves to them', async () => {
  const world = await site({
    script: [{ calls: [{ name: 'locate', arguments: { precise: true } }] }, { text: 'In Paris.' }],
  });
  const executed: string[] = [];
  const pageOf = (name: string) =>
    openPage(world, 'ann', {
      tools: [
        tool({
          name: 'locate',
          parameters: z.object({ precise: z.boolean() }),
          execute: () => {
            executed.push(name);
            return { city: 'Paris' };
          },
        }),
      ],
    });
  const run = pageOf('one').runner.start(supportAgent, 'Where am I?');
  const result = run.result();
  const other = pageOf('two').runner;
  await expect.poll(() => world.runner.get(run.id)).toBeDefined();
  const watched = await other.follow(run.id);
  watched.subscribe(() => undefined);
  expect((await result).text).toBe('In Paris.');
  expect(run.view.toolCalls[0]).toMatchObject({ status: 'completed', output: { city: 'Paris' } });
  expect(executed).toHaveLength(1);
});

test('a page is notified when its visitor starts a run elsewhere', async () => {
  const world = await site({});
  const page = openPage(world);
  let calls = 0;
  page.runner.subscribe(() => (calls += 1));
  await expect.poll(() => page.connections).toBe(1);
  await openPage(world).runner.start(supportAgent, 'Hi').result();
  await expect.poll(() => calls).toBeGreaterThan(0);
  expect(await page.runner.list()).toHaveLength(1);
});

test('a page that is disconnected 100 times at random shows the final view, each event once, and no shorter text', async () => {
  const words = Array.from({ length: 300 }, (_one, index) => `word${index}`).join(' ');
  const world = await site({
    script: [{ reasoning: 'Think.', text: words, runMs: 1_500 }],
    store: memoryStore(),
    emulator: { runMs: 1_500 },
  });
  const page = openPage(world);
  const run = page.runner.start(supportAgent, 'Write');
  const seqs: number[] = [];
  const texts: string[] = [];
  run.subscribe(() => texts.push(run.view.text));
  const reading = (async () => {
    for await (const { seq } of run.events()) seqs.push(seq);
  })();
  const breaking = (async () => {
    for (let count = 0; count < 100; count += 1) {
      await new Promise((resolve) => setTimeout(resolve, 25 * Math.random()));
      page.breakConnection();
    }
  })();
  expect((await run.result()).text).toBe(words);
  await Promise.all([reading, breaking]);
  expect(run.view).toEqual(await openPage(world).runner.read(run.id));
  for (const [index, seq] of seqs.entries()) if (index > 0) expect(seq).toBeGreaterThan(seqs[index - 1] ?? 0);
  for (const [index, text] of texts.entries()) expect(text.startsWith(texts[index - 1] ?? '')).toBe(true);
  expect(page.connections).toBeGreaterThan(5);
});

import { memoryStore } from '@longhaul/core';
import { describe, expect, test } from 'vitest';
import { executed } from './scripted-run.ts';
import { awaited, world, type World } from './world.ts';

const everyToolOnce = { search: 1, reserve: 1, book: 1 };
const dayMs = 86_400_000;

/** A run waits for an approval and for an output. Its process died three days ago. */
async function waiting(): Promise<World> {
  const here = world({ people: true });
  const first = here.boot();
  const run = first.runner.start(here.agent, 'Paris?', { runId: 'run-1' });
  await here.until(() => run.view.status === 'requires_action');
  first.die();
  await here.clock.advance(3 * dayMs);
  return here;
}

test('a run that waits for a person holds no claim and sends no request, for days and over restarts', async () => {
  const { agent, boot, until, settle, clock, store, emulator, executions, answer } = world({ people: true });
  // The store has `watch`. Without `watch`, the process would read the store every second, for days.
  const hour = { limits: { runMs: 3_600_000 }, store };
  const run = boot(hour).runner.start(agent, 'Paris?', { runId: 'run-1' });
  await until(() => run.view.status === 'requires_action');
  await clock.advance(0);
  expect(awaited(run)).toEqual(['call_book', 'call_ask']);
  expect(await store.claim?.('run-1', 'another owner', 1)).toBe(true);
  const { length } = emulator.requests;
  const saved = (await store.load('run-1'))?.head.revision;
  await clock.advance(2 * dayMs);
  expect(emulator.requests).toHaveLength(length);
  expect((await store.load('run-1'))?.head.revision).toBe(saved);
  for (let restart = 0; restart < 3; restart += 1) {
    const { runner } = boot(hour);
    const [again] = await settle(runner.resumeAll());
    expect(again?.view.status).toBe('requires_action');
    await clock.advance(dayMs / 2);
    expect(await store.claim?.('run-1', 'another owner', 1)).toBe(true);
    await settle(runner.close());
  }
  expect(emulator.requests).toHaveLength(length);
  // The days of waiting do not count towards the limit of one hour.
  const last = await settle(boot(hour).runner.resume(agent, 'run-1'));
  await settle(
    last.respond([
      { type: 'approve', callId: 'call_book' },
      { type: 'output', callId: 'call_ask', output: 'Nine.' },
    ]),
  );
  expect((await settle(last.result())).text).toBe(answer);
  expect(executed(executions)).toEqual(everyToolOnce);
});

describe('decisions from a new process', () => {
  test('an approval and an output are sent in one create', async () => {
    const { agent, boot, settle, emulator, answer } = await waiting();
    const run = await settle(boot().runner.resume(agent, 'run-1'));
    await settle(run.approve('call_book'));
    expect(run.view.toolCalls.map(({ status }) => status).slice(2)).not.toContain('awaiting_approval');
    await settle(run.submitToolOutput('call_ask', { at: 'nine' }));
    expect((await settle(run.result())).text).toBe(answer);
    const creates = emulator.requests.filter(({ path }) => path.endsWith('/responses'));
    expect(creates).toHaveLength(3);
    expect(creates[2]?.body?.['input']).toEqual([
      { type: 'function_call_output', call_id: 'call_book', output: '{"booked":true}' },
      { type: 'function_call_output', call_id: 'call_ask', output: '{"at":"nine"}' },
    ]);
  });

  test('the reason of a denial is sent to the model, and the tool is not executed', async () => {
    const { agent, boot, settle, emulator, executions } = await waiting();
    const run = await settle(boot().runner.resume(agent, 'run-1'));
    await settle(
      run.respond([
        { type: 'deny', callId: 'call_book', reason: 'Too dear.' },
        { type: 'error', callId: 'call_ask', message: 'The owner does not answer.' },
      ]),
    );
    await settle(run.result());
    expect(executed(executions)).toEqual({ search: 1, reserve: 1 });
    const creates = emulator.requests.filter(({ path }) => path.endsWith('/responses'));
    expect(JSON.stringify(creates[2]?.body?.['input'])).toMatch(/Too dear\..*The owner does not answer\./);
    expect(run.view.toolCalls.slice(2)).toMatchObject([{ status: 'denied' }, { status: 'failed' }]);
  });

  test('respond applies all decisions or none', async () => {
    const { agent, boot, settle, clock, store } = await waiting();
    const run = await settle(boot().runner.resume(agent, 'run-1'));
    const before = (await store.load('run-1'))?.head.revision;
    for (const wrong of [
      { type: 'approve', callId: 'call_ask' },
      { type: 'output', callId: 'call_book', output: 'x' },
      { type: 'approve', callId: 'call_search' },
      { type: 'approve', callId: 'nowhere' },
      { type: 'deny', callId: 'call_book' },
    ] as const) {
      await expect(
        settle(run.respond([{ type: 'approve', callId: 'call_book' }, wrong])),
      ).rejects.toMatchObject({
        name: 'DecisionError',
        code: 'decision',
        callId: wrong.callId,
      });
    }
    await clock.advance(10_000);
    expect(awaited(run)).toEqual(['call_book', 'call_ask']);
    expect((await store.load('run-1'))?.head.revision).toBe(before);
  });

  test('a decision takes effect once, even if another process repeats it', async () => {
    const { agent, boot, settle, executions, answer } = await waiting();
    const [one, other] = [boot(), boot()];
    const mine = await settle(one.runner.resume(agent, 'run-1'));
    const theirs = await settle(other.runner.resume(agent, 'run-1'));
    const both = await settle(Promise.allSettled([mine.approve('call_book'), theirs.approve('call_book')]));
    expect(both.map(({ status }) => status)).toContain('fulfilled');
    await expect(settle(mine.approve('call_book'))).rejects.toMatchObject({ code: 'decision' });
    await settle(theirs.submitToolOutput('call_ask', 'Nine.'));
    expect((await settle(mine.result())).text).toBe(answer);
    expect(executed(executions)).toEqual(everyToolOnce);
  });

  test('a decision applies to the current state of the run, not to the state that this process last saw', async () => {
    const { agent, boot, until, settle, answer } = world({ people: true });
    const first = boot();
    const run = first.runner.start(agent, 'Paris?', { runId: 'run-1' });
    await until(() => run.view.waiting !== null && run.view.iteration === 0);
    await settle(run.detach());
    const other = boot();
    const elsewhere = await settle(other.runner.resume(agent, 'run-1'));
    await until(() => elsewhere.view.status === 'requires_action');
    // The view of this process is still from the time of the detach.
    expect(run.view.status).not.toBe('requires_action');
    await settle(run.approve('call_book'));
    await settle(elsewhere.submitToolOutput('call_ask', 'Nine.'));
    expect((await settle(run.result())).text).toBe(answer);
    expect((await settle(elsewhere.result())).text).toBe(answer);
  });

  test('a decision for a run whose driver died is performed by the process that takes over', async () => {
    const { agent, boot, until, settle, answer, executions } = world({ people: true, runMs: 3_000 });
    // The process dies before it executes the tool that the decision approved.
    const first = boot({}, ({ at, when }, { die }) => {
      if (first.points[at] === 'tool book' && when === 'before') die();
    });
    const run = first.runner.start(agent, 'Paris?', { runId: 'run-1' });
    await until(() => run.view.status === 'requires_action');
    void run.approve('call_book');
    await until(() => first.dead);
    const next = boot();
    const seen = await settle(next.runner.resume(agent, 'run-1'));
    expect(seen.view).toMatchObject({ driver: 'elsewhere' });
    await settle(seen.submitToolOutput('call_ask', 'Nine.'));
    expect((await settle(seen.result())).text).toBe(answer);
    expect(executed(executions)).toEqual({ search: 1, reserve: 1 });
    expect(seen.view.toolCalls[2]).toMatchObject({ name: 'book', status: 'interrupted' });
  });
});

test('calls without approval run while others wait, and `requires_action` follows when no call runs', async () => {
  const { defineAgent, tool } = await import('@longhaul/core');
  const slow = Promise.withResolvers<string>();
  const parameters = { jsonSchema: { type: 'object', properties: {} } };
  const agent = defineAgent({
    name: 'mixed',
    model: 'gpt-6-astra',
    tools: [
      tool({ name: 'slow', parameters, execute: () => slow.promise }),
      tool({ name: 'asked', parameters, needsApproval: true, execute: () => 'done' }),
    ],
  });
  const { boot, until, settle, clock, store } = world({
    agent,
    script: [{ calls: [{ name: 'slow' }, { name: 'asked' }] }, { text: 'Both done.' }],
    openStore: (time) => memoryStore({ clock: time }),
  });
  const run = boot().runner.start(agent.name, 'Go.', { runId: 'run-1' });
  await until(() => run.view.toolCalls[1]?.status === 'awaiting_approval');
  expect(run.view.status).toBe('running_tools');
  // A call runs, so the process still holds the claim.
  await clock.advance(60_000);
  expect(await store.claim?.('run-1', 'another owner', 1)).toBe(false);
  slow.resolve('at last');
  await until(() => run.view.status === 'requires_action');
  await clock.advance(0);
  expect(await store.claim?.('run-1', 'another owner', 1)).toBe(true);
  await settle(run.approve(run.view.toolCalls[1]?.callId ?? ''));
  expect((await settle(run.result())).text).toBe('Both done.');
});

test('a decision is not lost if the driver dies after it received the decision', async () => {
  const { defineAgent, tool } = await import('@longhaul/core');
  const parameters = { jsonSchema: { type: 'object', properties: {} } };
  const agent = defineAgent({
    name: 'mixed',
    model: 'gpt-6-astra',
    tools: [
      tool({
        name: 'endless',
        parameters,
        idempotent: true,
        execute: () => new Promise(() => undefined),
        timeoutMs: 120_000,
      }),
      tool({ name: 'asked', parameters, needsApproval: true, execute: () => 'done' }),
    ],
  });
  for (const others of [1, 2]) {
    const { boot, until, settle } = world({
      agent,
      script: [{ calls: [{ name: 'endless' }, { name: 'asked' }] }, { text: 'Both.' }],
    });
    let deadly = false;
    const first = boot({}, (_moment, { die }) => {
      if (deadly) die();
    });
    const run = first.runner.start(agent.name, 'Go.', { runId: 'run-1' });
    await until(() => run.view.toolCalls[1]?.status === 'awaiting_approval');
    const followers = await settle(
      Promise.all(Array.from({ length: others }, () => boot().runner.resume(agent.name, 'run-1'))),
    );
    // The driver dies at the save that applies the decision, after it received the decision from the inbox.
    deadly = true;
    await settle(followers[0]?.approve(run.view.toolCalls[1]?.callId ?? '') ?? Promise.resolve());
    await until(() => first.dead);
    for (const follower of followers) {
      expect((await settle(follower.result())).view.toolCalls).toMatchObject([
        { status: 'timed_out' },
        { status: 'completed' },
      ]);
    }
  }
});

test('a decision for an earlier iteration has no effect on a later call, even if it names the id of that call', async () => {
  const { defineAgent, tool } = await import('@longhaul/core');
  let ran = 0;
  const parameters = { jsonSchema: { type: 'object', properties: {} } };
  const pay = tool({ name: 'pay', parameters, needsApproval: true, execute: () => `paid ${++ran}` });
  const endless = tool({
    name: 'endless',
    parameters,
    execute: () => new Promise(() => undefined),
    timeoutMs: 60_000,
  });
  const agent = defineAgent({ name: 'payer', model: 'gpt-6-astra', tools: [pay, endless] });
  const call = { name: 'pay', callId: 'call_0' };
  const { boot, until, settle, store, clock } = world({
    agent,
    // Another call runs, so that the process keeps driving and the decision is forwarded to it.
    script: [
      { calls: [call, { name: 'endless' }] },
      { calls: [{ ...call, callId: 'call_1' }] },
      { text: 'Paid.' },
    ],
  });
  const driver = boot();
  const run = driver.runner.start(agent.name, 'Pay.', { runId: 'run-1' });
  await until(() => run.view.toolCalls[0]?.status === 'awaiting_approval');
  const seen = await settle(boot().runner.resume(agent.name, 'run-1'));
  await settle(seen.approve('call_0'));
  await until(() => run.view.iteration === 1 && run.view.status === 'requires_action');
  expect(ran).toBe(1);
  // A message from a process that saw the first iteration.
  await store.post?.('run-1', {
    type: 'decided',
    iteration: 0,
    decisions: [{ type: 'approve', callId: 'call_1' }],
  });
  await clock.advance(60_000);
  expect(run.view.status).toBe('requires_action');
  expect(ran).toBe(1);
  await settle(run.approve('call_1'));
  expect((await settle(run.result())).text).toBe('Paid.');
  expect(ran).toBe(2);
});

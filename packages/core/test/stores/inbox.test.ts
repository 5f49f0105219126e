import { expect, test } from 'vitest';
import { defineAgent } from '../../src/agent/define-agent.ts';
import { tool } from '../../src/agent/tool.ts';
import { fetchClient } from '../../src/client/fetch-client.ts';
import type { Decision } from '../../src/engine/decision.ts';
import { memoryStore } from '../../src/store/memory-store.ts';
import type { RunStore } from '../../src/store/run-store.ts';
import { createEmulator } from '../../src/testing/emulator.ts';
import { manualClock } from '../../src/testing/manual-clock.ts';
import { createRunner } from '../../src/driver/runner/create-runner.ts';

/** Runs with two calls: one waits for an approval, the other keeps the run driven for ten minutes. */
function payers() {
  const clock = manualClock(1_770_000_000_000);
  const parameters = { jsonSchema: { type: 'object', properties: {} } };
  let paid = 0;
  const pay = tool({ name: 'pay', parameters, needsApproval: true, execute: () => `paid ${++paid}` });
  const busy = tool({
    name: 'busy',
    parameters,
    idempotent: true,
    timeoutMs: 600_000,
    execute: () => new Promise(() => undefined),
  });
  const agent = defineAgent({ name: 'payer', model: 'm', tools: [pay, busy] });
  const emulator = createEmulator({
    script: [{ calls: [{ name: 'pay', callId: 'call_pay' }, { name: 'busy' }] }, { text: 'Paid.' }],
    clock,
    queuedMs: 0,
    runMs: 100,
  });
  const client = fetchClient({ baseURL: 'http://api.test/v1', fetch: emulator.fetch });
  const memory = memoryStore({ clock });
  const boot = (store: RunStore) => createRunner({ client, clock, store, agents: [agent], mode: 'poll' });
  return { agent, boot, clock, memory, paid: () => paid };
}

/** The store as another process uses it, without `watch`. */
function silent({ watch: _watch, publish: _publish, ...store }: Required<RunStore>): RunStore {
  return store;
}

const approve = {
  type: 'decided',
  iteration: 0,
  decisions: [{ type: 'approve', callId: 'call_pay' }],
} as const;

function statusOf(view: { readonly toolCalls: readonly { readonly status: string }[] }): string | undefined {
  return view.toolCalls[0]?.status;
}

test('a decision is not lost if the process that posted it and the driver that received it both die', async () => {
  const { agent, boot, clock, memory, paid } = payers();
  let dead = false;
  const never = new Promise<never>(() => undefined);
  const living = <Args extends unknown[], Result>(call: (...args: Args) => Promise<Result>) => {
    return async (...args: Args): Promise<Result> => (dead ? never : call(...args));
  };
  const store = silent(memory);
  const { load, commit, list, delete: remove, claim, release, post } = memory;
  const mortal: RunStore = {
    load: living(load),
    commit: living(commit),
    list,
    delete: remove,
    claim: living(claim),
    release: living(release),
    post,
    receive: living(async (runId) => {
      const received = await memory.receive(runId);
      // The driver dies before the commit that saves the effect of the message.
      dead ||= received.length > 0;
      return received;
    }),
  };
  boot(mortal).start(agent, 'Pay.', { runId: 'run-1' });
  await clock.advance(10_000);
  const sender = boot(store);
  const followed = await sender.resume(agent, 'run-1');
  expect(followed.view.driver).toBe('elsewhere');
  const approved = followed.approve('call_pay').catch((error: unknown) => error);
  await clock.advance(0);
  await sender.close({ graceMs: 0 });
  expect(await approved).toMatchObject({ code: 'detached' });
  await clock.advance(10_000);
  expect([dead, paid()]).toEqual([true, 0]);
  await clock.advance(60_000);
  const next = boot(store);
  const run = await next.resume(agent, 'run-1');
  await clock.advance(60_000);
  expect(statusOf(run.view)).toBe('completed');
  expect(paid()).toBe(1);
  expect(await memory.receive('run-1')).toEqual([]);
});

test('a decision is not performed again if the driver dies after the commit that saves it', async () => {
  const { agent, boot, clock, memory, paid } = payers();
  let dead = false;
  const never = new Promise<never>(() => undefined);
  const store: RunStore = {
    ...silent(memory),
    claim: async (...args) => (dead ? never : memory.claim(...args)),
    renew: async (...args) => (dead ? never : memory.renew(...args)),
    commit: async (change) => {
      if (dead) return never;
      await memory.commit(change);
      if (change.received !== undefined) dead = true;
      return dead ? never : undefined;
    },
  };
  boot(store).start(agent, 'Pay.', { runId: 'run-1' });
  await clock.advance(10_000);
  await memory.post('run-1', { ...approve, id: 'message-1' });
  await clock.advance(60_000);
  expect(dead).toBe(true);
  // The sender does not know of the commit, and posts the decision again.
  await memory.post('run-1', { ...approve, id: 'message-1' });
  const run = await boot(silent(memory)).resume(agent, 'run-1');
  await clock.advance(60_000);
  expect(await memory.receive('run-1')).toEqual([]);
  // The call was saved as started, so it is not executed again (I6).
  expect([statusOf(run.view), paid()]).toEqual(['interrupted', 0]);
  const { head } = run.snapshot();
  expect(head.processedMessages).toMatchObject([{ id: 'message-1', result: 'applied' }]);
});

test('of two simultaneous decisions, the first is performed and the second rejects', async () => {
  const { agent, boot, clock, memory, paid } = payers();
  const run = boot(memory).start(agent, 'Pay.', { runId: 'run-1' });
  await clock.advance(10_000);
  const outcomes = Promise.allSettled([run.approve('call_pay'), run.deny('call_pay')]);
  await clock.advance(10_000);
  expect(await outcomes).toMatchObject([
    { status: 'fulfilled' },
    {
      status: 'rejected',
      reason: {
        name: 'DecisionError',
        callId: 'call_pay',
        message: expect.stringContaining('is decided already ("approve")'),
      },
    },
  ]);
  expect([statusOf(run.view), paid()]).toEqual(['completed', 1]);
});

test('a decision rejects if a message decided the same call before, and the error contains that decision', async () => {
  const { agent, boot, clock, memory, paid } = payers();
  let hold: Promise<void> | undefined;
  const store: RunStore = {
    ...memory,
    commit: async (change) => {
      await hold;
      await memory.commit(change);
    },
  };
  const run = boot(store).start(agent, 'Pay.', { runId: 'run-1' });
  await clock.advance(10_000);
  const opened = Promise.withResolvers<void>();
  hold = opened.promise;
  // The loop receives this message before the decision of this process, and is still saving it.
  await memory.post('run-1', { ...approve, id: 'from elsewhere' });
  await clock.advance(0);
  const denied = run.deny('call_pay').catch((error: unknown) => error);
  opened.resolve();
  await clock.advance(10_000);
  expect(await denied).toMatchObject({
    name: 'DecisionError',
    message: expect.stringContaining('("approve")'),
  });
  expect(paid()).toBe(1);
});

test('a message has no effect if one of its decisions is invalid', async () => {
  const { agent, boot, clock, memory, paid } = payers();
  const run = boot(memory).start(agent, 'Pay.', { runId: 'run-1' });
  await clock.advance(10_000);
  const decisions: Decision[] = [
    { type: 'approve', callId: 'call_pay' },
    { type: 'approve', callId: 'call_none' },
  ];
  await expect(run.respond(decisions)).rejects.toMatchObject({ callId: 'call_none' });
  await memory.post('run-1', {
    type: 'decided',
    iteration: 0,
    decisions: JSON.parse(JSON.stringify(decisions)),
  });
  await clock.advance(10_000);
  expect([statusOf(run.view), paid()]).toEqual(['awaiting_approval', 0]);
  expect(await memory.receive('run-1')).toEqual([]);
});

test('a store that always returns the same messages does not cause repeated commits', async () => {
  const { agent, boot, clock, memory, paid } = payers();
  let commits = 0;
  const store: RunStore = {
    ...memory,
    commit: async (change) => {
      commits += 1;
      await memory.commit({ ...change, received: [] });
    },
  };
  const run = boot(store).start(agent, 'Pay.', { runId: 'run-1' });
  await clock.advance(10_000);
  await memory.post('run-1', 'nonsense');
  await memory.post('run-1', { ...approve, id: 'message-1' });
  await clock.advance(10_000);
  expect([statusOf(run.view), paid()]).toEqual(['completed', 1]);
  const before = commits;
  await clock.advance(300_000);
  expect(commits).toBe(before);
  expect(run.view.warnings).toHaveLength(1);
});

test.each([
  ['messages without ids', [approve]],
  ['messages with numbers as ids', [{ id: 1, message: approve }]],
  ['null as a message', [null]],
])('an error names `receive` if it returns %s', async (_name, received) => {
  const { agent, boot, clock, memory } = payers();
  const store: RunStore = { ...memory, receive: async () => JSON.parse(JSON.stringify(received)) };
  const before = boot(memory);
  before.start(agent, 'Pay.', { runId: 'run-1' });
  await clock.advance(10_000);
  await before.close({ graceMs: 0 });
  const resumed = boot(store)
    .resume(agent, 'run-1')
    .then((run) => run.result())
    .catch((error: unknown) => error);
  await clock.advance(60_000);
  expect(await resumed).toMatchObject({ message: expect.stringContaining('array of { id, message }') });
});

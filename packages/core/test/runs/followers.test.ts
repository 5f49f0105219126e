import { expect, test } from 'vitest';
import * as z from 'zod';
import { scenario, type Scenario } from '../../test-support/scenario.ts';
import { tool } from '../../src/agent/tool.ts';
import { isTerminalRun, type RunView } from '../../src/engine/view/run-view.ts';
import type { RunStore } from '../../src/store/run-store.ts';
import { fieldsOf, type JsonValue } from '../../src/wire/json.ts';

const text = 'The umbrella stays at home, because the sun will shine on Paris all day.';

/** The parts of a view that a follower must show like the driver process. */
function progress({ status, iteration, toolCalls, text: shown }: RunView): unknown {
  return { status, iteration, calls: toolCalls.map(({ callId, status: now }) => [callId, now]), shown };
}

async function until(s: Scenario, condition: () => boolean): Promise<void> {
  for (let steps = 0; !condition(); steps += 1) {
    if (steps > 5_000) throw new Error('The condition does not become true.');
    await s.clock.advance(50);
  }
}

test('a process that drove the run and is detached as a follower does not change the view of other followers', async () => {
  const ask = tool({ name: 'ask', parameters: z.object({}) });
  const s = scenario({
    script: [{ calls: [{ name: 'ask', callId: 'call_1' }] }, { text }],
    tools: [ask],
    emulator: { runMs: 30_000 },
  });
  const run = s.start('Ask me.');
  await until(s, () => run.view.waiting !== null);
  // The first process publishes its events for this follower.
  const third = await s.settle(s.reboot().resume(s.agent, run.id));
  await until(s, () => run.view.status === 'requires_action');
  const second = await s.settle(s.reboot().resume(s.agent, run.id));
  await s.settle(second.submitToolOutput('call_1', 'Now.'));
  await until(s, () => second.view.iteration === 1 && second.view.text.length > 10);
  expect([second, run, third].map(({ view }) => view.driver)).toEqual(['here', 'elsewhere', 'elsewhere']);
  await s.settle(run.detach());
  await s.clock.advance(5_000);
  expect(second.view.text.length).toBeGreaterThan(20);
  expect(progress(third.view)).toEqual(progress(second.view));
});

test('a process that has lost its claim and is detached does not change the view of other followers', async () => {
  const s = scenario({
    script: [{ calls: [{ name: 'get_weather', arguments: { city: 'Paris' } }] }, { text }],
    emulator: { runMs: 60_000 },
    // Otherwise this runner may adopt the run whose claim is lost.
    runner: { agents: [] },
  });
  const { renew: _renew, ...store } = s.store;
  let isLost = false;
  const claim: RunStore['claim'] = async (...args) => !isLost && (await s.store.claim?.(...args)) === true;
  const run = s.reboot({ store: { ...store, claim } }).start(s.agent, 'Umbrella?');
  await until(s, () => run.view.waiting !== null);
  const others = [
    await s.settle(s.reboot().resume(s.agent, run.id)),
    await s.settle(s.reboot().resume(s.agent, run.id)),
  ];
  isLost = true;
  await until(s, () => run.view.driver === 'elsewhere');
  await until(s, () => others.some(({ view }) => view.iteration === 1 && view.text.length > 10));
  await s.clock.advance(100);
  const views = (): unknown[] => others.map(({ view }) => progress(view));
  expect(others.map(({ view }) => view.driver).toSorted()).toEqual(['elsewhere', 'here']);
  expect(views()[0]).toEqual(views()[1]);
  await s.settle(run.detach());
  await s.clock.advance(5_000);
  expect(views()[0]).toEqual(views()[1]);
});

interface Message {
  readonly type?: JsonValue | undefined;
  readonly events: readonly { readonly type: string }[];
}

/** A driver and a follower of a run. The first message that `isLost` selects does not reach the follower. */
async function lossy(isLost: (message: Message) => boolean, mode: 'stream' | 'poll' = 'stream') {
  const s = scenario({
    script: [{ calls: [{ name: 'get_weather', arguments: { city: 'Paris' } }] }, { text }],
    emulator: { runMs: 30_000 },
  });
  let lost = 0;
  let views = 0;
  const publish: RunStore['publish'] = (runId, message) => {
    const { type, events = [] } = fieldsOf(message);
    const published: Message = { type, events: JSON.parse(JSON.stringify(events)) };
    if (published.events.some((event) => event.type === 'view')) views += 1;
    if (lost === 0 && isLost(published)) lost += 1;
    else s.store.publish?.(runId, message);
  };
  const store = { ...s.store, publish };
  const run = s.reboot({ store, mode }).start(s.agent, 'Umbrella?');
  await until(s, () => run.view.waiting !== null);
  const follower = await s.settle(s.reboot({ store, mode }).resume(s.agent, run.id));
  return { ...s, run, follower, s, lost: () => lost, views: () => views };
}

const has =
  (type: string) =>
  (message: Message): boolean =>
    message.events.some((event) => event.type === type);

test('a follower that receives all messages of its driver receives one view, and then only events', async () => {
  const { s, run, follower, views } = await lossy(() => false);
  while (!isTerminalRun(run.view.status)) {
    await s.clock.advance(500);
    const { text: shown } = follower.view;
    // The driver collects text for a short time before it publishes the text, so the follower may have less.
    expect(progress({ ...run.view, text: run.view.text.slice(0, shown.length) })).toEqual(
      progress(follower.view),
    );
  }
  expect(follower.view.text).toBe(text);
  expect(views()).toBe(1);
});

test.each(['tool.settled', 'iteration.started', 'text.delta'])(
  'a follower that misses a message with %s asks for the view',
  async (type) => {
    const { s, run, follower, lost } = await lossy(has(type));
    await until(s, () => run.view.iteration === 1 && run.view.text.length > 20);
    await s.clock.advance(100);
    expect(lost()).toBe(1);
    expect(progress(follower.view)).toEqual(progress(run.view));
  },
);

test('a follower that misses the last message for a long time shows the save after its next query of the store', async () => {
  const { s, run, follower, lost } = await lossy(has('iteration.started'), 'poll');
  await until(s, () => run.view.iteration === 1);
  await s.clock.advance(16_000);
  expect(lost()).toBe(1);
  expect(progress(follower.view)).toEqual(progress(run.view));
});

test('a follower whose hello, or the answer to it, is lost asks again', async () => {
  for (const isLost of [({ type }: Message) => type === 'hello', has('view')]) {
    const { s, run, follower, lost } = await lossy(isLost);
    await until(s, () => run.view.iteration === 1 && run.view.text.length > 20);
    await s.clock.advance(100);
    expect(lost()).toBe(1);
    expect(progress(follower.view)).toEqual(progress(run.view));
  }
});

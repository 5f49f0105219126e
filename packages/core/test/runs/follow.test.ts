import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { scenario, type Scenario } from '../../test-support/scenario.ts';
import { tool } from '../../src/agent/tool.ts';
import type { DrivenRun } from '../../src/run/driving-runner.ts';
import type { RunStore } from '../../src/store/run-store.ts';

const text = 'The umbrella stays at home, because the sun will shine on Paris all day.';

async function until(s: Scenario, condition: () => boolean): Promise<void> {
  for (let steps = 0; !condition(); steps += 1) {
    if (steps > 5_000) throw new Error('The condition does not become true.');
    await s.clock.advance(50);
  }
}

/** The model asks for an approval, then answers for 30 s. The runner of the scenario has no agents. */
function approving() {
  const paid: string[] = [];
  const pay = tool({
    name: 'pay',
    parameters: z.object({}),
    needsApproval: true,
    execute: () => void paid.push('paid'),
  });
  const script = [{ calls: [{ name: 'pay', callId: 'call_1' }] }, { text }];
  const options = { script, tools: [pay], emulator: { runMs: 30_000 }, runner: { agents: [] } };
  return { ...scenario(options), paid };
}

/** Counts the store's calls by name. */
function counted(store: RunStore) {
  const calls: string[] = [];
  const counting = new Proxy(store, {
    get: (target, name, receiver) => {
      const own: unknown = Reflect.get(target, name, receiver);
      if (typeof own !== 'function') return own;
      return (...args: unknown[]) => {
        calls.push(String(name));
        return Reflect.apply(own, target, args);
      };
    },
  });
  return { store: counting, calls };
}

describe('a followed run', () => {
  test('is shown with its live text, and is never claimed, even after its process has released it', async () => {
    const s = scenario({ script: [{ text }], emulator: { runMs: 30_000 }, runner: { agents: [] } });
    const run = s.start();
    await until(s, () => run.view.text.length > 10);
    const { store, calls } = counted(s.store);
    const followed = await s.settle(s.reboot({ store }).follow(run.id));
    expect(followed.view).toMatchObject({ driver: 'elsewhere', status: 'in_progress' });
    await until(s, () => followed.view.text.length > 20);
    await s.settle(s.runner.close());
    await until(s, () => followed.view.driver === 'none');
    await s.clock.advance(120_000);
    expect(followed.view).toMatchObject({ driver: 'none', status: 'in_progress' });
    expect(calls).not.toContain('claim');
    expect(calls).not.toContain('commit');
  });

  test('has the numbers of its driver, in both processes', async () => {
    const s = scenario({ script: [{ text }], emulator: { runMs: 30_000 }, runner: { agents: [] } });
    const saves: unknown[] = [];
    const commit: RunStore['commit'] = (change) => {
      saves.push(change.head.seq);
      return s.store.commit(change);
    };
    const run = s.reboot({ store: { ...s.store, commit } }).start(s.agent, 'Umbrella?');
    await s.clock.advance(1_000);
    const followed = await s.settle(s.reboot().follow(run.id));
    const here: [number, string][] = [];
    const there: [number, string][] = [];
    const read = async (from: DrivenRun, into: [number, string][]): Promise<void> => {
      for await (const { seq, type } of from.events()) into.push([seq, type]);
    };
    const reading = [read(run, here), read(followed, there)];
    await s.settle(run.result());
    await s.settle(Promise.all(reading));
    const known = new Map(here);
    const relayed = there.filter(([, type]) => type !== 'view' && type !== 'text.delta');
    expect(relayed.length).toBeGreaterThan(3);
    for (const [seq, type] of relayed) expect(known.get(seq)).toBe(type);
    // No event continues a save, which lacks text, so a save does not have the number of an event.
    expect(saves.length).toBeGreaterThan(2);
    for (const seq of saves) expect([...known.keys()]).not.toContain(seq);
    const numbers = there.map(([seq]) => seq);
    expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
    expect(followed.view).toEqual(run.view);
    expect(followed.seq).toBeGreaterThanOrEqual(run.seq);
  });

  test('shows which process drives it while it waits for a person, and after the decision', async () => {
    const s = approving();
    const driver = s.reboot({ agents: [s.agent] });
    const run = driver.start(s.agent, 'Pay', { runId: 'r' });
    const watching = s.reboot();
    await s.clock.advance(1_000);
    const followed = await s.settle(watching.follow('r'));
    expect(followed.view.driver).toBe('elsewhere');
    await until(s, () => run.view.status === 'requires_action');
    await until(s, () => followed.view.driver === 'none');
    await s.settle(followed.approve('call_1'));
    expect(s.paid).toEqual(['paid']);
    await until(s, () => followed.view.driver === 'elsewhere');
  });

  test('that rests in no process receives the live text that follows the decision', async () => {
    const s = approving();
    const driver = s.reboot({ agents: [s.agent] });
    driver.start(s.agent, 'Pay', { runId: 'r' });
    await s.clock.advance(40_000);
    await s.settle(driver.close());
    const followed = await s.settle(s.reboot().follow('r'));
    expect(followed.view).toMatchObject({ status: 'requires_action', driver: 'none' });
    await s.clock.advance(300_000);
    s.reboot({ agents: [s.agent] });
    await s.settle(followed.approve('call_1'));
    await until(s, () => followed.view.iteration === 1 && followed.view.text.length > 5);
    const { length } = followed.view.text;
    await s.clock.advance(2_000);
    expect(followed.view.text.length).toBeGreaterThan(length);
  });

  test('that rests in its process for long receives the live text that follows the decision', async () => {
    const s = approving();
    const driver = s.reboot({ agents: [s.agent] });
    const run = driver.start(s.agent, 'Pay', { runId: 'r' });
    await s.clock.advance(100);
    const followed = await s.settle(s.reboot().follow('r'));
    await until(s, () => run.view.status === 'requires_action');
    await s.clock.advance(600_000);
    await s.settle(run.approve('call_1'));
    await until(s, () => run.view.iteration === 1 && run.view.text.length > 5);
    await s.clock.advance(1_000);
    expect(followed.view.text.length).toBeGreaterThan(5);
  });

  test('is the run itself in the runner that drives it', async () => {
    const s = scenario();
    const run = s.start('Umbrella?', { runId: 'r' });
    expect(await s.settle(s.runner.follow('r'))).toBe(run);
    s.runner.unfollow('r');
    await s.clock.advance(60_000);
    expect(run.view.status).toBe('completed');
  });

  test('is driven after `resume`, by the same handle', async () => {
    const s = approving();
    s.start('Pay', { runId: 'r' });
    await s.clock.advance(1_000);
    await s.settle(s.runner.close());
    const runner = s.reboot();
    const followed = await s.settle(runner.follow('r'));
    expect(followed.view.driver).toBe('none');
    expect(await s.settle(runner.resume(s.agent, 'r'))).toBe(followed);
    expect(followed.view.driver).toBe('here');
  });

  test('is forgotten after the last `unfollow`, and publishes and asks nothing then', async () => {
    const s = scenario({ script: [{ text }], emulator: { runMs: 30_000 }, runner: { agents: [] } });
    const run = s.start();
    await s.clock.advance(3_000);
    const { store, calls } = counted(s.store);
    const runner = s.reboot({ store });
    for (let user = 0; user < 2; user += 1) await s.settle(runner.follow(run.id));
    runner.unfollow(run.id);
    await s.clock.advance(1_000);
    expect(runner.get(run.id)?.view.driver).toBe('elsewhere');
    runner.unfollow(run.id);
    await s.clock.advance(1_000);
    expect(runner.runs).toEqual([]);
    calls.length = 0;
    await s.clock.advance(20_000);
    expect(calls).toEqual([]);
  });

  test('stays followed for a user who asks for it while another user leaves', async () => {
    const s = scenario({ script: [{ text }], emulator: { runMs: 30_000 }, runner: { agents: [] } });
    const run = s.start();
    await s.clock.advance(1_000);
    const runner = s.reboot();
    await s.settle(runner.follow(run.id));
    const second = runner.follow(run.id);
    runner.unfollow(run.id);
    const followed = await s.settle(second);
    await s.clock.advance(1_000);
    expect(runner.get(run.id)).toBe(followed);
    expect(followed.view.driver).toBe('elsewhere');
    runner.unfollow(run.id);
    await s.clock.advance(1_000);
    expect(runner.runs).toEqual([]);
  });

  test('that has ended is read again, so that its deletion by another process is noticed', async () => {
    const s = scenario();
    const run = s.start('Umbrella?', { runId: 'r' });
    await s.settle(run.result());
    const runner = s.reboot();
    expect((await s.settle(runner.follow('r'))).view).toEqual(run.view);
    await s.runner.delete('r');
    expect(await s.rejection(runner.follow('r'))).toMatchObject({ code: 'not_found' });
    expect(await s.rejection(runner.follow('other'))).toMatchObject({ code: 'not_found' });
  });
});

test('the driver publishes nothing without followers, and stops when the last one is gone', async () => {
  const s = scenario({ script: [{ text }], emulator: { runMs: 120_000 }, runner: { agents: [] } });
  const { store, calls } = counted(s.store);
  const run = s.reboot({ store }).start(s.agent, 'Umbrella?');
  await until(s, () => run.view.text.length > 5);
  expect(calls).not.toContain('publish');
  const runner = s.reboot();
  const followed = await s.settle(runner.follow(run.id));
  await until(s, () => followed.view.text.length > 10);
  await s.clock.advance(40_000);
  const { length } = followed.view.text;
  expect(length).toBeGreaterThan(15);
  expect(run.view.text.startsWith(followed.view.text.slice(0, 10))).toBe(true);
  runner.unfollow(run.id);
  await s.clock.advance(31_000);
  calls.length = 0;
  await s.clock.advance(10_000);
  expect(run.view.status).toBe('in_progress');
  expect(calls).not.toContain('publish');
});

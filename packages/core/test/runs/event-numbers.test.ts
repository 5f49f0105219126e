import { describe, expect, test } from 'vitest';
import { scenario, type Scenario } from '../../test-support/scenario.ts';
import { isTerminalRun } from '../../src/engine/view/run-view.ts';
import type { RunEvent } from '../../src/engine/view/run-event.ts';
import type { Run } from '../../src/run/run.ts';
import type { RunHead, RunSnapshot, RunStore } from '../../src/store/run-store.ts';

/** Collects events as they are emitted: all that this process has, or those after a number. */
function eventsFrom(run: Run, after?: number): readonly RunEvent[] {
  const events: RunEvent[] = [];
  void (async () => {
    for await (const event of run.events(after === undefined ? {} : { after })) events.push(event);
  })();
  return events;
}

async function started(s: Scenario): Promise<void> {
  s.start('Umbrella?', { runId: 'r' });
  await s.clock.advance(3_000);
  await s.settle(s.runner.close());
}

describe('the numbers of events', () => {
  test('are not shared with a process that dies before its first save', async () => {
    const s = scenario({ runner: { agents: [] } });
    await started(s);
    let isDead = false;
    const commit: RunStore['commit'] = (change) =>
      isDead ? new Promise(() => undefined) : s.store.commit(change);
    // The process has the claim, shows the run as driven here, and is asked for its view.
    isDead = true;
    const dying = s.reboot({ store: { ...s.store, commit } });
    const first = await s.settle(dying.follow('r'));
    const shown = eventsFrom(first);
    void dying.resume(s.agent, 'r').catch(() => undefined);
    await s.clock.advance(100);
    expect(first.view.driver).toBe('here');
    s.store.publish?.('r', { type: 'hello' });
    await s.clock.advance(100);
    void dying.close({ graceMs: 0 });
    await s.clock.advance(60_000);

    const second = await s.settle(s.reboot().resume(s.agent, 'r'));
    const later = eventsFrom(second);
    await s.settle(second.done());
    const used = new Set(shown.map(({ seq }) => seq));
    expect(later.length).toBeGreaterThan(5);
    for (const { seq } of later) expect(used).not.toContain(seq);
    expect(Math.max(...used)).toBeLessThan(Math.min(...later.map(({ seq }) => seq)));
  });

  test('begin with the view, after the first save of a process that continues the run', async () => {
    const s = scenario({ runner: { agents: [] } });
    await started(s);
    const { promise: saved, resolve: save } = Promise.withResolvers<void>();
    const commit: RunStore['commit'] = async (change) => {
      await saved;
      return s.store.commit(change);
    };
    const runner = s.reboot({ store: { ...s.store, commit } });
    const run = await s.settle(runner.follow('r'));
    const events = eventsFrom(run, run.seq);
    const { seq } = run;
    void runner.resume(s.agent, 'r');
    await s.clock.advance(1_000);
    expect(run.view.driver).toBe('here');
    expect([run.seq, events]).toEqual([seq, []]);
    save();
    await s.settle(run.done());
    expect(events.slice(0, 2).map(({ type }) => type)).toEqual(['view', 'run.resumed']);
    expect(events.at(-1)?.seq).toBe(run.seq);
  });

  test.each([
    ['no number', ({ seq: _seq, ...head }: RunHead): RunHead => head],
    ['the number of an earlier epoch', (head: RunHead): RunHead => ({ ...head, seq: 1 })],
  ])('grow for a follower of an older version, which saves %s', async (_, older) => {
    const s = scenario({ runner: { agents: [], mode: 'poll' } });
    const commit: RunStore['commit'] = (change) => s.store.commit({ ...change, head: older(change.head) });
    const { publish: _publish, ...store } = s.store;
    await started(s);
    const driver = s.reboot({ store: { ...store, commit } });
    const driven = await s.settle(driver.resume(s.agent, 'r'));
    const load = async (runId: string): Promise<RunSnapshot | undefined> => s.store.load(runId);
    const follower = await s.settle(s.reboot({ store: { ...store, load } }).follow('r'));
    const events = eventsFrom(follower, follower.seq);
    await s.settle(driven.done());
    await s.clock.advance(1_000);
    expect(isTerminalRun(follower.view.status)).toBe(true);
    expect(events.length).toBeGreaterThan(3);
    const last = events.at(-1);
    expect(last).toMatchObject({ type: 'view', view: { status: 'completed' }, seq: follower.seq });
    const numbers = events.map(({ seq }) => seq);
    expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
  });
});

describe('the answer to a hello', () => {
  async function untilStreaming(s: Scenario, run: Run): Promise<void> {
    for (let steps = 0; run.view.text.length < 5; steps += 1) {
      if (steps > 1_000) throw new Error('The run does not stream.');
      await s.clock.advance(100);
    }
  }
  const script = [{ text: 'The sun shines on Paris, and the umbrella stays at home all day long.' }];

  test('does not send the whole view to the readers of other followers', async () => {
    const s = scenario({ script, emulator: { runMs: 60_000 } });
    const run = s.start('Umbrella?', { runId: 'r' });
    await untilStreaming(s, run);
    const follower = await s.settle(s.reboot().follow('r'));
    await s.clock.advance(500);
    const events = eventsFrom(follower, follower.seq);
    const { seq } = follower;
    const others = await s.settle(Promise.all([1, 2, 3].map(() => s.reboot().follow('r'))));
    await s.clock.advance(10_000);
    expect(events.filter((event) => event.type === 'view')).toEqual([]);
    expect(follower.seq).toBeGreaterThan(seq);
    for (const { view } of [follower, ...others]) expect(run.view.text.startsWith(view.text)).toBe(true);
    await s.settle(run.done());
    await s.clock.advance(1_000);
    for (const { view } of [follower, ...others]) expect(view.text).toBe(script[0]?.text);
  });

  test('serves all followers that ask within a short time', async () => {
    const s = scenario({ script, emulator: { runMs: 60_000 } });
    let views = 0;
    const publish: RunStore['publish'] = (runId, message) => {
      if (JSON.stringify(message).includes('"type":"view"')) views += 1;
      s.store.publish?.(runId, message);
    };
    const store = { ...s.store, publish };
    const run = s.reboot({ store }).start(s.agent, 'Umbrella?', { runId: 'r' });
    await untilStreaming(s, run);
    const others = await s.settle(Promise.all(Array.from({ length: 20 }, () => s.reboot().follow('r'))));
    await s.clock.advance(1_000);
    expect(views).toBeGreaterThan(0);
    expect(views).toBeLessThanOrEqual(2);
    for (const { view } of others) expect(view.text.length).toBeGreaterThan(0);
    expect(run.view.text.length).toBeGreaterThan(0);
  });
});

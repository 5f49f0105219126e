import { expect, test } from 'vitest';
import * as z from 'zod';
import { tool } from '../../src/agent/tool.ts';
import type { Run } from '../../src/run/run.ts';
import type { RunStore } from '../../src/store/run-store.ts';
import { scenario, type Scenario } from '../../test-support/scenario.ts';

/** The time between two queries of a store without notices, in milliseconds. */
const lookEveryMs = 1_000;
const ids = { runId: 'r' };

function withApproval(): Scenario & { readonly booked: string[] } {
  const booked: string[] = [];
  const book = tool({
    name: 'book',
    parameters: z.object({ place: z.string() }),
    needsApproval: true,
    execute: ({ place }) => void booked.push(place),
  });
  const script = [
    { calls: [{ name: 'book', arguments: { place: 'Rome' }, callId: 'c1' }] },
    { text: 'Booked.' },
  ];
  return { ...scenario({ script, tools: [book], emulator: { queuedMs: 100, runMs: 200 } }), booked };
}

/** A store whose processes are not notified of changes. */
function silent({ watch: _watch, publish: _publish, ...store }: RunStore): RunStore {
  return store;
}

async function untilWaiting({ clock }: Scenario, run: Run): Promise<void> {
  while (run.view.status !== 'requires_action') await clock.advance(100);
}

test('a run that ended elsewhere and was deleted does not execute its tools again when it is resumed by its id', async () => {
  const s = scenario();
  const run = s.start('Umbrella?', ids);
  await s.clock.advance(3_000);
  await s.settle(run.detach());
  const other = s.reboot();
  await s.settle((await s.settle(other.resume(s.agent, 'r'))).result());
  await s.settle(other.delete('r'));
  expect(await s.rejection(s.runner.resume(s.agent, 'r'))).toMatchObject({
    message: 'resume: there is no run "r" in the store.',
  });
  await s.clock.advance(120_000);
  expect(s.executed).toEqual(['Paris']);
  expect(s.runner.get('r')).toBeUndefined();
});

test('a deleted run is imported again by a resume from its snapshot', async () => {
  const s = scenario();
  const run = s.start('Umbrella?', ids);
  await s.clock.advance(3_000);
  await s.settle(run.detach());
  await s.store.delete('r');
  const again = await s.settle(s.runner.resume(s.agent, run.snapshot()));
  expect(await s.settle(again.result())).toMatchObject({ text: 'Leave the umbrella at home.' });
  expect(await s.store.load('r')).toMatchObject({ head: { status: 'completed' } });
});

test('a run that waits for a person here and was deleted elsewhere is not imported by a resume with another context', async () => {
  const s = withApproval();
  const here = s.reboot({ store: silent(s.store) });
  const run = here.start(s.agent, 'Rome', ids);
  await untilWaiting(s, run);
  await s.clock.advance(5 * lookEveryMs);
  const other = s.reboot();
  await s.settle((await s.settle(other.resume(s.agent, 'r'))).cancel());
  await s.settle(other.delete('r'));
  await s.rejection(here.resume(s.agent, 'r', { context: 'another' }));
  await s.clock.advance(60_000);
  expect(await s.store.load('r')).toBeUndefined();
});

test('a decision for a deleted run does not reach a later run with its id and revision', async () => {
  const s = withApproval();
  const here = s.reboot({ store: { ...s.store, watch: () => () => undefined } });
  const run = here.start(s.agent, 'old', ids);
  await untilWaiting(s, run);
  await s.clock.advance(5_000);
  await s.store.delete('r');
  const later = s.reboot({ store: s.store }).start(s.agent, 'new', ids);
  await untilWaiting(s, later);
  const before = await s.store.load('r');
  expect(before?.head.revision).toBe(run.snapshot().head.revision);
  expect(await s.rejection(run.approve('c1'))).toMatchObject({ code: 'not_found' });
  await s.clock.advance(60_000);
  expect(await s.store.load('r')).toEqual(before);
  expect(s.booked).toEqual([]);
});

test.each(['later', 'no'])(
  'a run that waits for a person and was deleted ends with not_found, and calls the store no longer (%s run has its id)',
  async (which) => {
    const s = withApproval();
    const calls: string[] = [];
    const store = new Proxy(silent(s.store), {
      get: (target, name, receiver) => {
        calls.push(String(name));
        return Reflect.get(target, name, receiver);
      },
    });
    const here = s.reboot({ store });
    const run = here.start(s.agent, 'old', ids);
    await untilWaiting(s, run);
    await s.clock.advance(5 * lookEveryMs);
    await s.store.delete('r');
    // The later run reaches the same revision before the next query.
    const later = which === 'no' ? undefined : s.reboot().start(s.agent, 'new', ids);
    expect(await s.rejection(run.result())).toMatchObject({ code: 'not_found' });
    await s.clock.advance(60_000);
    calls.length = 0;
    await s.clock.advance(60_000);
    // The runner looks for runs that no process drives, of any id.
    expect(calls.filter((name) => name !== 'undriven')).toEqual([]);
    if (later === undefined) return;
    const again = await s.settle(here.resume(s.agent, 'r'));
    expect(again.view.createdAt).toBe(later.view.createdAt);
  },
);

test('a run that was detached here and ended elsewhere can be deleted here', async () => {
  const s = scenario();
  const run = s.start('Umbrella?', ids);
  await s.clock.advance(3_000);
  await s.settle(run.detach());
  await s.settle((await s.settle(s.reboot().resume(s.agent, 'r'))).result());
  await s.settle(s.runner.delete('r'));
  expect(await s.store.load('r')).toBeUndefined();
  expect(s.runner.get('r')).toBeUndefined();
});

test('delete rejects a run that was detached here and is still driven elsewhere', async () => {
  const s = scenario();
  const run = s.start('Umbrella?', ids);
  await s.clock.advance(3_000);
  await s.settle(run.detach());
  await s.settle(s.reboot().resume(s.agent, 'r'));
  expect(await s.rejection(s.runner.delete('r'))).toMatchObject({ code: 'run_active' });
});

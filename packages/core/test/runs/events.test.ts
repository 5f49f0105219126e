import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { eventsOf, scenario, weatherScript } from '../../test-support/scenario.ts';
import { tool } from '../../src/agent/tool.ts';
import { applyEvent } from '../../src/engine/view/apply-event.ts';
import { emptyView } from '../../src/engine/view/empty-view.ts';
import type { RunEvent } from '../../src/engine/view/run-event.ts';
import type { Run } from '../../src/run/run.ts';

/** Collects events as they are emitted. */
function following(run: Run, after?: number): { readonly events: RunEvent[]; readonly ended: Promise<void> } {
  const events: RunEvent[] = [];
  const ended = (async () => {
    for await (const event of run.events(after === undefined ? {} : { after })) events.push(event);
  })();
  return { events, ended };
}

const typesOf = (events: readonly RunEvent[]): readonly string[] =>
  events.map(({ type }) => type).filter((type, index, all) => type !== all[index - 1]);

describe('the events of a run', () => {
  test('have all expected types, in order, in poll mode', async () => {
    const s = scenario({ runner: { mode: 'poll' } });
    const run = s.start();
    await s.settle(run.result());
    const types = typesOf((await eventsOf(run)).filter(({ type }) => type !== 'run.status'));
    const iteration = [
      'iteration.started',
      'response.status',
      'poll',
      'response.status',
      'poll',
      'item.done',
      'iteration.completed',
    ];
    expect(types).toEqual([
      'run.started',
      ...iteration,
      'tool.started',
      'tool.settled',
      ...iteration,
      'run.ended',
    ]);
  });

  test('include connections, drops, items and text deltas in stream mode, and no polls', async () => {
    const s = scenario({
      runner: { mode: 'stream' },
      faults: [{ fault: 'drop-after-event', n: 8, iteration: 1 }],
    });
    const run = s.start();
    await s.settle(run.result());
    const types = new Set((await eventsOf(run)).map(({ type }) => type));
    for (const type of ['stream.connected', 'stream.dropped', 'text.delta', 'item.added', 'item.done']) {
      expect(types).toContain(type);
    }
    expect(types).not.toContain('poll');
  });

  test('report decisions, progress and warnings', async () => {
    const book = tool({
      name: 'get_weather',
      parameters: z.object({ city: z.string() }),
      needsApproval: true,
      execute: (_args, { progress }) => {
        progress('half');
        return 'ok';
      },
    });
    const s = scenario({ tools: [book], faults: [{ fault: 'reset', iteration: 1 }] });
    const run = s.start();
    await s.clock.advance(60_000);
    await run.approve('call_1');
    await s.settle(run.result());
    const events = await eventsOf(run);
    expect(events.find(({ type }) => type === 'decision.needed')).toMatchObject({
      callId: 'call_1',
      name: 'get_weather',
      kind: 'approval',
      arguments: { city: 'Paris' },
    });
    expect(events.find(({ type }) => type === 'decision.made')).toMatchObject({
      callId: 'call_1',
      decision: 'approve',
    });
    expect(events.find(({ type }) => type === 'tool.progress')).toMatchObject({ progress: 'half' });
    expect(events.find(({ type }) => type === 'warning')).toMatchObject({ code: 'unknown_create' });
  });

  test('contain the sent request of each iteration', async () => {
    const s = scenario();
    const run = s.start();
    await s.settle(run.result());
    const requests = (await eventsOf(run)).flatMap((event) =>
      event.type === 'iteration.started' ? [event.request] : [],
    );
    expect(requests).toEqual(s.creates());
  });

  test('have rising numbers and times, and are plain JSON', async () => {
    const s = scenario({ runner: { mode: 'stream' } });
    const run = s.start();
    await s.settle(run.result());
    const events = await eventsOf(run);
    for (const [index, event] of events.entries()) {
      expect(event.seq).toBeGreaterThan(events[index - 1]?.seq ?? 0);
      expect(event.at).toBeGreaterThanOrEqual(events[index - 1]?.at ?? 0);
      expect(JSON.parse(JSON.stringify(event))).toEqual(event);
    }
  });

  test('end when the run is finished or this process stops driving it', async () => {
    const s = scenario();
    const run = s.start();
    const { ended, events } = following(run);
    await s.clock.advance(5_000);
    await run.detach();
    await s.settle(ended);
    expect(events.at(-1)).toMatchObject({ type: 'run.driver', driver: 'none' });
    const resumed = await s.reboot().resume(s.agent, run.id);
    const again = following(resumed);
    await s.settle(resumed.result());
    await s.settle(again.ended);
    expect(again.events.at(-1)).toMatchObject({ type: 'run.ended', status: 'completed' });
  });

  test('keep rising numbers across processes', async () => {
    const s = scenario();
    const run = s.start();
    const before = following(run);
    await s.clock.advance(5_000);
    await run.detach();
    await s.settle(before.ended);
    const resumed = await s.reboot().resume(s.agent, run.id);
    const last = before.events.at(-1)?.seq ?? 0;
    const after = following(resumed, last);
    await s.settle(resumed.result());
    await s.settle(after.ended);
    expect(after.events.every(({ seq }) => seq > last)).toBe(true);
    // This process does not have the events of the other one; a view replaces them.
    expect(after.events[0]).toMatchObject({ type: 'view', view: { runId: run.id } });
  });
});

describe.each(['poll', 'stream'] as const)(
  'applying the events to the empty view produces the run’s view, mode %s',
  (mode) => {
    test('after each second, and at the end', async () => {
      const s = scenario({
        script: [
          { reasoning: 'Hm.', text: 'Let me look.', calls: weatherScript[0]?.calls ?? [] },
          { text: 'Leave it at home.' },
        ],
        runner: { mode },
        faults: [
          { fault: 'fail', iteration: 0 },
          { fault: 'drop-after-event', n: 9, iteration: 1 },
          { fault: 'azure-loses-calls' },
        ],
      });
      const run = s.start();
      const { events, ended } = following(run);
      const fold = () => events.reduce(applyEvent, emptyView);
      for (let second = 0; second < 40 && run.view.status !== 'completed'; second += 1) {
        await s.clock.advance(1_000);
        expect(fold()).toEqual(run.view);
      }
      await s.settle(ended);
      expect(fold()).toEqual(run.view);
      expect(run.view.status).toBe('completed');
    });

    test('after the events were sent as JSON', async () => {
      const s = scenario({ runner: { mode } });
      const run = s.start();
      await s.settle(run.result());
      const sent: RunEvent[] = JSON.parse(JSON.stringify(await eventsOf(run)));
      expect(sent.reduce(applyEvent, emptyView)).toEqual(run.view);
    });
  },
);

describe('a late listener', () => {
  test('receives the buffered events', async () => {
    const s = scenario();
    const run = s.start();
    const early = following(run);
    await s.settle(run.result());
    await s.settle(early.ended);
    const late = await eventsOf(run);
    expect(late.reduce(applyEvent, emptyView)).toEqual(run.view);
    expect(late[0]?.type).toBe('run.started');
  });

  test('receives only events with numbers above `after`', async () => {
    const s = scenario({ runner: { mode: 'poll' } });
    const run = s.start();
    await s.settle(run.result());
    const all = await eventsOf(run);
    const cut = all[3]?.seq ?? 0;
    const { events, ended } = following(run, cut);
    await s.settle(ended);
    expect(events).toEqual(all.slice(4));
    const none = following(run, all.at(-1)?.seq ?? 0);
    await s.settle(none.ended);
    expect(none.events).toEqual([]);
  });

  test('receives unread deltas as one event', async () => {
    const s = scenario({
      script: [{ text: 'One two three four five six seven eight nine ten.' }],
      runner: { mode: 'stream' },
    });
    const run = s.start();
    await s.settle(run.result());
    const deltas = (await eventsOf(run)).filter(({ type }) => type === 'text.delta');
    expect(deltas).toHaveLength(1);
    expect(deltas[0]).toMatchObject({ delta: 'One two three four five six seven eight nine ten.' });
  });

  test('receives the view in place of events that are no longer buffered', async () => {
    let report: (value: number) => void = () => undefined;
    let finish: (value: string) => void = () => undefined;
    const slow = tool({
      name: 'get_weather',
      parameters: z.object({ city: z.string() }),
      execute: (_args, { progress }) => {
        report = progress;
        return new Promise<string>((resolve) => {
          finish = resolve;
        });
      },
    });
    const s = scenario({ tools: [slow] });
    const run = s.start();
    const { events } = following(run);
    await s.clock.advance(20_000);
    for (let count = 0; count < 12_000; count += 1) report(count);
    finish('ok');
    await s.settle(run.result());
    const [first] = events;
    const late = following(run, first?.seq ?? 0);
    await s.settle(late.ended);
    expect(late.events[0]).toMatchObject({ type: 'view' });
    expect(late.events.reduce(applyEvent, emptyView)).toEqual(run.view);
    expect(run.view).toMatchObject({ status: 'completed', input: 'Should I take an umbrella?' });
    expect(run.view.iterations).toHaveLength(2);
  });
});

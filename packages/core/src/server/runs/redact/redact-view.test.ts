import { describe, expect, test } from 'vitest';
import { eventsOf, scenario } from '../../../../test-support/scenario.ts';
import { markedTools, markers } from '../../../../test-support/redaction/markers.ts';
import { applyEvent } from '../../../engine/view/apply-event.ts';
import { emptyView } from '../../../engine/view/empty-view.ts';
import type { RunView } from '../../../engine/view/run-view.ts';
import type { Iteration } from '../../../testing/index.ts';
import { redactEvent } from './redact-event.ts';
import { redactView } from './redact-view.ts';
import { redactionOf } from './redaction.ts';

const secret = { text: markers.privateArguments };

/** A streamed run, its events, and the view after each of them. */
async function streamed(script: Iteration[]) {
  const s = scenario({ script, tools: markedTools, runner: { mode: 'stream' } });
  const run = s.start();
  const events = await s.settle(eventsOf(run));
  const views: RunView[] = [];
  for (const event of events) views.push(applyEvent(views.at(-1) ?? emptyView, event));
  return { ...s, run, events, views, redaction: redactionOf(s.agent) };
}

test('of a call of a private tool, a page sees the name, the status and the times', async () => {
  const s = await streamed([
    {
      calls: [
        { name: 'closed', arguments: secret, callId: 'c1' },
        { name: 'closed_fails', arguments: secret },
      ],
    },
    { text: 'Done.' },
  ]);
  const { toolCalls, items } = redactView(s.run.view, s.redaction);
  const times = { startedAt: expect.any(Number), endedAt: expect.any(Number) };
  const shown = { iteration: 0, rawArguments: '', ...times };
  expect(toolCalls).toEqual([
    { ...shown, callId: 'c1', name: 'closed', status: 'completed' },
    { ...shown, callId: expect.any(String), name: 'closed_fails', status: 'failed' },
  ]);
  expect(items[0]).toEqual({
    ...{ iteration: 0, outputIndex: 0, done: true, call: { callId: 'c1', name: 'closed' } },
    item: { type: 'function_call', id: expect.any(String), status: 'completed' },
  });
});

test('of a call that waits for approval, a page sees the approvalView', async () => {
  const script = [{ calls: [{ name: 'closed_asks', arguments: secret, callId: 'c1' }] }, { text: 'Done.' }];
  const s = scenario({ script, tools: markedTools });
  const run = s.start();
  await s.clock.advance(60_000);
  const shown = redactView(run.view, redactionOf(s.agent));
  expect(shown.toolCalls[0]).toMatchObject({ status: 'awaiting_approval', approvalView: { pays: 'EUR 5' } });
  expect(JSON.stringify(shown)).not.toContain(markers.privateArguments);
  await s.settle(run.cancel());
});

test('requests are shown only with showRequests, without changes', async () => {
  const s = await streamed([{ text: 'Done.' }]);
  const started = s.events.find(({ type }) => type === 'iteration.started');
  if (started === undefined) throw new Error('The run has no iteration.');
  expect(redactEvent(started, emptyView, s.redaction)).not.toHaveProperty('request');
  const shows = redactionOf(s.agent, { showRequests: true });
  expect(redactEvent(started, emptyView, shows)).toBe(started);
});

test('an event whose content is hidden keeps its number and its time', async () => {
  const s = await streamed([{ calls: [{ name: 'closed', arguments: secret }] }, { text: 'Done.' }]);
  const at = s.events.findIndex((event) => event.type === 'item.delta' && event.field === 'arguments');
  const [event, view] = [s.events[at], s.views[at - 1]];
  if (event === undefined || view === undefined) throw new Error('The run has no delta of arguments.');
  expect(redactEvent(event, view, s.redaction)).toEqual({
    ...{ type: 'run.status', status: view.status, seq: event.seq, at: event.at },
  });
});

describe('identity', () => {
  test('a delta of the answer is the same event, and leaves all other parts of the redacted view', async () => {
    const s = await streamed([
      {
        calls: [
          { name: 'closed', arguments: secret },
          { name: 'fails', arguments: { text: 'a' } },
        ],
      },
      { text: 'The weather is fine.' },
    ]);
    let deltas = 0;
    for (const [index, event] of s.events.entries()) {
      const [before, after] = [s.views[index - 1], s.views[index]];
      if (event.type !== 'text.delta' || before === undefined || after === undefined) continue;
      deltas += 1;
      expect(redactEvent(event, before, s.redaction)).toBe(event);
      const [one, two] = [redactView(before, s.redaction), redactView(after, s.redaction)];
      for (const part of ['input', 'iterations', 'toolCalls', 'warnings', 'waiting'] as const)
        expect(two[part]).toBe(one[part]);
      expect(two.items.slice(0, -1).map((item, at) => item === one.items[at])).toEqual(
        two.items.slice(0, -1).map(() => true),
      );
    }
    expect(deltas).toBeGreaterThan(2);
  });

  test('the same view has the same redacted view, and views of other runs have other names of responses', async () => {
    const s = await streamed([{ text: 'Done.' }]);
    const { view } = s.run;
    expect(redactView(view, s.redaction)).toBe(redactView(view, s.redaction));
    // Two runs may share objects.
    const other = { ...view, runId: 'another' };
    const name = redactView(view, s.redaction).iterations[0]?.responseId;
    expect(redactView(other, s.redaction).iterations[0]?.responseId).not.toBe(name);
    expect(redactView(view, s.redaction).iterations[0]?.attempts[0]?.responseId).toBe(name);
  });
});

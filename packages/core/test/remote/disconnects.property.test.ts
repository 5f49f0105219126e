import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyEvent } from '../../src/engine/view/apply-event.ts';
import { emptyView } from '../../src/engine/view/empty-view.ts';
import type { RunEvent } from '../../src/engine/view/run-event.ts';
import { hastyClock, openPage } from '../../test-support/remote/page.ts';
import { runsServer } from '../../test-support/remote/runs-server.ts';
import type { ServedRun } from '../../test-support/remote/served-run.ts';

const step = fc.oneof(
  { weight: 6, arbitrary: fc.constant<'text'>('text') },
  { weight: 4, arbitrary: fc.constant<'pause'>('pause') },
  fc.constantFrom('call', 'settle', 'warning', 'next', 'break', 'end', 'restart', 'read', 'repeat', 'stale'),
);

/** Longer than a message needs to arrive, and than most pauses between two connections. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 4));
}

function act(served: ServedRun, what: string, index: number): void {
  const { iteration } = served.view;
  if (what === 'text') served.text(`${index} `, iteration);
  if (what === 'call') served.ask(`call_${index}`, 'pay', 'approval', '{}', iteration);
  if (what === 'warning') served.emit({ type: 'warning', code: 'w', message: String(index) });
  if (what === 'next') served.stream(iteration + 1);
  const open = served.view.toolCalls.find(({ status }) => status === 'awaiting_approval');
  if (what === 'settle' && open !== undefined) {
    const { callId, name } = open;
    served.emit({ type: 'tool.settled', iteration: open.iteration, callId, name, status: 'denied' });
  }
  if (what === 'restart') served.forgetEvents();
}

test('after any breaks, the view equals the server’s, no event occurs twice, and text never shrinks within a response', async () => {
  const server = await runsServer();
  const runner = openPage(server.url, { clock: hastyClock(12) });
  server.answersSaves = true;
  let count = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60, size: 'max' }), async (steps) => {
      const id = `run-${(count += 1)}`;
      const served = server.add(id);
      served.stream();
      const run = await runner.follow(id);
      const events: RunEvent[] = [];
      const reading = (async () => {
        for await (const event of run.events()) events.push(event);
      })();
      const shown = new Map<number, string[]>();
      run.subscribe(() => {
        const { iteration, text } = run.view;
        shown.set(iteration, [...(shown.get(iteration) ?? []), text]);
      });
      const old = { type: 'view', view: served.view, seq: served.seq, at: 0 };
      const isWatched = () =>
        server.requests('GET', '/events').some(({ query }) => query.get('runs')?.startsWith(`${id}:`));
      while (!isWatched()) await pause();
      for (const [index, what] of steps.entries()) {
        act(served, what, index);
        if (what === 'break') server.breakStreams();
        if (what === 'end') server.endStreams();
        if (what === 'read') await runner.resume('support', id);
        if (what === 'repeat') server.send('message', { runId: id, event: served.events.at(-1) ?? old });
        if (what === 'stale') server.send('message', { runId: id, event: old });
        if (what === 'pause') await pause();
      }
      served.complete();
      await reading;
      expect(run.view).toEqual(served.view);
      for (const texts of shown.values())
        for (const [index, text] of texts.entries())
          expect(text.startsWith(texts[index - 1] ?? '')).toBe(true);
      expect(run.seq).toBe(served.seq);
      for (const [index, { seq }] of events.entries())
        if (index > 0) expect(seq).toBeGreaterThan(events[index - 1]?.seq ?? 0);
      expect(events.reduce(applyEvent, emptyView)).toEqual(run.view);
    }),
    { numRuns: 40 },
  );
});

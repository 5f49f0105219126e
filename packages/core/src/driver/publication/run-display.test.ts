import { expect, test } from 'vitest';
import { SteadyTime } from '../../clock/steady-time.ts';
import { emptyView } from '../../engine/view/empty-view.ts';
import { memoryStore } from '../../store/memory-store.ts';
import { sampleChange } from '../../testing/conformance/sample-run.ts';
import { manualClock } from '../../testing/manual-clock.ts';
import type { JsonValue } from '../../wire/json.ts';
import { LateLive } from './late-live.ts';
import { Publication } from './publication.ts';
import { RunDisplay } from './run-display.ts';

const epoch = 1_000_000_000;

/** The save of a worker, as a follower has loaded it. Its view has the text of its number. */
function saved(revision: number, inEpoch: number) {
  const head = { epoch: inEpoch, seq: inEpoch * epoch + revision };
  return { state: sampleChange({ revision, head }).head, items: [] };
}

/** The answer of a worker to a hello: one delta since its save. */
function sinceSave(revision: number, inEpoch: number, delta: string): JsonValue {
  const base = inEpoch * epoch + revision;
  const event = { type: 'text.delta', iteration: 0, outputIndex: 0, contentIndex: 0, delta, at: 1 };
  return { type: 'events', revision, base, after: base, events: [{ ...event, seq: base + 1 }] };
}

test('a follower of a live run adds the first events of the worker that takes the run over', () => {
  const clock = manualClock();
  const publication = new Publication(emptyView, 1);
  const ports = { store: memoryStore(), clock, time: new SteadyTime(clock) };
  const live = new LateLive(ports, publication, 'run-1', () => ({ revision: 0, seq: 0 }), false);
  const display = new RunDisplay(
    publication,
    live,
    clock,
    ({ revision }) => ({ ...emptyView, text: `Save ${revision}.` }),
    false,
  );
  for (const [run, delta] of [
    [saved(3, 1), ' More.'],
    [saved(4, 2), ' Other.'],
  ] as const) {
    display.perform({ type: 'show_saved', driver: 'elsewhere' }, run);
    display.perform({ type: 'hello' }, run);
    const { revision, epoch: inEpoch } = run.state;
    expect(live.receive(sinceSave(revision, inEpoch, delta), 'following')).toBe(true);
    expect(publication.view.text).toBe(`Save ${revision}.${delta}`);
  }
});

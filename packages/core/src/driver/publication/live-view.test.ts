import { expect, test } from 'vitest';
import { emptyView } from '../../engine/view/empty-view.ts';
import type { JsonValue } from '../../wire/json.ts';
import { LiveView } from './live-view.ts';
import { Publication } from './publication.ts';

const epoch = 1_000_000_000;

/** A follower of a run. It has loaded revision 3, which another process saved in epoch 1. */
function follower() {
  const publication = new Publication({ ...emptyView, runId: 'run-1' }, 1);
  const live = new LiveView(publication);
  expect(live.saved({ revision: 3, epoch: 1 })).toBe(true);
  const text = (): string => publication.view.text;
  return { live, text };
}

function view(seq: number, text: string, revision = 3): JsonValue {
  const shown = JSON.parse(JSON.stringify({ ...emptyView, runId: 'run-1', text, driver: 'here' }));
  return { type: 'events', revision, events: [{ type: 'view', seq, at: 1, view: shown }] };
}

function deltas(after: number, texts: Readonly<Record<number, string>>, revision = 3): JsonValue {
  const events = Object.entries(texts).map(([seq, delta]) => ({
    type: 'text.delta',
    iteration: 0,
    outputIndex: 0,
    contentIndex: 0,
    delta,
    seq: Number(seq),
    at: 1,
  }));
  return { type: 'events', revision, after, events };
}

test('events are added after the view of the driver process, each once', () => {
  const { live, text } = follower();
  live.relay(deltas(epoch + 4, { [epoch + 5]: 'too early' }));
  expect(text()).toBe('');
  live.relay(view(epoch + 5, 'A'));
  live.relay(deltas(epoch + 5, { [epoch + 6]: 'B', [epoch + 9]: 'C' }));
  live.relay(deltas(epoch + 5, { [epoch + 6]: 'B', [epoch + 9]: 'C', [epoch + 10]: 'D' }));
  expect(text()).toBe('ABCD');
});

test('events are added although this process has used their numbers for its own events', () => {
  const { live, text } = follower();
  for (let n = 0; n < 20; n += 1) live.relay(view(epoch + 5, 'A'));
  live.relay(deltas(epoch + 5, { [epoch + 6]: 'B' }));
  expect(text()).toBe('AB');
});

test('views and events of a former driver process are ignored', () => {
  const { live, text } = follower();
  live.saved({ revision: 4, epoch: 2 });
  live.relay(view(epoch + 50, 'old'));
  expect(live.isLive).toBe(false);
  live.relay(view(2 * epoch + 5, 'new', 4));
  live.relay(view(epoch + 60, 'old'));
  live.relay(deltas(epoch + 50, { [epoch + 51]: 'old' }));
  live.relay(deltas(2 * epoch + 5, { [2 * epoch + 6]: 'er' }, 4));
  expect(text()).toBe('newer');
});

test('an older view of the same epoch is ignored', () => {
  const { live, text } = follower();
  live.relay(view(epoch + 9, 'AB'));
  live.relay(view(epoch + 5, 'A'));
  expect(text()).toBe('AB');
});

test('a lost message is reported, and no later event is added without it', () => {
  const { live, text } = follower();
  expect(live.relay(view(epoch + 5, 'A'))).toBe(true);
  expect(live.relay(deltas(epoch + 7, { [epoch + 8]: 'C' }))).toBe(false);
  live.end();
  live.relay(deltas(epoch + 8, { [epoch + 9]: 'D' }));
  expect(text()).toBe('A');
  live.relay(view(epoch + 9, 'ABCD'));
  live.relay(deltas(epoch + 9, { [epoch + 10]: 'E' }));
  expect(text()).toBe('ABCDE');
});

test('a save is not shown while the view is live, and the view is behind until the events of the save arrive', () => {
  const { live } = follower();
  live.relay(view(epoch + 5, 'A'));
  expect(live.saved({ revision: 4, epoch: 1 })).toBe(false);
  expect(live.isBehind).toBe(true);
  live.relay(deltas(epoch + 5, { [epoch + 6]: 'B' }, 4));
  expect(live.isBehind).toBe(false);
});

test('events since a save are not added to a view that lacks the save, because they do not contain it', () => {
  const { live, text } = follower();
  live.relay(view(epoch + 5, 'A'));
  // The events of save 4 were not published, because another follower asked only afterwards.
  live.saved({ revision: 4, epoch: 1 });
  const sinceSave = { ...Object(deltas(epoch + 20, { [epoch + 21]: 'C' }, 4)), base: epoch + 20 };
  expect(live.relay(sinceSave)).toBe(false);
  live.end();
  expect(live.relay(sinceSave), 'the view must show the save first').toBe(false);
  expect([text(), live.isLive, live.isBehind]).toEqual(['A', false, true]);

  expect(live.saved({ revision: 4, epoch: 1 }), 'the save is shown').toBe(true);
  live.relay(sinceSave);
  expect([text(), live.isLive, live.isBehind]).toEqual(['AC', true, false]);
});

test('a message without events reports a save that has none', () => {
  const { live } = follower();
  live.relay(view(epoch + 5, 'A'));
  live.saved({ revision: 4, epoch: 1 });
  live.relay({ type: 'events', revision: 4, after: epoch + 5, events: [] });
  expect(live.isBehind).toBe(false);
});

test('messages of a driver process of an older version, which name neither the revision nor the event before, are added', () => {
  const { live, text } = follower();
  const { revision: _revision, ...first } = Object(view(epoch + 5, 'A'));
  const { revision: _other, after: _after, ...second } = Object(deltas(epoch + 7, { [epoch + 8]: 'B' }));
  live.relay(first);
  live.saved({ revision: 9, epoch: 1 });
  live.relay(second);
  expect([text(), live.isBehind, live.isLive]).toEqual(['AB', false, true]);
});

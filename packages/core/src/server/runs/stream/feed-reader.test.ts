import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { defineAgent } from '../../../agent/define-agent.ts';
import { Publication } from '../../../driver/publication/publication.ts';
import { applyEvent } from '../../../engine/view/apply-event.ts';
import { emptyView } from '../../../engine/view/empty-view.ts';
import type { RunEvent } from '../../../engine/view/run-event.ts';
import type { RunView } from '../../../engine/view/run-view.ts';

import { redactionOf } from '../redact/redaction.ts';
import { FeedReader, type FrameSink } from './feed-reader.ts';
import { RunFeed, type WatchedRun } from './run-feed.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const redaction = redactionOf(defineAgent({ name: 'support', model: 'm' }));

/** A run whose events the test emits. */
function runOf(publication: Publication): WatchedRun {
  return {
    id: 'run-1',
    get view() {
      return publication.view;
    },
    get seq() {
      return publication.seq;
    },
    events: ({ after } = {}) => publication.events(after),
    subscribe: (listener) => publication.subscribe(listener),
  };
}

/** A page that takes a number of frames and then is too slow, and that connects again. */
class Page implements FrameSink {
  view: RunView = emptyView;
  after: number | undefined;
  readonly numbers: number[] = [];
  room = 0;

  get wants(): boolean {
    return this.room > 0;
  }

  send(bytes: Uint8Array): void {
    this.room -= 1;
    const data = /^data: (.*)$/m.exec(new TextDecoder().decode(bytes))?.[1] ?? '';
    const event: RunEvent = JSON.parse(data);
    this.view = applyEvent(this.view, event);
    this.after = event.seq;
    this.numbers.push(event.seq);
  }
}

type Step =
  | { readonly type: 'emit'; readonly count: number; readonly size: number }
  | { readonly type: 'read'; readonly room: number }
  | { readonly type: 'reconnect' };

const steps = fc.array(
  fc.oneof(
    fc.record({
      type: fc.constant('emit' as const),
      count: fc.integer({ min: 1, max: 900 }),
      size: fc.constantFrom(1, 1, 1, 2_000),
    }),
    fc.record({ type: fc.constant('read' as const), room: fc.integer({ min: 1, max: 700 }) }),
    fc.record({ type: fc.constant('reconnect' as const) }),
  ),
  { maxLength: 12 },
);

test('a page that reads and connects at any time has the view of the run, and no event twice', async () => {
  const check = async (plan: readonly Step[]): Promise<void> => {
    const publication = new Publication({ ...emptyView, runId: 'run-1', driver: 'here' }, 3);
    const feed = new RunFeed(runOf(publication), redaction, () => undefined);
    const page = new Page();
    let reader = new FeedReader(feed, 'single', page, page.after);
    for (const step of plan) {
      if (step.type === 'emit') {
        for (let at = 0; at < step.count; at += 1) {
          const delta = String(at % 10).repeat(step.size);
          // Consecutive deltas of one item would be merged.
          const outputIndex = at % 2;
          publication.emit({ type: 'text.delta', iteration: 0, outputIndex, contentIndex: 0, delta }, at);
        }
        publication.notify();
        await turn();
      } else if (step.type === 'read') {
        page.room = step.room;
        reader.deliver();
      } else {
        reader = new FeedReader(feed, 'single', page, page.after);
      }
    }
    page.room = Number.POSITIVE_INFINITY;
    expect(reader.deliver()).toBe(true);
    expect(page.view).toEqual(publication.view);
    expect(new Set(page.numbers).size).toBe(page.numbers.length);
    expect(page.numbers).toEqual(page.numbers.toSorted((a, b) => a - b));
    feed.end();
  };
  await fc.assert(fc.asyncProperty(steps, check), { numRuns: 60 });
});

test('a page whose view is newer than that of this process receives nothing until this process is newer', async () => {
  const publication = new Publication({ ...emptyView, runId: 'run-1' }, 3);
  const feed = new RunFeed(runOf(publication), redaction, () => undefined);
  const page = new Page();
  page.room = 10;
  const reader = new FeedReader(feed, 'single', page, 5);
  for (const text of ['a', 'b', 'c']) {
    expect(reader.deliver()).toBe(true);
    expect(page.numbers).toEqual([]);
    publication.emit({ type: 'text.delta', iteration: 0, outputIndex: 0, contentIndex: 0, delta: text }, 0);
    await turn();
  }
  reader.deliver();
  expect(page.numbers).toEqual([6]);
  expect(page.view.text).toBe('abc');
  feed.end();
});

test('a slow page does not make a whole view be serialized that it never receives', async () => {
  const publication = new Publication({ ...emptyView, runId: 'run-1' }, 3);
  const feed = new RunFeed(runOf(publication), redaction, () => undefined);
  const serialized = vi.spyOn(feed, 'whole', 'get');
  const page = new Page();
  const reader = new FeedReader(feed, 'single', page, undefined);
  for (const delta of ['a', 'b', 'c']) {
    expect(reader.deliver()).toBe(false);
    publication.emit({ type: 'text.delta', iteration: 0, outputIndex: 0, contentIndex: 0, delta }, 0);
    await turn();
  }
  expect(serialized).not.toHaveBeenCalled();
  page.room = 1;
  expect(reader.deliver()).toBe(true);
  expect(serialized).toHaveBeenCalledTimes(1);
  expect(page.view.text).toBe('abc');
  feed.end();
});

test('a change of the driver without an event is sent with the number of the last event', async () => {
  const publication = new Publication({ ...emptyView, runId: 'run-1', driver: 'elsewhere' }, 3);
  const feed = new RunFeed(runOf(publication), redaction, () => undefined);
  const page = new Page();
  page.room = 10;
  const reader = new FeedReader(feed, 'single', page, 3);
  publication.setDriver('none');
  publication.notify();
  reader.deliver();
  expect(page.numbers).toEqual([3]);
  expect(page.view.driver).toBe('none');
  feed.end();
});

test('a page that connects again after the driver of its run has died is sent the driver', async () => {
  const publication = new Publication({ ...emptyView, runId: 'run-1', driver: 'elsewhere' }, 3);
  const feed = new RunFeed(runOf(publication), redaction, () => undefined);
  publication.setDriver('none');
  publication.notify();
  const page = new Page();
  page.view = { ...emptyView, driver: 'elsewhere' };
  const reader = new FeedReader(feed, 'single', page, 3);
  expect(reader.deliver()).toBe(false);
  page.room = 10;
  expect(reader.deliver()).toBe(true);
  expect(page.numbers).toEqual([3]);
  expect(page.view.driver).toBe('none');
  publication.emit({ type: 'text.delta', iteration: 0, outputIndex: 0, contentIndex: 0, delta: 'a' }, 0);
  await turn();
  reader.deliver();
  expect(page.numbers).toEqual([3, 4]);
  feed.end();
});

test.each(['requires_action', 'completed'] as const)(
  'a page that connects again to a run that is %s receives nothing twice',
  async (status) => {
    const publication = new Publication({ ...emptyView, runId: 'run-1', driver: 'none', status }, 3);
    const feed = new RunFeed(runOf(publication), redaction, () => undefined);
    const page = new Page();
    page.room = 10;
    expect(new FeedReader(feed, 'single', page, 3).deliver()).toBe(true);
    expect(page.numbers).toEqual([]);
    feed.end();
  },
);

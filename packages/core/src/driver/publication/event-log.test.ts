import { describe, expect, test } from 'vitest';
import { emptyView } from '../../engine/view/empty-view.ts';
import type { RunEvent } from '../../engine/view/run-event.ts';
import { EventLog } from './event-log.ts';

const delta = (text: string, outputIndex = 0) =>
  ({ type: 'text.delta', iteration: 0, outputIndex, contentIndex: 0, delta: text }) as const;
const resumed = { type: 'run.resumed' } as const;

function never(): RunEvent {
  throw new Error('The log has all events.');
}

/** The events that a listener receives from now until the end. */
async function readAll(log: EventLog, after?: number, catchUp: () => RunEvent = never): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of log.read(after, catchUp)) events.push(event);
  return events;
}

/** The events of a listener that stops after `count` events. */
async function readSome(log: EventLog, count: number): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of log.read(undefined, never)) if (events.push(event) === count) break;
  return events;
}

function textOf(events: readonly RunEvent[]): string {
  return events.map((event) => (event.type === 'text.delta' ? event.delta : '')).join('');
}

test('numbers events from one, and continues above them after each resume', async () => {
  const log = new EventLog(0);
  log.emit(resumed, 5);
  log.continueAbove(2_000_000_000);
  log.emit(resumed, 6);
  log.end();
  expect((await readAll(log)).map(({ seq, at }) => [seq, at])).toEqual([
    [1, 5],
    [2_000_000_001, 6],
  ]);
});

describe('deltas', () => {
  test('are merged if they are unread and of the same text', async () => {
    const log = new EventLog(0);
    log.emit(delta('a'), 1);
    log.emit(delta('b'), 2);
    log.emit(delta('c', 1), 3);
    expect(textOf(await readSome(log, 2))).toBe('abc');
    log.emit(delta('d', 1), 4);
    log.end();
    const all = await readAll(log);
    expect(all.map((event) => [event.seq, event.type === 'text.delta' && event.delta])).toEqual([
      [2, 'ab'],
      [3, 'c'],
      [4, 'd'],
    ]);
  });

  test('are not repeated for a listener that stops and continues later', async () => {
    const log = new EventLog(0);
    log.emit(delta('Hello'), 1);
    const [last] = await readSome(log, 1);
    log.emit(delta(', world'), 2);
    log.end();
    expect(textOf(await readAll(log, last?.seq))).toBe(', world');
  });

  test('are not published twice to another process', async () => {
    const log = new EventLog(0);
    log.emit(delta('Hello'), 1);
    expect(textOf(log.takeSince(0))).toBe('Hello');
    log.emit(delta(', world'), 2);
    expect(textOf(log.takeSince(1))).toBe(', world');
  });
});

describe('`after`', () => {
  test.each([
    [undefined, [1, 2, 3]],
    [-1, [1, 2, 3]],
    [0, [1, 2, 3]],
    [2, [3]],
    [3, []],
    [99, []],
  ])('%j is exclusive', async (after, seqs) => {
    const log = new EventLog(0);
    for (const at of [1, 2, 3]) log.emit(resumed, at);
    log.end();
    expect((await readAll(log, after)).map(({ seq }) => seq)).toEqual(seqs);
  });

  test('yields an event that replaces all missed ones if the log no longer holds them, then later ones', async () => {
    const log = new EventLog(0);
    for (let at = 1; at <= 12_000; at += 1) log.emit(resumed, at);
    log.end();
    const view = (): RunEvent => ({ type: 'view', view: emptyView, seq: log.lastSeq, at: 0 });
    expect((await readAll(log, 500, view)).map(({ type, seq }) => [type, seq])).toEqual([['view', 12_000]]);
    const held = await readAll(log, 2_000, view);
    expect(held).toHaveLength(10_000);
    expect(held[0]).toMatchObject({ type: 'run.resumed', seq: 2_001 });
  });
});

test('a slow listener receives an event that replaces all missed ones', async () => {
  const log = new EventLog(0);
  log.emit(resumed, 1);
  const view = (): RunEvent => ({ type: 'view', view: emptyView, seq: log.lastSeq, at: 0 });
  const events = log.read(undefined, view);
  expect((await events.next()).value).toMatchObject({ seq: 1 });
  for (let at = 2; at <= 12_000; at += 1) log.emit(resumed, at);
  expect((await events.next()).value).toMatchObject({ type: 'view', seq: 12_000 });
  log.emit(resumed, 12_001);
  expect((await events.next()).value).toMatchObject({ type: 'run.resumed', seq: 12_001 });
});

test('a listener that returns while it waits is removed immediately', async () => {
  const log = new EventLog(0);
  const events = log.read(undefined, never);
  const waiting = events.next();
  expect(await events.return(undefined)).toEqual({ done: true, value: undefined });
  expect(await waiting).toEqual({ done: true, value: undefined });
  log.emit(resumed, 1);
  expect(await events.next()).toEqual({ done: true, value: undefined });
});

test('folds events into the view before it drops them', () => {
  const log = new EventLog(0);
  for (let at = 1; at < 10_000; at += 1) log.emit(resumed, at);
  expect(log.mustFold).toBe(false);
  log.emit(resumed, 10_000);
  expect(log.mustFold).toBe(true);
  expect(log.takeUnfolded()).toHaveLength(10_000);
  expect(log.mustFold).toBe(false);
  expect(log.hasUnfolded).toBe(false);
});

test('a listener waits for later events, and ends with the log', async () => {
  const log = new EventLog(0);
  const reading = readAll(log);
  log.emit(resumed, 1);
  await Promise.resolve();
  log.emit({ type: 'run.cancelling' }, 2);
  log.end();
  expect((await reading).map(({ type }) => type)).toEqual(['run.resumed', 'run.cancelling']);
});

test('continues above the number of a save, and keeps the numbers of events of another process', async () => {
  const log = new EventLog(5);
  log.emit(resumed, 1);
  log.continueAbove(9);
  log.emit(resumed, 2);
  log.add({ ...resumed, seq: 17, at: 3 });
  log.end();
  expect((await readAll(log)).map(({ seq }) => seq)).toEqual([6, 10, 17]);
});

describe('a reader whose last event is not in this log', () => {
  const view = (log: EventLog) => (): RunEvent => ({
    type: 'view',
    view: emptyView,
    seq: log.lastSeq,
    at: 0,
  });

  test('receives the view first: a save that lacks text may have the number', async () => {
    const log = new EventLog(0);
    log.emit(delta('a'), 1);
    log.continueAbove(2);
    await readSome(log, 1);
    log.emit(delta('b'), 2);
    log.end();
    expect((await readAll(log, 2, view(log))).map(({ type, seq }) => [type, seq])).toEqual([['view', 3]]);
  });

  test('receives the view first: this log may have merged the event with later ones', async () => {
    const log = new EventLog(0);
    log.emit(delta('a'), 1);
    log.emit(delta('b'), 2);
    log.end();
    expect((await readAll(log, 1, view(log))).map(({ type, seq }) => [type, seq])).toEqual([['view', 2]]);
  });

  test('waits until this log is ahead of it', async () => {
    const log = new EventLog(0);
    log.emit(resumed, 1);
    const events = log.read(3, view(log));
    const next = events.next();
    log.add({ ...resumed, seq: 2, at: 2 });
    log.add({ ...resumed, seq: 5, at: 3 });
    expect((await next).value).toMatchObject({ type: 'view', seq: 5 });
    log.add({ ...resumed, seq: 6, at: 4 });
    expect((await events.next()).value).toMatchObject({ type: 'run.resumed', seq: 6 });
  });

  test('continues the last view, which was given a number of its own', async () => {
    const log = new EventLog(0);
    log.emit(delta('a'), 1);
    log.takeUnfolded();
    const seq = log.numberView();
    const reading = readAll(log, seq);
    log.emit(delta('b'), 2);
    log.end();
    expect((await reading).map((event) => [event.seq, textOf([event])])).toEqual([[3, 'b']]);
  });
});

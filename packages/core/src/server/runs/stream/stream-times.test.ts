import { expect, test } from 'vitest';
import { manualClock } from '../../../testing/manual-clock.ts';
import { PageStream } from './page-stream.ts';
import { StreamTimes } from './stream-times.ts';

function page(): { readonly stream: PageStream; readonly text: Promise<string> } {
  const stream = new PageStream(new AbortController().signal);
  return { stream, text: stream.answer().text() };
}

test('each stream gets heartbeats and is closed at its own time', async () => {
  const clock = manualClock();
  const times = new StreamTimes(clock, { heartbeatMs: 10, streamMs: 100 });
  const first = page();
  times.add(first.stream);
  await clock.advance(50);
  const second = page();
  times.add(second.stream);
  await clock.advance(49);
  expect([first.stream.isClosed, second.stream.isClosed]).toEqual([false, false]);
  await clock.advance(1);
  expect([first.stream.isClosed, second.stream.isClosed]).toEqual([true, false]);
  await clock.advance(50);
  expect(second.stream.isClosed).toBe(true);
  expect((await first.text).match(/: heartbeat\n\n/g)).toHaveLength(10);
});

test('no timer is left after the last stream has ended, and the next stream has one', async () => {
  const clock = manualClock();
  const times = new StreamTimes(clock, { heartbeatMs: 10, streamMs: 100 });
  const { stream } = page();
  times.add(stream);
  stream.close();
  await clock.advance(0);
  expect(clock.pending).toBe(0);
  const next = page();
  times.add(next.stream);
  await clock.advance(100);
  expect(next.stream.isClosed).toBe(true);
});

test('a stream whose request was aborted is closed', () => {
  const request = new AbortController();
  const stream = new PageStream(request.signal);
  let ends = 0;
  stream.onEnd(() => {
    ends += 1;
  });
  request.abort();
  stream.close();
  expect(stream.isClosed).toBe(true);
  expect(stream.wants).toBe(false);
  expect(ends).toBe(1);
});

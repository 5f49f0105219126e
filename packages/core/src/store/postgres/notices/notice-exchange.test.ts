import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { RunNotice } from '../../run-store.ts';
import { NoticeExchange } from './notice-exchange.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

interface Sending {
  readonly at: number;
  readonly messages: readonly string[];
}

/** An exchange whose transport records what it sends, and when. */
function exchangeOf(mostAtOnce = 8, fails: () => boolean = () => false) {
  const sendings: Sending[] = [];
  const received: RunNotice[] = [];
  const exchange = new NoticeExchange(
    {
      mostAtOnce,
      send: async (messages) => {
        if (fails()) throw new Error('The connection is broken.');
        sendings.push({ at: performance.now(), messages });
      },
    },
    (notice) => received.push(notice),
  );
  return { exchange, sendings, received };
}

function live(message: string): RunNotice {
  return { type: 'live', runId: 'run-1', message };
}

test('the first notice is sent immediately, and later ones are gathered for 40 ms', async () => {
  const { exchange, sendings } = exchangeOf();
  const began = performance.now();
  for (let n = 0; n < 100; n += 1) {
    exchange.send(live(`${n}`));
    await vi.advanceTimersByTimeAsync(1);
  }
  await vi.advanceTimersByTimeAsync(100);
  expect(sendings.map(({ at }) => Math.round((at - began) / 40))).toEqual([0, 1, 2, 3]);
  expect(sendings.every(({ messages }) => messages.length === 1 || messages.length === 2)).toBe(true);
});

test('a process sends at most 200 messages a second, and loses none', async () => {
  const { exchange, sendings } = exchangeOf();
  const began = performance.now();
  for (let n = 0; n < 500; n += 1) exchange.send(live(`${n} ${'x'.repeat(2_000)}`));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(Math.max(...sendings.map(({ messages }) => messages.length))).toBe(8);
  const inFirstSecond = sendings.filter(({ at }) => at - began < 1_000).flatMap(({ messages }) => messages);
  expect(inFirstSecond).toHaveLength(200);
  expect(sendings.flatMap(({ messages }) => messages)).toHaveLength(500);
});

test('a store ignores its own messages', async () => {
  const { exchange, sendings, received } = exchangeOf();
  const other = exchangeOf();
  exchange.send(live('text'));
  await vi.advanceTimersByTimeAsync(1);
  for (const message of sendings.flatMap(({ messages }) => messages)) {
    exchange.received(message);
    other.exchange.received(message);
  }
  expect(received).toEqual([]);
  expect(other.received).toEqual([live('text')]);
});

test('`close` sends what waits, and nothing after it', async () => {
  const { exchange, sendings } = exchangeOf();
  for (let n = 0; n < 30; n += 1) exchange.send(live('x'.repeat(2_000)));
  const closed = exchange.close();
  exchange.send(live('late'));
  await vi.advanceTimersByTimeAsync(100);
  await closed;
  expect(sendings.flatMap(({ messages }) => messages)).toHaveLength(30);
});

test('after a failure the next notices are sent, and one warning is printed for a series of failures', async () => {
  const warn = vi.spyOn(process, 'emitWarning').mockReturnValue();
  let isBroken = true;
  const { exchange, sendings } = exchangeOf(8, () => isBroken);
  for (let n = 0; n < 3; n += 1) {
    exchange.send(live(`${n}`));
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(warn).toHaveBeenCalledTimes(1);
  isBroken = false;
  exchange.send(live('last'));
  await vi.advanceTimersByTimeAsync(100);
  expect(sendings).toHaveLength(1);
  warn.mockRestore();
});

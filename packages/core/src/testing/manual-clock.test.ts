import { describe, expect, test } from 'vitest';
import { manualClock } from './manual-clock.ts';

describe('manualClock', () => {
  test('starts at `startAt` and advances by exactly the time of `advance`', async () => {
    const clock = manualClock(1000);
    expect(clock.now()).toBe(1000);
    await clock.advance(500);
    expect(clock.now()).toBe(1500);
  });

  test('fires due sleeps in the order of their time, and equal times in the order in which they began', async () => {
    const clock = manualClock();
    const fired: string[] = [];
    for (const [name, ms] of [
      ['c', 30],
      ['a', 10],
      ['b', 20],
      ['a2', 10],
      ['late', 31],
    ] as const) {
      void clock.sleep(ms).then(() => fired.push(`${name}@${clock.now()}`));
    }
    await clock.advance(30);
    expect(fired).toEqual(['a@10', 'a2@10', 'b@20', 'c@30']);
    expect(clock.pending).toBe(1);
    expect(clock.nextAt).toBe(31);
  });

  test('waits until the code that a sleep wakes is idle, including real streams, before the next sleep fires', async () => {
    const clock = manualClock();
    const trace: string[] = [];
    void (async () => {
      await clock.sleep(10);
      const upper = new TransformStream<string, string>({
        transform: (part, out) => out.enqueue(part.toUpperCase()),
      });
      const body = new Response('first').body?.pipeThrough(new TextDecoderStream()).pipeThrough(upper);
      for await (const part of body ?? []) trace.push(`${part}@${clock.now()}`);
    })();
    void clock.sleep(11).then(() => trace.push(`second@${clock.now()}`));
    await clock.advance(20);
    expect(trace).toEqual(['FIRST@10', 'second@11']);
  });

  test('waits for work of several turns of the event loop before the next sleep fires', async () => {
    const clock = manualClock();
    const trace: string[] = [];
    void (async () => {
      await clock.sleep(10);
      for (let round = 0; round < 4; round += 1) await new Promise((resolve) => setImmediate(resolve));
      trace.push(`slow@${clock.now()}`);
      await clock.sleep(1);
      for (let round = 0; round < 4; round += 1) await new Promise((resolve) => setImmediate(resolve));
      trace.push(`slow@${clock.now()}`);
    })();
    void clock.sleep(20).then(() => trace.push(`later@${clock.now()}`));
    await clock.advance(30);
    expect(trace).toEqual(['slow@10', 'slow@11', 'later@20']);
  });

  test('fires sleeps that begin within the span', async () => {
    const clock = manualClock();
    const polls: number[] = [];
    void (async () => {
      for (;;) {
        await clock.sleep(100);
        polls.push(clock.now());
      }
    })();
    await clock.advance(350);
    expect(polls).toEqual([100, 200, 300]);
  });

  test('resolves an aborted sleep immediately and removes it', async () => {
    const clock = manualClock();
    const controller = new AbortController();
    const sleep = clock.sleep(1000, controller.signal);
    controller.abort();
    await sleep;
    expect(clock.now()).toBe(0);
    expect(clock.pending).toBe(0);
    await clock.sleep(1000, controller.signal);
  });

  test('does not hang on a program that is never idle', async () => {
    const clock = manualClock();
    const controller = new AbortController();
    void (async () => {
      while (!controller.signal.aborted) {
        void clock.sleep(1);
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    await clock.advance(0);
    controller.abort();
    expect(clock.pending).toBeGreaterThan(0);
  });
});

test('waits for work outside the event loop with patienceMs', async () => {
  const clock = manualClock(0, { patienceMs: 300 });
  const at: number[] = [];
  void (async () => {
    await clock.sleep(10);
    await crypto.subtle.digest('SHA-256', new Uint8Array(1000));
    at.push(clock.now());
    await clock.sleep(10);
    at.push(clock.now());
  })();
  await clock.advance(1000);
  expect(at).toEqual([10, 20]);
});

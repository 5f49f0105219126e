import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { largestEventBytes, readEventStream } from './event-stream.ts';

const encoder = new TextEncoder();

function bytes(...parts: readonly (string | Uint8Array)[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(typeof part === 'string' ? encoder.encode(part) : part);
      controller.close();
    },
  });
}

async function read(...parts: readonly (string | Uint8Array)[]): Promise<unknown[]> {
  const events: unknown[] = [];
  for await (const batch of readEventStream(bytes(...parts))) events.push(...batch);
  return events;
}

describe('readEventStream', () => {
  test('parses the data of each event as JSON', async () => {
    expect(await read('event: a\ndata: {"n":1}\n\nevent: b\ndata: {"n":2}\n\n')).toEqual([
      { type: 'a', n: 1 },
      { type: 'b', n: 2 },
    ]);
  });

  test('takes the type from the `event:` line if the data has none (sap-ai-core-llm-proxy 35)', async () => {
    const frames = ['{"type":"a"}', '{"type":7}', '[1]'].map((data) => `event: x\ndata: ${data}\n\n`);
    expect(await read(...frames)).toEqual([{ type: 'a' }, { type: 'x' }, [1]]);
    expect(await read('event: message\ndata: {"n":1}\n\n')).toEqual([{ n: 1 }]);
  });

  test('throws for an event that never ends, because it would fill the memory', async () => {
    const part = encoder.encode('x'.repeat(1_048_576));
    let parts = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        parts += 1;
        controller.enqueue(parts === 1 ? encoder.encode('data: {"n":1}\n\ndata: ') : part);
      },
    });
    const events: unknown[] = [];
    const reading = async (): Promise<void> => {
      for await (const batch of readEventStream(endless)) events.push(...batch);
    };
    await expect(reading()).rejects.toThrow(`larger than ${largestEventBytes} bytes`);
    expect(events).toEqual([{ n: 1 }]);
    expect(parts * part.length).toBeLessThan(2 * largestEventBytes);
  });

  // A comment does not end an event: the lines before and after it belong to the same event.
  test('throws for an event that never ends and has comments between its lines', async () => {
    const part = encoder.encode(`data: ${'x'.repeat(1_048_576)}\n: keep-alive\n`);
    let parts = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        parts += 1;
        if (parts * part.length > 3 * largestEventBytes) controller.close();
        else controller.enqueue(part);
      },
    });
    const reading = async (): Promise<void> => {
      for await (const batch of readEventStream(endless)) expect(batch).toEqual([]);
    };
    await expect(reading()).rejects.toThrow(`larger than ${largestEventBytes} bytes`);
  });

  test('yields the last event even if no blank line follows it (openai-node 2725)', async () => {
    expect(await read('data: {"n":1}\n\ndata: {"n":2}')).toEqual([{ n: 1 }, { n: 2 }]);
    expect(await read('data: {"n":1}\n')).toEqual([{ n: 1 }]);
  });

  test.each([
    ['[DONE]', 'data: [DONE]\n\n'],
    ['comments', ': keep-alive\n\n'],
    ['truncated JSON', 'data: {"n":\n\n'],
    ['unknown fields', 'retry: 5\nid: 7\n\n'],
    ['an empty event', 'event: ping\n\n'],
  ])('skips %s', async (_name, frame) => {
    expect(await read('data: {"n":1}\n\n', frame, 'data: {"n":2}\n\n')).toEqual([{ n: 1 }, { n: 2 }]);
  });

  test('accepts an event without a type, with several lines, and with CR LF', async () => {
    expect(await read('data: {"n":\r\ndata: 1}\r\n\r\n')).toEqual([{ n: 1 }]);
  });

  test('yields the same events regardless of how the bytes are split, even inside characters', async () => {
    const text = 'event: x\r\ndata: {"t":"größer 🐟"}\r\n\r\n: hm\r\ndata: {"n":2}\r\n\r\ndata: {"n":3}';
    const whole = encoder.encode(text);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(whole.length), { maxLength: 12 }), async (cuts) => {
        const at = [0, ...cuts.toSorted((a, b) => a - b), whole.length];
        const parts = at.slice(1).map((end, index) => whole.slice(at[index], end));
        expect(await read(...parts)).toEqual([{ type: 'x', t: 'größer 🐟' }, { n: 2 }, { n: 3 }]);
      }),
      { numRuns: 200 },
    );
  });

  test('yields an empty batch for bytes without an event, to show that the stream is alive', async () => {
    const sizes: number[] = [];
    for await (const batch of readEventStream(bytes(': hm\n\n', 'data: 1\n\ndata: 2\n\n')))
      sizes.push(batch.length);
    expect(sizes).toEqual([0, 2, 0]);
  });

  test('yields the events before the connection breaks, then throws the error of the connection', async () => {
    let pulls = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulls += 1;
        if (pulls === 1) controller.enqueue(encoder.encode('data: 1\n\n'));
        else controller.error(new Error('reset'));
      },
    });
    const events: unknown[] = [];
    const reading = (async () => {
      for await (const batch of readEventStream(body)) events.push(...batch);
    })();
    await expect(reading).rejects.toThrow('reset');
    expect(events).toEqual([1]);
  });

  test('closes the connection when the reader stops early', async () => {
    let cancelled = false;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(encoder.encode('data: 1\n\n')),
      cancel: () => {
        cancelled = true;
      },
    });
    for await (const batch of readEventStream(body)) if (batch.length > 0) break;
    expect(cancelled).toBe(true);
  });
});

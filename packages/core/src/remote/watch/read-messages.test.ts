import * as fc from 'fast-check';
import { createParser } from 'eventsource-parser';
import { expect, test } from 'vitest';
import { readMessages, type StreamMessage } from './read-messages.ts';

/** A stream of the text whose chunks have these sizes, in bytes. */
function streamOf(text: string, sizes: readonly number[]): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  let at = 0;
  let index = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      const size = sizes[index++ % sizes.length] ?? 1;
      controller.enqueue(bytes.slice(at, at + size));
      at += size;
    },
  });
}

async function read(text: string, sizes: readonly number[] = [1_000]): Promise<StreamMessage[]> {
  const messages: StreamMessage[] = [];
  for await (const batch of readMessages(streamOf(text, sizes))) messages.push(...batch);
  return messages;
}

test('reads events, data of several lines, comments and unknown fields', async () => {
  expect(
    await read(
      ': hi\n\nevent: end\ndata: a\ndata:b\nid: 4\nretry: 1\nzz\n\ndata: {}\r\n\r\ndata\n\nevent: x\n\ndata: lost',
    ),
  ).toEqual([
    { event: 'end', data: 'a\nb' },
    { event: 'message', data: '{}' },
    { event: 'message', data: '' },
  ]);
});

const line = fc.constantFrom(
  'data: a',
  'data: é: 🙂',
  'data:',
  'event: list',
  'event:',
  ': heartbeat',
  'id: 1',
  '',
  '',
  'data:  b ',
);

test('in chunks of any size, it reads the same messages as from the whole text', async () => {
  const breaks = fc.constantFrom('\n', '\r\n', '\r');
  await fc.assert(
    fc.asyncProperty(
      fc.array(line),
      breaks,
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
      async (lines, end, sizes) => {
        const text = lines.map((one) => one + end).join('');
        const expected: StreamMessage[] = [];
        const parser = createParser({
          onEvent: ({ event, data }) => expected.push({ event: event ?? 'message', data }),
        });
        parser.feed(`${text}: the end\n`);
        expect(await read(`${text}: the end\n`, sizes)).toEqual(expected);
      },
    ),
  );
});

test('the connection is closed when the reader leaves early', async () => {
  let isCancelled = false;
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new TextEncoder().encode('data: a\n\n')),
    cancel: () => {
      isCancelled = true;
    },
  });
  for await (const batch of readMessages(body)) if (batch.length > 0) break;
  expect(isCancelled).toBe(true);
});

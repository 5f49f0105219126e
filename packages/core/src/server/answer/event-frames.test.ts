import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeFrame, eventFrames, type Frame } from './event-frames.ts';

async function framesOf(...chunks: readonly (string | Uint8Array)[]): Promise<readonly Frame[]> {
  const source = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks)
        controller.enqueue(typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk);
      controller.close();
    },
  });
  const frames: Frame[] = [];
  for await (const frame of source.pipeThrough(eventFrames())) frames.push(frame);
  return frames;
}

const first = { event: 'response.created', data: '{"a":"ü"}', id: undefined };
const text = 'event: response.created\ndata: {"a":"ü"}\n\n: keep-alive\n\ndata: [DONE]\n\n';

test('cuts a stream into frames and comments', async () => {
  expect(await framesOf(text)).toEqual([
    first,
    { comment: 'keep-alive' },
    { event: undefined, data: '[DONE]', id: undefined },
  ]);
});

test('where the bytes are cut, within a character too, makes no difference', async () => {
  const whole = await framesOf(text);
  const bytes = new TextEncoder().encode(text);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat({ max: bytes.length }), { maxLength: 12 }), async (cuts) => {
      const sorted = [0, ...cuts, bytes.length].toSorted((a, b) => a - b);
      const chunks = sorted.slice(1).map((end, index) => bytes.slice(sorted[index], end));
      expect(await framesOf(...chunks)).toEqual(whole);
    }),
  );
});

test('a frame comes as soon as its blank line is there, not with the next chunk', async () => {
  const { readable, writable } = eventFrames();
  const writer = writable.getWriter();
  const reader = readable.getReader();
  const read = reader.read();
  await writer.write(new TextEncoder().encode('event: response.created\ndata: {"a":"ü"}\n\n'));
  expect(await read).toEqual({ done: false, value: first });
  await reader.cancel();
});

test('other line ends, several data lines, and a last event without its blank line are read', async () => {
  expect(await framesOf('data: a\r\ndata: b\r\n\r\n')).toEqual([
    { event: undefined, data: 'a\nb', id: undefined },
  ]);
  expect(await framesOf('event: x\ndata: 1')).toEqual([{ event: 'x', data: '1', id: undefined }]);
});

test('a frame is written in one piece, and reads back as it was', async () => {
  const frame: Frame = { event: 'response.created', data: 'a\nb', id: '7' };
  expect(await framesOf(encodeFrame(frame))).toEqual([frame]);
  expect(new TextDecoder().decode(encodeFrame(frame))).toBe(
    'event: response.created\nid: 7\ndata: a\ndata: b\n\n',
  );
});

import { expect, test } from 'vitest';
import { type ChunkSource, relay } from './relay.ts';

const chunk = (text: string): Uint8Array => new TextEncoder().encode(text);
const onBreak = (): void => undefined;

function source(next: ChunkSource['next'], cancel: () => void = () => undefined): ChunkSource {
  return { next, cancel: async () => cancel() };
}

function sourceOf(...texts: readonly string[]): ChunkSource {
  const waiting = texts.map(chunk);
  return source(async () => waiting.shift());
}

test('sends the head, then the source, and ends', async () => {
  const stream = relay([chunk('he'), chunk('ad ')], sourceOf('re', 'st'), { onBreak });
  expect(await new Response(stream).text()).toBe('head rest');
});

test('reads nothing before the reader requests it', async () => {
  let read = 0;
  const endless = source(async () => {
    read += 1;
    return chunk('x');
  });
  const reader = relay([], endless, { onBreak }).getReader();
  await Promise.resolve();
  expect(read).toBe(0);
  await reader.read();
  await reader.read();
  expect(read).toBe(2);
});

test('cancelling the reader cancels the source', async () => {
  const ends: string[] = [];
  const endless = source(
    async () => chunk('x'),
    () => ends.push('cancelled'),
  );
  await relay([], endless, { onBreak, onEnd: async () => void ends.push('ended') }).cancel();
  expect(ends).toEqual(['cancelled', 'ended']);
});

test('ends after the received chunks if the source breaks, and passes the error to onBreak', async () => {
  const reported: unknown[] = [];
  const texts = ['some ', 'text'];
  let ends = 0;
  const broken = source(async () => {
    const text = texts.shift();
    if (text === undefined) throw new Error('ECONNRESET 10.0.0.7');
    return chunk(text);
  });
  const stream = relay([], broken, {
    onBreak: (error) => reported.push(error),
    onEnd: async () => void (ends += 1),
  });
  expect(await new Response(stream).text()).toBe('some text');
  expect(reported).toEqual([new Error('ECONNRESET 10.0.0.7')]);
  expect(ends).toBe(1);
});

import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { boundedText } from './bounded-text.ts';

function bodyOf(...chunks: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
}

test('reads a text to its end, even if chunks divide a character', async () => {
  const bytes = new TextEncoder().encode('grün');
  const pieces = [...bytes].map((byte) => Uint8Array.of(byte));
  expect(await boundedText(bodyOf(...pieces), 5)).toBe('grün');
  await expect(boundedText(bodyOf(...pieces), 4)).rejects.toThrow(RangeError);
});

test('stops reading an endless body at the limit (attack: an answer that unpacks to a gigabyte)', async () => {
  let cancelled = false;
  let pulled = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      pulled += 1;
      controller.enqueue(new Uint8Array(1_000));
    },
    cancel: () => {
      cancelled = true;
    },
  });
  await expect(boundedText(endless, 10_000)).rejects.toThrow('longer than 10000 bytes');
  expect(cancelled).toBe(true);
  expect(pulled).toBeLessThan(20);
});

test('counts unpacked bytes', async () => {
  const bomb = new Blob([Uint8Array.from(gzipSync(Buffer.alloc(10_000_000)))]).stream();
  const unpacked = bomb.pipeThrough(new DecompressionStream('gzip'));
  await expect(boundedText(unpacked, 100_000)).rejects.toThrow(RangeError);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Frame } from './frame.ts';
import { FrameBuffer } from './frame-buffer.ts';

function frame(seq: number, delta = 'x'): Frame {
  return new Frame('run-1', {
    ...{ type: 'text.delta', iteration: 0, outputIndex: 0, contentIndex: 0, delta },
    seq,
    at: 0,
  });
}

test('a frame is written with its number, or with its run', () => {
  const text = (form: 'single' | 'multi') => new TextDecoder().decode(frame(7, 'a\nb').bytes(form));
  const event = String.raw`{"type":"text.delta","iteration":0,"outputIndex":0,"contentIndex":0,"delta":"a\nb","seq":7,"at":0}`;
  expect(text('single')).toBe(`id: 7\ndata: ${event}\n\n`);
  expect(text('multi')).toBe(`data: {"runId":"run-1","event":${event}}\n\n`);
});

test('a frame is encoded once for each form', () => {
  const one = frame(1);
  expect(one.bytes('single')).toBe(one.bytes('single'));
  expect(one.bytes('multi')).toBe(one.bytes('multi'));
});

test('any number of a kept frame can be continued, and no other number', () => {
  const gaps = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 60 });
  fc.assert(
    fc.property(fc.nat(1_000), gaps, (seq, steps) => {
      const buffer = new FrameBuffer(seq);
      const numbers = steps.reduce<number[]>((all, step) => [...all, (all.at(-1) ?? seq) + step], []);
      for (const number of numbers) buffer.push(frame(number));
      for (let after = seq - 2; after <= (numbers.at(-1) ?? seq) + 2; after += 1) {
        const known = [seq, ...numbers].lastIndexOf(after);
        expect(buffer.numberAfter(after)).toBe(known === -1 ? undefined : known);
      }
    }),
  );
});

test('old frames are removed above 2,000 frames, and above a length', () => {
  const buffer = new FrameBuffer(0);
  for (let seq = 1; seq <= 5_000; seq += 1) buffer.push(frame(seq));
  expect(buffer.end).toBe(5_000);
  expect(buffer.first).toBe(3_000);
  expect(buffer.at(2_999)).toBeUndefined();
  expect(buffer.at(3_000)?.seq).toBe(3_001);
  expect(buffer.numberAfter(3_000)).toBe(3_000);
  expect(buffer.numberAfter(2_999)).toBeUndefined();
  buffer.push(frame(5_001, 'x'.repeat(2 ** 20)));
  expect(buffer.first).toBe(5_000);
  expect(buffer.numberAfter(5_000)).toBe(5_000);
  buffer.push(frame(5_002));
  expect(buffer.at(buffer.first)?.seq).toBe(5_002);
  expect(buffer.numberAfter(5_001)).toBe(5_001);
});

test('frames that most pages have received do not keep their bytes, and a slow page encodes them again', () => {
  const buffer = new FrameBuffer(0);
  const first = frame(1);
  buffer.push(first);
  const bytes = first.bytes('multi');
  for (let seq = 2; seq <= 32; seq += 1) buffer.push(frame(seq));
  expect(first.bytes('multi')).toBe(bytes);
  buffer.push(frame(33));
  expect(first.bytes('multi')).not.toBe(bytes);
  expect(first.bytes('multi')).toEqual(bytes);
});

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FrameParser } from './frame-parser.ts';
import { encodeFrame, type Frame } from './frame.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

function framesOf(...chunks: readonly (string | Uint8Array)[]): readonly Frame[] {
  const parser = new FrameParser();
  const frames = chunks.flatMap((chunk) => parser.feed(typeof chunk === 'string' ? encode(chunk) : chunk));
  return [...frames, ...parser.end()];
}

const first = { event: 'response.created', data: '{"a":"ü"}', id: undefined };
const text = 'event: response.created\ndata: {"a":"ü"}\n\n: keep-alive\n\ndata: [DONE]\n\n';

test('divides bytes into frames and comments', () => {
  expect(framesOf(text)).toEqual([
    first,
    { comment: '' },
    { event: undefined, data: '[DONE]', id: undefined },
  ]);
});

test('finds the same frames if the bytes are divided elsewhere, even within a character', () => {
  const whole = framesOf(text);
  const bytes = encode(text);
  fc.assert(
    fc.property(fc.array(fc.nat({ max: bytes.length }), { maxLength: 12 }), (cuts) => {
      const sorted = [0, ...cuts, bytes.length].toSorted((a, b) => a - b);
      const chunks = sorted.slice(1).map((end, index) => bytes.slice(sorted[index], end));
      expect(framesOf(...chunks)).toEqual(whole);
    }),
  );
});

test('completes a frame when its blank line arrives, not with the next chunk', () => {
  const parser = new FrameParser();
  expect(parser.feed(encode('event: response.created\ndata: {"a":"ü"}\n'))).toEqual([]);
  expect(parser.feed(encode('\n'))).toEqual([first]);
});

test('reads other line ends, several data lines, and a last event without its blank line', () => {
  expect(framesOf('data: a\r\ndata: b\r\n\r\n')).toEqual([{ event: undefined, data: 'a\nb', id: undefined }]);
  expect(framesOf('event: x\ndata: 1')).toEqual([{ event: 'x', data: '1', id: undefined }]);
});

test('encodes a frame as one chunk, which parses to the same frame', () => {
  const frame: Frame = { event: 'response.created', data: 'a\nb', id: '7' };
  expect(framesOf(encodeFrame(frame))).toEqual([frame]);
  expect(new TextDecoder().decode(encodeFrame(frame))).toBe(
    'event: response.created\nid: 7\ndata: a\ndata: b\n\n',
  );
});

describe('throws for a frame that does not end (attack: a gigabyte of memory):', () => {
  test.each([
    ['one long line', 'data: ', 'x'.repeat(2 ** 20)],
    ['long lines', '', `data: ${'x'.repeat(2 ** 20)}\n`],
    ['short lines', '', 'data:a\n'.repeat(1_000)],
    ['short lines with another end', '', 'data:a\r'.repeat(1_000)],
    ['short lines with comments between them', '', 'data:a\n:\n'.repeat(1_000)],
    ['lines without meaning', '', 'foo: bar\n'.repeat(1_000)],
  ])('%s', (_, begin, piece) => {
    const parser = new FrameParser();
    parser.feed(encode(begin));
    const bytes = encode(piece);
    expect(() => {
      for (let fed = 0; fed < 200; fed += 1) parser.feed(bytes);
    }).toThrow(/too long|max buffer size/);
  });

  test('accepts many frames in one stream', () => {
    const parser = new FrameParser();
    const bytes = encode(`data: ${'x'.repeat(2 ** 20)}\n\n`);
    for (let fed = 0; fed < 100; fed += 1) expect(parser.feed(bytes)).toHaveLength(1);
  });
});

test('merges consecutive comments, because they only keep the connection alive', () => {
  const parser = new FrameParser();
  expect(parser.feed(encode(':\n'.repeat(30_000)))).toEqual([{ comment: '' }]);
});

describe('does not count lines that only keep a connection alive as part of a frame (attack: a job of days with pings):', () => {
  test.each([
    ['comments', ': ping\n\n', 100_000],
    ['comments within an event', ': ping\n', 100_000],
    ['blank lines', '\n', 200_000],
    ['fields without data', 'event: ping\nid: 1\nretry: 5\n\n', 60_000],
    ['long comments', `: ${'x'.repeat(2 ** 20)}\n`, 70],
  ])('%s', (_, ping, times) => {
    const parser = new FrameParser();
    parser.feed(encode('data: a\n'));
    const perChunk = Math.min(times, 5_000);
    for (let sent = 0; sent < times; sent += perChunk) parser.feed(encode(ping.repeat(perChunk)));
    const frames = parser.feed(encode('data: b\n\n'));
    expect(frames.at(-1)).toMatchObject({ data: expect.stringMatching(/^(?:a\n)?b$/) });
  });
});

test('counts lines regardless of how they are divided', () => {
  for (const pieces of [
    ['da', 'ta:x\n'],
    ['data:', 'x\r\n'],
    ['data', '\n'],
    ['data:x', '\r'],
    ['data:x\r', '\n'],
  ]) {
    const parser = new FrameParser();
    expect(() => {
      for (let line = 0; line < 50_010; line += 1) for (const piece of pieces) parser.feed(encode(piece));
    }).toThrow(RangeError);
  }
});

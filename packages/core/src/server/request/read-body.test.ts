import { describe, expect, test } from 'vitest';
import { manualClock } from '../../testing/manual-clock.ts';
import { readBody } from './read-body.ts';

const limits = { maxBodyBytes: 20, bodyTimeoutMs: 10_000 };
const clock = manualClock();
const json = { 'content-type': 'application/json' };

function post(body: BodyInit | null, headers: HeadersInit = json): Request {
  return new Request('http://site.test/responses', {
    method: 'POST',
    headers,
    body,
    ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
  });
}

test('reads a body of pieces, cut within a character', async () => {
  const bytes = new TextEncoder().encode('{"a":"ü"}');
  const pieces = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
      controller.close();
    },
  });
  expect(await readBody(post(pieces), limits, clock)).toBe('{"a":"ü"}');
});

test('an empty body is an empty text', async () => {
  expect(await readBody(post(null), limits, clock)).toBe('');
});

test('exactly the limit is taken, one byte more is not', async () => {
  expect(await readBody(post('x'.repeat(20)), limits, clock)).toHaveLength(20);
  await expect(readBody(post('x'.repeat(21)), limits, clock)).rejects.toMatchObject({ status: 413 });
});

test('an announced size is refused before a byte is read', async () => {
  const request = post('x', { ...json, 'content-length': '21' });
  await expect(readBody(request, limits, clock)).rejects.toMatchObject({ status: 413 });
  expect(request.bodyUsed).toBe(false);
});

test('an endless body without a size is given up at the limit', async () => {
  let cancelled = false;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(8)),
    cancel: () => {
      cancelled = true;
    },
  });
  await expect(readBody(post(endless), limits, clock)).rejects.toMatchObject({ status: 413 });
  expect(cancelled).toBe(true);
});

test('a body that drips is given up when its time is over, however often a byte comes', async () => {
  const time = manualClock();
  let cancelled = false;
  let drip: () => void = () => undefined;
  const slow = new ReadableStream<Uint8Array>({
    start(controller) {
      drip = () => controller.enqueue(Uint8Array.of(0x20));
    },
    cancel: () => {
      cancelled = true;
    },
  });
  const refused = readBody(post(slow), limits, time).catch((error: unknown) => error);
  for (let second = 0; second < 10; second += 1) {
    drip();
    await time.advance(1_000);
  }
  expect(await refused).toMatchObject({ status: 408 });
  expect(cancelled).toBe(true);
});

test('a body that came in time leaves no timer behind', async () => {
  const time = manualClock();
  await readBody(post('{}'), limits, time);
  await time.advance(0);
  expect(time.pending).toBe(0);
});

test('a body that breaks off, or is no UTF-8, is refused', async () => {
  const broken = new ReadableStream<Uint8Array>({
    start: (controller) => controller.error(new Error('reset')),
  });
  await expect(readBody(post(broken), limits, clock)).rejects.toMatchObject({ status: 400 });
  await expect(readBody(post(Uint8Array.of(0xff, 0xfe)), limits, clock)).rejects.toMatchObject({
    status: 400,
  });
});

describe('only plain JSON is taken:', () => {
  test.each([
    [{}],
    [{ 'content-type': 'text/plain' }],
    [{ 'content-type': 'application/x-www-form-urlencoded' }],
    [{ 'content-type': 'multipart/form-data; boundary=x' }],
    [{ 'content-type': 'application/jsonp' }],
    [{ 'content-type': 'text/plain, application/json' }],
    [{ ...json, 'content-encoding': 'gzip' }],
  ])('%o is refused', async (headers) => {
    await expect(readBody(post('{}', headers), limits, clock)).rejects.toMatchObject({ status: 415 });
  });

  test.each(['application/json', 'Application/JSON', 'application/json; charset=utf-8'])(
    '%s passes',
    async (type) => {
      expect(await readBody(post('{}', { 'content-type': type }), limits, clock)).toBe('{}');
    },
  );
});

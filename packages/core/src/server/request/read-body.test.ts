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

test('reads a body whose chunks are divided within a character', async () => {
  const bytes = new TextEncoder().encode('{"a":"ü"}');
  const pieces = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
      controller.close();
    },
  });
  expect(await readBody(post(pieces), limits, clock)).toBe('{"a":"ü"}');
});

test('reads an empty body as an empty text', async () => {
  expect(await readBody(post(null), limits, clock)).toBe('');
});

test('accepts a body of exactly the limit, and refuses one byte more', async () => {
  expect(await readBody(post('x'.repeat(20)), limits, clock)).toHaveLength(20);
  await expect(readBody(post('x'.repeat(21)), limits, clock)).rejects.toMatchObject({ status: 413 });
});

test('refuses a content-length over the limit before it reads a byte', async () => {
  const request = post('x', { ...json, 'content-length': '21' });
  await expect(readBody(request, limits, clock)).rejects.toMatchObject({ status: 413 });
  expect(request.bodyUsed).toBe(false);
});

test('stops reading an endless body without content-length at the limit', async () => {
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

test('stops reading a slow body after the time limit, even if bytes still arrive', async () => {
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

test('clears the timer when a body arrives in time', async () => {
  const time = manualClock();
  await readBody(post('{}'), limits, time);
  await time.advance(0);
  expect(time.pending).toBe(0);
});

test('refuses a body that breaks or is not UTF-8', async () => {
  const broken = new ReadableStream<Uint8Array>({
    start: (controller) => controller.error(new Error('reset')),
  });
  await expect(readBody(post(broken), limits, clock)).rejects.toMatchObject({ status: 400 });
  await expect(readBody(post(Uint8Array.of(0xff, 0xfe)), limits, clock)).rejects.toMatchObject({
    status: 400,
  });
});

describe('accepts only plain JSON:', () => {
  test.each([
    [{}],
    [{ 'content-type': 'text/plain' }],
    [{ 'content-type': 'application/x-www-form-urlencoded' }],
    [{ 'content-type': 'multipart/form-data; boundary=x' }],
    [{ 'content-type': 'application/jsonp' }],
    [{ 'content-type': 'text/plain, application/json' }],
    [{ ...json, 'content-encoding': 'gzip' }],
  ])('refuses %o', async (headers) => {
    await expect(readBody(post('{}', headers), limits, clock)).rejects.toMatchObject({ status: 415 });
  });

  test.each(['application/json', 'Application/JSON', 'application/json; charset=utf-8'])(
    'accepts %s',
    async (type) => {
      expect(await readBody(post('{}', { 'content-type': type }), limits, clock)).toBe('{}');
    },
  );
});

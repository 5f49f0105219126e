import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readResponse } from './read-json.ts';
import { sendJson, snapshot, startApi, startEvents } from './scripted-api.ts';
import { startSite } from './site.ts';
import { until } from './until.ts';
import { BodyReader } from './body-reader.ts';
import { streamed, delta } from './streamed-text.ts';

test('each event reaches the client before the API sends the next one', async () => {
  const steps: (() => void)[] = [];
  await using api = await startApi(async (_request, outgoing) => {
    startEvents(outgoing);
    outgoing.write(snapshot('response.created', 0, 'queued'));
    for (const [index, text] of ['one', 'two', 'three'].entries()) {
      await new Promise<void>((resolve) => steps.push(resolve));
      outgoing.write(delta(text, index + 1));
    }
    outgoing.end(snapshot('response.completed', 4, 'completed'));
  });
  await using site = await startSite(api);
  const reader = new BodyReader(await site.create(streamed));
  expect(await reader.until('response.created')).toContain('response.created');
  for (const text of ['one', 'two', 'three']) {
    // The API continues only after the client has received the previous event.
    await until(() => steps.length > 0);
    steps.shift()?.();
    expect(await reader.until(text)).toContain(text);
  }
  expect(await reader.until('response.completed')).toContain('response.completed');
});

test('a frame that is divided anywhere, even within an id or a character, arrives complete', async () => {
  const text =
    snapshot('response.created', 0, 'queued') +
    delta('grün', 1) +
    snapshot('response.completed', 2, 'completed');
  await using api = await startApi(async (_request, outgoing) => {
    startEvents(outgoing);
    for (const byte of new TextEncoder().encode(text)) {
      // Each byte is in a separate packet.
      await new Promise<void>((resolve) => outgoing.write(Uint8Array.of(byte), () => resolve()));
    }
    outgoing.end();
  });
  await using site = await startSite(api);
  const read = await (await site.create(streamed)).text();
  expect(read.match(/^event: .*$/gm)).toEqual([
    'event: response.created',
    'event: response.output_text.delta',
    'event: response.completed',
  ]);
  expect(read).toContain('"delta":"grün"');
  expect(read).not.toContain('resp_raw');
});

test('forwards [DONE], forwards comments without their text, and drops data that is not an event', async () => {
  await using api = await startApi((_request, outgoing) => {
    startEvents(outgoing);
    outgoing.end(
      `: gateway-7 keep-alive\n\n${snapshot('response.created', 0, 'queued')}data: <html>upstream gateway.internal</html>\n\n` +
        `data: {"cut":\n\n${snapshot('response.completed', 1, 'completed')}data: [DONE]\n\n`,
    );
  });
  await using site = await startSite(api);
  const read = await (await site.create(streamed)).text();
  expect(read).toMatch(/^:\n\n/);
  expect(read).toMatch(/data: \[DONE\]\n\n$/);
  expect(read).not.toMatch(/gateway|cut/);
});

test('a broken stream ends at the client after the received events, and the error is reported to the operator', async () => {
  await using api = await startApi((_request, outgoing) => {
    startEvents(outgoing);
    outgoing.write(snapshot('response.created', 0, 'queued') + delta('some', 1), () => outgoing.destroy());
  });
  await using site = await startSite(api);
  const read = await (await site.create(streamed)).text();
  expect(read).toContain('some');
  expect(read).toMatch(/\n\n$/);
  expect(site.errors).toHaveLength(1);
});

describe('limits the size of the API’s answer (attack: a compressed answer of 40 MB):', () => {
  const text = JSON.stringify({ id: 'resp_raw', status: 'queued', instructions: 'x'.repeat(40 * 2 ** 20) });
  const bomb = gzipSync(text);

  test('a poll', async () => {
    await using api = await startApi(({ method }, outgoing) => {
      if (method === 'POST') return sendJson(outgoing, { id: 'resp_raw', status: 'queued' });
      outgoing.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
      outgoing.end(bomb);
    });
    await using site = await startSite(api);
    const { id } = await readResponse(await site.create({ ...streamed, stream: false }));
    expect((await site.ask(`/responses/${id}`)).status).toBe(502);
  });

  test('an event of a stream', async () => {
    let sent = 0;
    await using api = await startApi(async ({ gone }, outgoing) => {
      startEvents(outgoing);
      outgoing.write(snapshot('response.created', 0, 'queued'));
      const lines = 'data:a\n'.repeat(10_000);
      while (!gone.aborted && sent < 500) {
        sent += 1;
        if (!outgoing.write(lines)) await Promise.race([once(outgoing, 'drain'), once(gone, 'abort')]);
      }
      outgoing.end();
    });
    await using site = await startSite(api);
    const read = await (await site.create(streamed)).text();
    expect(read).toMatch(/^event: response\.created\n[^]*\n\n$/);
    expect(read.length).toBeLessThan(1_000);
    await until(() => site.errors.length === 1);
    expect(sent).toBeLessThan(500);
  });
});

test('does not buffer a stream without a response id (attack: events without a response)', async () => {
  await using api = await startApi(async ({ gone }, outgoing) => {
    startEvents(outgoing);
    const piece = delta('x'.repeat(64 * 1024), 1);
    while (!gone.aborted) {
      if (!outgoing.write(piece)) await Promise.race([once(outgoing, 'drain'), once(gone, 'abort')]);
    }
  });
  await using site = await startSite(api);
  for (const background of [true, false]) {
    const answer = await site.create({ ...streamed, background });
    expect(answer.status).toBe(200);
    const reader = answer.body?.getReader();
    expect((await reader?.read())?.done).toBe(false);
    await reader?.cancel();
  }
});

import { request as httpRequest } from 'node:http';
import { describe, expect, test } from 'vitest';
import { createEmulator, type EmulatorOptions } from './index.ts';
import { serveEmulator } from './node.ts';

const create = { model: 'm', input: 'Hi', background: true };

async function serve(options: Partial<EmulatorOptions> = {}) {
  const emulator = createEmulator({ script: [{ text: 'Hi' }], queuedMs: 0, runMs: 0, ...options });
  const server = await serveEmulator(emulator);
  const post = (body: object, signal?: AbortSignal): Promise<Response> =>
    fetch(`${server.url}/responses`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      ...(signal === undefined ? {} : { signal }),
    });
  return { emulator, server, post, [Symbol.asyncDispose]: () => server.close() };
}

/** Waits for something that happens on the other side of a socket. */
async function eventually(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

test('an option that does not exist is rejected', async () => {
  const served = Reflect.apply(serveEmulator, undefined, [createEmulator({ script: [] }), { prt: 5 }]);
  await expect(served).rejects.toMatchObject({ code: 'configuration', option: 'prt' });
});

describe('an emulator served over HTTP', () => {
  test('answers under /v1 on a free loopback port until it is closed', async () => {
    const { server, post } = await serve();
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1$/);
    expect((await post(create)).status).toBe(200);
    await server.close();
    await expect(post(create)).rejects.toThrow('fetch failed');
  });

  test('sends the headers of a stream before its first event, so that clients know that the stream was accepted', async () => {
    await using world = await serve({ faults: [{ fault: 'gap', n: 0, size: 1000 }], queuedMs: 60_000 });
    const controller = new AbortController();
    const response = await world.post({ ...create, stream: true }, controller.signal);
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    controller.abort();
  });

  test('writes each event in one piece', async () => {
    await using world = await serve();
    const response = await world.post({ ...create, stream: true });
    for await (const chunk of response.body ?? []) expect(new TextDecoder().decode(chunk)).toMatch(/\n\n$/);
  });

  test('cancels a foreground response when its client disconnects, and continues a background response', async () => {
    await using world = await serve({ runMs: 60_000 });
    for (const background of [false, true]) {
      const controller = new AbortController();
      const response = await world.post({ ...create, background, stream: true }, controller.signal);
      await response.body?.getReader().read();
      controller.abort();
    }
    await eventually(() => world.emulator.snapshot().responses[0]?.cancelled !== null);
    expect(world.emulator.snapshot().responses.map(({ cancelled }) => cancelled === null)).toEqual([
      false,
      true,
    ]);
  });

  test('cancels a foreground JSON create when its client disconnects', async () => {
    await using world = await serve({ runMs: 60_000 });
    const controller = new AbortController();
    const answer = world.post({ ...create, background: false }, controller.signal);
    answer.catch(() => undefined);
    await eventually(() => world.emulator.snapshot().responses.length === 1);
    controller.abort();
    await eventually(() => world.emulator.snapshot().responses[0]?.cancelled !== null);
    await expect(answer).rejects.toThrow('abort');
  });

  test.each(['refused', 'reset'] as const)('%s breaks the connection without an answer', async (fault) => {
    await using world = await serve({ faults: [{ fault }] });
    await expect(world.post(create)).rejects.toThrow('fetch failed');
    expect(world.emulator.requests).toHaveLength(fault === 'refused' ? 0 : 1);
  });

  test('cut-body breaks the connection in the middle of the body', async () => {
    await using world = await serve({ faults: [{ fault: 'cut-body' }] });
    const response = await world.post(create);
    await expect(response.text()).rejects.toThrow('terminated');
  });

  test('still answers after a client has disconnected in the middle of its request', async () => {
    await using world = await serve();
    const sending = httpRequest(`${world.server.url}/responses`, {
      method: 'POST',
      headers: { 'content-length': '1000' },
    });
    sending.on('error', () => undefined);
    sending.write('{"model":');
    await new Promise((resolve) => sending.once('socket', resolve));
    sending.destroy();
    expect((await world.post(create)).status).toBe(200);
    expect(world.emulator.requests).toHaveLength(1);
  });
});

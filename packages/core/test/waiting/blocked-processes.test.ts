import { expect, test } from 'vitest';
import * as z from 'zod';
import { functionCall, messageOf, responseOf } from '../../test-support/hand-server.ts';
import { openStream } from '../../test-support/sse-answer.ts';
import { defineAgent } from '../../src/agent/define-agent.ts';
import { tool } from '../../src/agent/tool.ts';
import { fetchClient } from '../../src/client/fetch-client.ts';
import type { Clock } from '../../src/clock/clock.ts';
import { createRunner } from '../../src/driver/runner/create-runner.ts';
import { manualClock } from '../../src/testing/index.ts';

const minute = 60_000;

/**
 * The clocks of a process whose event loop can be blocked. When the block ends, due timers fire first, and the data
 * that has arrived is read 300 ms later.
 */
function blockable() {
  const clock = manualClock(1_770_000_000_000);
  let until = 0;
  const given: Clock = {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    sleep: async (ms, signal) => {
      await clock.sleep(ms, signal);
      while (signal?.aborted !== true && clock.monotonic() < until)
        await clock.sleep(until - clock.monotonic(), signal);
    },
  };
  return {
    clock,
    given,
    /** Blocks the event loop for `ms`, then calls `read`, which delivers the data that has arrived. */
    block: async (ms: number, read: () => void): Promise<void> => {
      until = clock.monotonic() + ms;
      await clock.advance(ms);
      await clock.advance(300);
      read();
      await clock.advance(5_000);
    },
  };
}

function blockableClient(answer: (path: string, count: number) => Response | Promise<Response>) {
  const { clock, given, block } = blockable();
  const seen: { readonly path: string; readonly stream: boolean }[] = [];
  const client = fetchClient({
    baseURL: 'http://server.test/v1',
    fetch: async (url, init) => {
      const path = url.slice('http://server.test/v1'.length);
      seen.push({ path, stream: typeof init?.body === 'string' && init.body.includes('"stream":true') });
      return answer(path, seen.length);
    },
  });
  return { clock, given, block, client, seen };
}

const done = (background: boolean) =>
  responseOf('resp_1', 'completed', { background, output: [messageOf('ok')] });

test.each([true, false])(
  'a stream whose events arrived while the event loop was blocked is not idle (background: %s)',
  async (background) => {
    const stream = openStream();
    const { clock, given, block, client, seen } = blockableClient(() => stream.answer);
    const agent = defineAgent({ name: 'a', model: 'm', background });
    const run = createRunner({ client, clock: given }).start(agent, 'Hi');
    await clock.advance(1_000);
    stream.write({ type: 'response.created', response: responseOf('resp_1', 'in_progress', { background }) });
    await clock.advance(1_000);
    await block(2 * minute, () => stream.write({ type: 'response.completed', response: done(background) }));
    expect(run.view).toMatchObject({ status: 'completed', text: 'ok' });
    expect(seen).toHaveLength(1);
  },
);

test('a create whose answer arrived while the event loop was blocked is not sent again', async () => {
  const answer = Promise.withResolvers<Response>();
  const { clock, given, block, client, seen } = blockableClient(() => answer.promise);
  const agent = defineAgent({ name: 'a', model: 'm' });
  const run = createRunner({ client, clock: given, mode: 'poll' }).start(agent, 'Hi');
  await clock.advance(29 * minute);
  await block(2 * minute, () => answer.resolve(Response.json(done(true))));
  expect(run.view).toMatchObject({ status: 'completed', text: 'ok', warnings: [] });
  expect(seen).toHaveLength(1);
});

test('a stream that started while the event loop was blocked does not count as buffered by a proxy', async () => {
  const streams = [openStream(), openStream()];
  const { clock, given, block, client, seen } = blockableClient((_path, count) => {
    const stream = streams[count - 1] ?? openStream();
    if (count > 1) stream.write({ type: 'response.completed', response: done(true) });
    return stream.answer;
  });
  const agent = defineAgent({ name: 'a', model: 'm' });
  const runner = createRunner({ client, clock: given });
  const run = runner.start(agent, 'Hi');
  await clock.advance(1_000);
  await block(2 * minute, () => streams[0]?.write({ type: 'response.completed', response: done(true) }));
  expect(run.view).toMatchObject({ status: 'completed', text: 'ok' });
  runner.start(agent, 'Hi');
  await clock.advance(1_000);
  expect(seen.map(({ stream }) => stream)).toEqual([true, true]);
});

test('a cancel whose answer arrived while the event loop was blocked counts as delivered', async () => {
  const answer = Promise.withResolvers<Response>();
  const { clock, given, block, client } = blockableClient((path) =>
    path.endsWith('/cancel') ? answer.promise : Response.json(responseOf('resp_1', 'in_progress')),
  );
  const agent = defineAgent({ name: 'a', model: 'm' });
  const run = createRunner({ client, clock: given, mode: 'poll' }).start(agent, 'Hi');
  await clock.advance(1_000);
  void run.cancel();
  await clock.advance(1_000);
  const usage = { input_tokens: 1, output_tokens: 1, total_tokens: 2 };
  await block(minute, () => answer.resolve(Response.json(responseOf('resp_1', 'cancelled', { usage }))));
  expect(run.view).toMatchObject({ status: 'cancelled', warnings: [] });
});

test('a tool that finished while the event loop was blocked does not time out', async () => {
  const result = Promise.withResolvers<string>();
  const slow = tool({
    name: 'slow',
    parameters: z.object({}),
    timeoutMs: 30_000,
    execute: () => result.promise,
  });
  const { clock, given, block, client } = blockableClient((_path, count) =>
    Response.json(
      count === 1
        ? responseOf('resp_1', 'completed', { output: [functionCall('call_1', 'slow', {})] })
        : responseOf('resp_2', 'completed', { output: [messageOf('ok')] }),
    ),
  );
  const agent = defineAgent({ name: 'a', model: 'm', tools: [slow] });
  const run = createRunner({ client, clock: given, mode: 'poll' }).start(agent, 'Hi');
  await clock.advance(1_000);
  await block(minute, () => result.resolve('dry'));
  expect(run.view.toolCalls).toMatchObject([{ status: 'completed' }]);
});

import { expect, test } from 'vitest';
import * as z from 'zod';
import { tool, type ToolContext } from '../../src/agent/tool.ts';
import { manualClock } from '../../src/testing/manual-clock.ts';
import { fastUntil, hastyClock, HandPage, openPage } from '../../test-support/remote/page.ts';
import { runsServer, type Fault } from '../../test-support/remote/runs-server.ts';

const parameters = z.object({ precise: z.boolean() });
const args = '{"precise":true}';

/** A run whose call waits for an output of the page. */
async function waiting(rawArguments = args) {
  const server = await runsServer();
  const served = server.add('a');
  served.stream();
  served.ask('call_1', 'get_location', 'output', rawArguments);
  return { server, served };
}

async function observe(
  url: string,
  execute: (args: { precise: boolean }, context: ToolContext) => unknown,
  more = {},
) {
  const runner = openPage(url, {
    clock: hastyClock(10),
    tools: [tool({ name: 'get_location', parameters, execute, ...more })],
  });
  const run = await runner.follow('a');
  run.subscribe(() => undefined);
  return { runner, run };
}

test('a page leases the call, executes it once and sends the output with the lease', async () => {
  const { server, served } = await waiting();
  const contexts: ToolContext[] = [];
  const { run } = await observe(server.url, (given, context) => {
    expect(given).toEqual({ precise: true });
    contexts.push(context);
    return { city: 'Paris' };
  });
  await expect.poll(() => server.decided).toHaveLength(1);
  const { leaseId } = server.decided[0] ?? {};
  expect(server.decided).toEqual([
    {
      type: 'output',
      callId: 'call_1',
      output: { city: 'Paris' },
      leaseId: served.leases.get('call_1')?.leaseId,
    },
  ]);
  expect(leaseId).toEqual(expect.any(String));
  expect(contexts).toMatchObject([
    { runId: 'a', callId: 'call_1', idempotencyKey: 'a/0/call_1', context: undefined },
  ]);
  expect(server.requests('POST', '/decisions')[0]?.body).toMatchObject({ iteration: 0 });
  await expect.poll(() => run.view.toolCalls[0]?.status).toBe('completed');
  expect(contexts).toHaveLength(1);
});

test('a run that the page does not observe, and a tool of another name, are left alone', async () => {
  const { server, served } = await waiting();
  served.ask('call_2', 'other', 'output');
  const runner = openPage(server.url, {
    tools: [tool({ name: 'other_page_tool', parameters, execute: () => 1 })],
  });
  const run = await runner.follow('a');
  expect(run.view.toolCalls).toHaveLength(2);
  run.subscribe(() => undefined);
  await expect.poll(() => server.openStreams).toBe(1);
  expect(server.requests('POST', '/lease')).toEqual([]);
});

test.each([
  ['invalid arguments', '{"precise":"very"}', (): unknown => 1, 'precise'],
  ['arguments that are not JSON', '{', (): unknown => 1, 'JSON'],
  ['an error of `execute`', args, () => Promise.reject(new Error('No permission.')), 'No permission.'],
  ['a result that JSON cannot represent', args, () => new WeakMap(), 'JSON cannot represent'],
] as const)('%s are sent as an error', async (_name, raw, execute, message) => {
  const { server } = await waiting(raw);
  await observe(server.url, execute);
  await expect.poll(() => server.decided).toHaveLength(1);
  expect(server.decided[0]).toMatchObject({
    type: 'error',
    callId: 'call_1',
    message: expect.stringContaining(message),
  });
});

test('an output that the server refuses is sent as an error', async () => {
  const { server } = await waiting();
  server.fault = ({ path, body }) =>
    path.endsWith('/decisions') && JSON.stringify(body).includes('"output"') ? 413 : undefined;
  await observe(server.url, () => 'large');
  await expect.poll(() => server.decided).toMatchObject([{ type: 'error', message: 'The fault 413.' }]);
});

test('lost requests and answers do not execute the call twice', async () => {
  const { server } = await waiting();
  const faults: readonly Fault[] = ['break', 'break-after', 401, 'break-after', 503];
  const counts = new Map<string, number>();
  server.fault = ({ method, path }) => {
    const count = counts.get(path) ?? 0;
    counts.set(path, count + 1);
    return method === 'POST' ? faults[count] : undefined;
  };
  let executions = 0;
  await observe(server.url, () => (executions += 1));
  await expect.poll(() => server.decided).toHaveLength(1);
  expect(executions).toBe(1);
});

test('of two pages, one executes the call', async () => {
  const { server } = await waiting();
  const executions: string[] = [];
  const wait = Promise.withResolvers<void>();
  for (const page of ['one', 'two'])
    await observe(server.url, async () => {
      executions.push(page);
      await wait.promise;
      return page;
    });
  await expect.poll(() => server.requests('POST', '/lease').length).toBeGreaterThan(1);
  await expect.poll(() => executions).toHaveLength(1);
  wait.resolve();
  await expect.poll(() => server.decided).toHaveLength(1);
  expect(server.decided[0]).toMatchObject({ output: executions[0] });
});

async function slowPage(execute: (args: { precise: boolean }, context: ToolContext) => unknown, more = {}) {
  const { server, served } = await waiting();
  const clock = manualClock(1_770_000_000_000);
  server.now = () => clock.now();
  const tools = [tool({ name: 'get_location', parameters, execute, ...more })];
  const runner = openPage(server.url, { clock, tools }, new HandPage());
  const run = await runner.follow('a');
  run.subscribe(() => undefined);
  return { server, served, clock, runner, run };
}

test('the page renews the lease while the tool runs, and aborts the tool when it has lost the lease', async () => {
  let signal: AbortSignal | undefined;
  const { server, clock } = await slowPage((_args, context) => {
    signal = context.signal;
    return new Promise(() => undefined);
  });
  await fastUntil(clock, () => server.requests('POST', '/lease').length >= 4);
  const ids = server.requests('POST', '/lease').map(({ body }) => body['leaseId']);
  expect(new Set(ids).size).toBe(1);
  expect(signal?.aborted).toBe(false);
  server.fault = ({ path }) => (path.endsWith('/lease') ? 409 : undefined);
  await fastUntil(clock, () => signal?.aborted === true);
  expect(server.decided).toEqual([]);
});

test('a page waits for the end of another page’s lease', async () => {
  const executed: number[] = [];
  const { server, served, clock } = await slowPage(() => executed.push(clock.now()));
  const expiresAt = clock.now() + 30_000;
  served.leases.set('call_1', { leaseId: 'of another page', expiresAt });
  await fastUntil(clock, () => executed.length > 0);
  expect(executed[0]).toBeGreaterThanOrEqual(expiresAt);
  await fastUntil(clock, () => server.decided.length === 1);
});

test('a tool that takes longer than its limit is sent as an error', async () => {
  const { server, clock } = await slowPage(() => new Promise(() => undefined), { timeoutMs: 5_000 });
  await fastUntil(clock, () => server.decided.length === 1);
  expect(server.decided[0]).toMatchObject({ type: 'error', message: expect.stringContaining('5000 ms') });
});

test.each(['detach', 'close'] as const)('`%s` aborts the tools, and nothing is sent', async (how) => {
  let signal: AbortSignal | undefined;
  const { server, clock, runner, run } = await slowPage((_args, context) => {
    signal = context.signal;
    return new Promise(() => undefined);
  });
  await fastUntil(clock, () => signal !== undefined);
  await (how === 'detach' ? run.detach({ graceMs: 0 }) : runner.close({ graceMs: 0 }));
  expect(signal?.aborted).toBe(true);
  expect(server.decided).toEqual([]);
});

test('a tool is aborted when its call no longer waits, for example after a cancel', async () => {
  let signal: AbortSignal | undefined;
  const { server, served, clock } = await slowPage((_args, context) => {
    signal = context.signal;
    return new Promise(() => undefined);
  });
  await fastUntil(clock, () => signal !== undefined);
  served.emit({ type: 'run.ended', status: 'cancelled', usage: served.view.usage });
  await fastUntil(clock, () => signal?.aborted === true);
  expect(server.decided).toEqual([]);
});

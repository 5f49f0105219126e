import { expect, test } from 'vitest';
import { hastyClock, openPage } from '../../test-support/remote/page.ts';
import { runsServer } from '../../test-support/remote/runs-server.ts';

const clock = hastyClock(10);

async function asking() {
  const server = await runsServer();
  const served = server.add('a');
  served.stream();
  served.ask('call_1', 'pay');
  const runner = openPage(server.url, { clock });
  return { server, served, runner, run: await runner.follow('a') };
}

test('a decision names its iteration and resolves when the server has answered', async () => {
  const { server, run } = await asking();
  await run.approve('call_1');
  expect(server.requests('POST', '/decisions').map(({ body }) => body)).toEqual([
    { decisions: [{ type: 'approve', callId: 'call_1' }], iteration: 0 },
  ]);
  expect(run.view.toolCalls[0]?.status).toBe('pending');
});

test.each(['break', 'break-after', 503] as const)(
  'a decision is repeated after %s, and made once',
  async (fault) => {
    const { server, run } = await asking();
    let left = 2;
    server.fault = ({ path }) => (path.endsWith('/decisions') && left-- > 0 ? fault : undefined);
    await run.deny('call_1', 'Too expensive.');
    expect(server.decided).toEqual([{ type: 'deny', callId: 'call_1', reason: 'Too expensive.' }]);
  },
);

test('a decision that the view shows as decided, or for an unknown call, is rejected without a request', async () => {
  const { server, run } = await asking();
  run.subscribe(() => undefined);
  await expect.poll(() => server.openStreams).toBe(1);
  await run.approve('call_1');
  await expect.poll(() => run.view.toolCalls[0]?.status).toBe('pending');
  const { length } = server.requests('POST', '/decisions');
  await expect(run.approve('call_1')).rejects.toMatchObject({ name: 'DecisionError', callId: 'call_1' });
  await expect(run.approve('call_2')).rejects.toMatchObject({ name: 'DecisionError', callId: 'call_2' });
  await expect(run.respond([{ type: 'approve', callId: 'call_1' }], { iteration: 3 })).rejects.toMatchObject({
    code: 'decision',
  });
  await expect(run.respond(JSON.parse('[null]'))).rejects.toMatchObject({ code: 'decision' });
  expect(server.requests('POST', '/decisions')).toHaveLength(length);
});

test('a decision about a run that is not observed reads the view first, which may be old', async () => {
  const { served, run } = await asking();
  served.ask('call_2', 'pay');
  await run.approve('call_2');
  expect(run.view.toolCalls.map(({ status }) => status)).toEqual(['awaiting_approval', 'pending']);
});

test('a conflict at the server is a DecisionError with its message', async () => {
  const { server, run } = await asking();
  server.run('a').view = { ...server.run('a').view, toolCalls: [] };
  await expect(run.approve('call_1')).rejects.toMatchObject({
    name: 'DecisionError',
    message: 'The call call_1 does not wait for "approve".',
  });
});

test('an output is sent as JSON, and one that JSON cannot represent is rejected', async () => {
  const { server, served, run } = await asking();
  served.ask('call_2', 'pick', 'output');
  class Hidden {
    readonly #value = 1;
    read(): number {
      return this.#value;
    }
  }
  await expect(run.submitToolOutput('call_2', new Hidden())).rejects.toMatchObject({ code: 'decision' });
  await run.submitToolOutput('call_2', new Map([['a', 1]]));
  expect(server.decided).toEqual([{ type: 'output', callId: 'call_2', output: { a: 1 } }]);
});

test('a decision is rejected with `detached` if the handle is detached before the answer', async () => {
  const { server, run } = await asking();
  server.fault = ({ path }) => (path.endsWith('/decisions') ? 503 : undefined);
  const decision = run.approve('call_1');
  await expect.poll(() => server.requests('POST', '/decisions').length).toBeGreaterThan(0);
  await run.detach();
  await expect(decision).rejects.toMatchObject({ code: 'detached' });
});

test('cancel is repeated until it is answered, and resolves at the end of the run', async () => {
  const { server, run } = await asking();
  let left = 2;
  server.fault = ({ path }) => (path.endsWith('/cancel') && left-- > 0 ? 'break-after' : undefined);
  expect(await run.cancel('Enough.')).toMatchObject({ status: 'cancelled' });
  await expect(run.result()).rejects.toMatchObject({ name: 'RunCancelledError' });
});

test('resume asks the server to drive the run, and returns the same handle', async () => {
  const { server, runner, run } = await asking();
  expect(await runner.resume('support', 'a')).toBe(run);
  expect(server.requests('POST', '/resume')).toHaveLength(1);
  await expect(runner.resume('sales', 'a')).rejects.toMatchObject({ code: 'configuration', option: 'agent' });
  await expect(runner.resume('support', 'b')).rejects.toMatchObject({ code: 'not_found' });
  const both = await Promise.all([runner.follow('a'), runner.resume('support', 'a', { manual: false })]);
  expect(both).toEqual([run, run]);
  expect(server.requests('POST', '/resume')).toHaveLength(3);
});

test('code that shows a run asks for a driver only if there is none, and watches it without the right to resume', async () => {
  const { server, served, runner } = await asking();
  await runner.resume('support', 'a', { manual: false });
  expect(server.requests('POST', '/resume')).toEqual([]);
  served.emit({ type: 'run.driver', driver: 'none' });
  server.fault = ({ path }) => (path.endsWith('/resume') ? 404 : undefined);
  expect((await runner.resume('support', 'a', { manual: false })).view.driver).toBe('none');
  expect(server.requests('POST', '/resume')).toHaveLength(1);
});

test('read, list, resumeAll and delete ask the server', async () => {
  const { server, served, runner, run } = await asking();
  const other = server.add('b', 'sales');
  other.complete();
  expect(await runner.read('b')).toMatchObject({ runId: 'b', status: 'completed' });
  expect(await runner.read('zz')).toBeUndefined();
  expect(
    (await runner.list({ agent: 'support', status: ['completed', 'failed'], limit: 5, after: 'x' })).map(
      ({ runId }) => runId,
    ),
  ).toEqual(['b']);
  expect(server.seen.at(-1)?.query.toString()).toBe(
    'limit=5&agent=support&after=x&status=completed&status=failed',
  );
  await expect(runner.list({ owner: 'me' })).rejects.toMatchObject({ code: 'configuration' });
  expect(await runner.resumeAll()).toEqual([run]);
  await expect(runner.delete('a')).rejects.toMatchObject({ code: 'run_active' });
  served.complete();
  await runner.delete('a');
  await runner.delete('a');
  expect(runner.get('a')).toBeUndefined();
  server.fault = () => 500;
  await expect(runner.follow('b')).rejects.toMatchObject({ name: 'StoreError', code: 'unavailable' });
});

test('conversations are listed by the server, in pages, and an unknown one is empty', async () => {
  const { server, runner } = await asking();
  for (let n = 0; n < 1_500; n += 1) server.add(`t${n}`);
  const threads = await runner.listThreads({ agent: 'support' });
  expect(threads).toHaveLength(1_501);
  expect(server.requests('GET', '/threads').map(({ query }) => String(query))).toEqual([
    'limit=1000&agent=support',
    'limit=1000&agent=support&after=t998',
  ]);
  expect(await runner.listThreads({ limit: 2, after: 'a' })).toEqual(threads.slice(1, 3));
  const run = { runId: 'a', agent: 'support', status: expect.any(String), createdAt: 1 };
  expect(await runner.listThreadRuns('a')).toEqual([run]);
  expect(await runner.listThreadRuns('no/such thread')).toEqual([]);
  expect(server.seen.at(-1)?.path).toBe('/threads/no%2Fsuch%20thread');
  await runner.list({ threadId: 'a', limit: 5 });
  expect(server.seen.at(-1)?.query.toString()).toBe('limit=5&threadId=a');
});

test('a conversation that the server has no route for, and another owner, are refused without a request', async () => {
  const { server, runner } = await asking();
  const { length } = server.seen;
  for (const threadId of ['runs', 'threads', '.', '..', '']) {
    const refusal = { code: 'configuration', option: 'threadId' };
    await expect(runner.listThreadRuns(threadId)).rejects.toMatchObject(refusal);
  }
  await expect(runner.listThreads({ owner: 'me' })).rejects.toMatchObject({ option: 'owner' });
  await expect(runner.listThreads({ limit: -1 })).rejects.toMatchObject({ option: 'limit' });
  expect(server.seen).toHaveLength(length);
});

test('the lists of conversations fail as `list` does', async () => {
  const { server, runner } = await asking();
  for (const fault of [500, 'break', 401, 429] as const) {
    server.fault = () => fault;
    const errors = await Promise.all(
      [runner.list(), runner.listThreads(), runner.listThreadRuns('a')].map((list) =>
        list.then(
          () => undefined,
          ({ name, code }: { name: string; code: string }) => ({ name, code }),
        ),
      ),
    );
    expect(errors[0]).toBeDefined();
    expect(errors).toEqual([errors[0], errors[0], errors[0]]);
  }
});

test('`by` is refused, because the server names its visitor', async () => {
  const { run } = await asking();
  await expect(run.respond([{ type: 'approve', callId: 'call_1' }], { by: 'me' })).rejects.toMatchObject({
    code: 'configuration',
    option: 'by',
  });
});

import { expect, test } from 'vitest';
import { remoteRunner } from '../../src/remote/remote-runner.ts';
import { hastyClock, HandPage, openPage } from '../../test-support/remote/page.ts';
import { runsServer } from '../../test-support/remote/runs-server.ts';

const clock = hastyClock(10);

test.each([
  ['a lost request', 'break'],
  ['a lost answer', 'break-after'],
  ['408', 408],
  ['429 with Retry-After', { status: 429, headers: { 'retry-after': '1' } }],
  ['503', 503],
] as const)('a start is repeated after %s, with the same id, until it is answered', async (_name, fault) => {
  const server = await runsServer();
  let left = 3;
  server.fault = ({ method }) => (method === 'POST' && left-- > 0 ? fault : undefined);
  const runner = openPage(server.url, { clock });
  const run = runner.start('support', 'Hi');
  const result = run.result();
  await expect.poll(() => server.openStreams).toBe(1);
  expect(server.runs.size).toBe(1);
  expect(new Set(server.requests('POST', '/runs').map(({ body }) => body['runId']))).toEqual(
    new Set([run.id]),
  );
  expect(server.requests('POST', '/runs')).toHaveLength(4);
  server.run(run.id).complete();
  expect(await result).toMatchObject({ runId: run.id });
});

test('a page that is offline starts the run when the network is back', async () => {
  const server = await runsServer();
  let isOnline = false;
  let tries = 0;
  const page = new HandPage();
  const fetch: typeof globalThis.fetch = async (...request) => {
    tries += 1;
    if (!isOnline) throw new TypeError('Failed to fetch');
    return globalThis.fetch(...request);
  };
  // Only `online` ends the pause.
  const slow = {
    now: () => Date.now(),
    sleep: (_ms: number, signal?: AbortSignal) =>
      new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve())),
  };
  const runner = openPage(server.url, { clock: slow, fetch }, page);
  const run = runner.start('support', 'Hi');
  await expect.poll(() => tries).toBe(1);
  expect(run.view.status).toBe('queued');
  isOnline = true;
  page.online();
  await expect.poll(() => run.seq).toBeGreaterThan(0);
  expect(server.runs.has(run.id)).toBe(true);
});

test('any other refusal ends the run as `failed` with the server’s code and message', async () => {
  const server = await runsServer();
  const runner = openPage(server.url);
  const run = runner.start('unknown', 'Hi');
  await expect(run.result()).rejects.toMatchObject({ code: 'invalid_request', name: 'RunFailedError' });
  expect(run.view).toMatchObject({
    status: 'failed',
    driver: 'none',
    error: { code: 'invalid_request', message: 'There is no agent "unknown".', status: 400 },
  });
  expect(await run.done()).toBe(run.view);
});

test('an id that another run has ends the handle with `conflict`, and the other run can be followed', async () => {
  const server = await runsServer();
  const runner = openPage(server.url);
  const first = runner.start('support', 'One', { runId: 'same' });
  await expect.poll(() => server.runs.size).toBe(1);
  const other = openPage(server.url);
  const second = other.start('support', 'Two', { runId: 'same' });
  await expect(second.result()).rejects.toMatchObject({ code: 'conflict' });
  expect(other.get('same')).toBeUndefined();
  expect((await other.follow('same')).view.input).toBe('One');
  expect(first.view.status).toBe('queued');
});

test('a retry is a start without input that continues a run', async () => {
  const server = await runsServer();
  const runner = openPage(server.url);
  runner.start('support', [], { continueFrom: 'a' });
  await expect
    .poll(() => server.requests('POST', '/runs')[0]?.body)
    .toMatchObject({ input: [], continueFrom: 'a' });
});

test('a run that continues a refused start continues the run before it, and without input sends that of the start again', async () => {
  const server = await runsServer();
  const runner = openPage(server.url);
  const refusals = [400, 413];
  server.fault = ({ body }) => (body['metadata'] === undefined ? undefined : refusals.shift());
  const first = runner.start('support', 'One', { runId: 'first' });
  await expect.poll(() => first.seq).toBeGreaterThan(0);
  const refused = runner.start('support', 'Two', { continueFrom: 'first', metadata: { turn: '2' } });
  await refused.done();
  const retried = runner.start('support', [], { continueFrom: refused.id });
  await retried.done();
  runner.start('support', [], { continueFrom: retried.id });
  runner.start('support', 'Three', { continueFrom: retried.id, metadata: { turn: '3' } });
  await expect.poll(() => server.runs.size).toBe(3);
  const two = { continueFrom: 'first', input: 'Two', metadata: { turn: '2' } };
  expect(server.requests('POST', '/runs').map(({ body }) => body)).toMatchObject([
    { input: 'One' },
    two,
    two,
    two,
    { continueFrom: 'first', input: 'Three', metadata: { turn: '3' } },
  ]);
});

test('a signal that aborts cancels the run, even if the server has not answered yet', async () => {
  const server = await runsServer();
  const runner = openPage(server.url, { clock });
  const abort = new AbortController();
  const run = runner.start('support', 'Hi', { signal: abort.signal });
  abort.abort(new Error('The visitor left.'));
  await expect(run.result()).rejects.toMatchObject({ name: 'RunCancelledError' });
  expect(server.requests('POST', '/cancel')[0]?.body).toEqual({ reason: 'The visitor left.' });
});

test('closing the runner ends the repetition of a start', async () => {
  const server = await runsServer();
  server.fault = () => 503;
  const runner = openPage(server.url, { clock });
  const run = runner.start('support', 'Hi');
  await expect.poll(() => server.seen.length).toBeGreaterThan(1);
  await runner.close();
  await expect(run.result()).rejects.toMatchObject({ code: 'detached' });
  const { length } = server.seen;
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(server.seen.length).toBeLessThanOrEqual(length + 1);
});

test.each(['context', 'limits', 'owner'])(
  '`start` refuses `%s`, which belongs to the server',
  async (option) => {
    const runner = openPage('http://server.test/api', { fetch: () => Promise.reject(new Error('offline')) });
    const options = { [option]: option === 'owner' ? 'me' : {} };
    expect(() => Reflect.apply(runner.start.bind(runner), undefined, ['support', 'Hi', options])).toThrow(
      expect.objectContaining({ code: 'configuration', option, message: expect.stringContaining('server') }),
    );
  },
);

test.each([
  ['no options', [undefined]],
  ['an unknown option', [{ baseURL: 'http://a.test', token: 'x' }]],
  ['an empty URL', [{ baseURL: '' }]],
  ['a relative URL without a page', [{ baseURL: '/api/longhaul' }]],
  ['an object that is not a tool', [{ baseURL: 'http://a.test', tools: [{}] }]],
  ['headers that are a text', [{ baseURL: 'http://a.test', headers: 'x' }]],
])('remoteRunner rejects %s', (_name, args) => {
  expect(() => Reflect.apply(remoteRunner, undefined, args)).toThrow(
    expect.objectContaining({ code: 'configuration' }),
  );
});

test.each([
  ['an empty input', ['support', '']],
  ['no agent', ['', 'Hi']],
  ['an id with a slash', ['support', 'Hi', { runId: 'a/b' }]],
  ['an unknown option', ['support', 'Hi', { id: 'a' }]],
])('start rejects %s', (_name, args) => {
  const runner = openPage('http://server.test/api', { fetch: () => Promise.reject(new Error('offline')) });
  expect(() => Reflect.apply(runner.start.bind(runner), undefined, args)).toThrow(
    expect.objectContaining({ code: 'configuration' }),
  );
});

test('the same start again returns the same handle, and another start of the id is the server’s to refuse', async () => {
  const server = await runsServer();
  const runner = openPage(server.url);
  const run = runner.start('support', 'One', { runId: 'same' });
  expect(runner.start('support', 'One', { runId: 'same' })).toBe(run);
  const other = runner.start('support', 'Two', { runId: 'same' });
  await expect(other.result()).rejects.toMatchObject({ code: 'conflict' });
  expect(runner.get('same')).toBe(run);
  expect(server.requests('POST', '/runs')).toHaveLength(2);
});

test('two handles of one run are both shown', async () => {
  const server = await runsServer();
  const runner = openPage(server.url, { clock });
  await openPage(server.url).start('support', 'One', { runId: 'same' }).cancel();
  server.runs.delete('same');
  server.add('same');
  const followed = await runner.follow('same');
  const started = runner.start('support', 'One', { runId: 'same' });
  const results = [followed.result(), started.result()];
  await expect.poll(() => server.openStreams).toBe(1);
  server.run('same').complete();
  expect((await Promise.all(results)).map(({ runId }) => runId)).toEqual(['same', 'same']);
});

test('a run that was started when the runner was closed ends', async () => {
  const server = await runsServer();
  const runner = openPage(server.url);
  await expect.poll(() => runner.list()).toEqual([]);
  const run = runner.start('support', 'Hi');
  await runner.close();
  await expect(run.result()).rejects.toMatchObject({ code: 'detached' });
  expect((await run.done()).status).toBe('queued');
});

test.each(['at first', 'when the code is loaded'])(
  'a run can be followed immediately after its start, %s',
  async (when) => {
    const server = await runsServer();
    const runner = openPage(server.url);
    if (when !== 'at first') await runner.list();
    const run = runner.start('support', 'Hi');
    const view = runner.read(run.id);
    const others = [runner.follow(run.id), runner.resume('support', run.id, { manual: false })];
    expect(await view).toMatchObject({ runId: run.id, status: 'queued' });
    for (const other of others) expect(await other).toBe(run);
  },
);

test.each([
  ['The text is too long.', 'The text is too long.'],
  ['  \n', 'The server answered with status 422.'],
  ['x'.repeat(2_000), 'x'.repeat(500)],
])('a start that the site refuses with a plain text fails with this text: %#', async (text, message) => {
  const fetch = async () => new Response(text, { status: 422 });
  const run = openPage('https://a.test/api', { fetch, clock }).start('support', 'Hi');
  await run.done();
  expect(run.view).toMatchObject({ status: 'failed', error: { message, status: 422 } });
});

test('a page of a proxy is not shown as an error', async () => {
  const fetch = async () =>
    new Response('<h1>Blocked</h1>', { status: 451, headers: { 'content-type': 'text/html' } });
  const run = openPage('https://a.test/api', { fetch, clock }).start('support', 'Hi');
  await run.done();
  expect(run.view.error?.message).toBe('The server answered with status 451.');
});

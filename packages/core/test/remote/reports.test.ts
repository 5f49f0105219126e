import { expect, onTestFinished, test, vi } from 'vitest';
import { remoteRunner } from '../../src/remote/remote-runner.ts';
import { manualClock } from '../../src/testing/manual-clock.ts';
import { fastUntil, hastyClock, openPage } from '../../test-support/remote/page.ts';
import { runsServer } from '../../test-support/remote/runs-server.ts';

/** The messages of `console.warn` from now on. */
function warnings(): readonly string[] {
  const messages: string[] = [];
  const spy = vi.spyOn(console, 'warn').mockImplementation((...args) => void messages.push(args.join(' ')));
  onTestFinished(() => spy.mockRestore());
  return messages;
}

test('credentials that fail are reported once in a series, and the requests are repeated', async () => {
  const seen = warnings();
  const server = await runsServer();
  server.add('a');
  let isBroken = true;
  let calls = 0;
  const headers = async () => {
    calls += 1;
    if (isBroken) throw new Error('no session');
    return { authorization: 'Bearer x' };
  };
  const runner = openPage(server.url, { headers, clock: hastyClock(5) });
  const run = runner.start('support', 'Hi');
  await expect.poll(() => calls).toBeGreaterThan(4);
  expect(seen).toHaveLength(1);
  expect(seen[0]).toContain('remoteRunner: `headers` failed');
  expect(seen[0]).toContain('no session');
  isBroken = false;
  await expect.poll(() => run.seq).toBeGreaterThan(0);
  isBroken = true;
  await expect(runner.read('b')).rejects.toMatchObject({ code: 'unavailable' });
  expect(seen).toHaveLength(2);
});

test('a function that returns a header without a value sends no request, and the report has no value', async () => {
  const seen = warnings();
  const server = await runsServer();
  // @ts-expect-error A function in JavaScript may return anything.
  const runner = openPage(server.url, { headers: () => ({ authorization: undefined, 'x-key': 'secret' }) });
  await expect(runner.read('a')).rejects.toMatchObject({ code: 'unavailable' });
  expect(server.seen).toEqual([]);
  expect(seen[0]).toContain('the header "authorization" must be a string');
  expect(seen.join(' ')).not.toContain('secret');
});

test.each([
  ['an object', () => ({ 'x-key': 'k' })],
  ['`Headers`', () => new Headers({ 'x-key': 'k' })],
  ['iterable headers of a package', () => new Map([['x-key', 'k']]) as unknown as Headers],
])('%s are sent, with a function and without', async (_, make) => {
  const server = await runsServer();
  server.add('a');
  await openPage(server.url, { headers: make() }).read('a');
  await openPage(server.url, { headers: async () => make() }).read('a');
  expect(server.seen.map(({ headers }) => headers['x-key'])).toEqual(['k', 'k']);
});

test.each([
  ['a number as value', { authorization: 7 }],
  ['a missing value', { authorization: undefined }],
  ['a value with a line break', { authorization: 'my-secret\nx: y' }],
  ['a name with a space', { 'x key': 'my-secret' }],
  ['null', null],
])('`headers` with %s are refused at construction, without the value', (_, headers) => {
  const create = () => remoteRunner({ baseURL: 'https://a.test', headers: headers as unknown as Headers });
  expect(create).toThrow(expect.objectContaining({ name: 'ConfigurationError', option: 'headers' }));
  expect(create).not.toThrow('my-secret');
});

test.each([400, 401, 403, 404])(
  'a stream that is refused with %s is reported once, with long pauses',
  async (status) => {
    const seen = warnings();
    const server = await runsServer();
    server.add('a');
    const clock = manualClock(1_770_000_000_000);
    const runner = openPage(server.url, { clock, random: () => 0.5 });
    server.fault = ({ path }) => (path === '/events' ? status : undefined);
    const run = await runner.follow('a');
    run.subscribe(() => undefined);
    const asked: number[] = [];
    await fastUntil(clock, () => {
      const { length } = server.requests('GET', '/events');
      if (length > asked.length) asked.push(clock.now());
      return length === 4;
    });
    // 5 s, 10 s and 20 s, each less by an eighth.
    expect((asked[3] ?? 0) - (asked[0] ?? 0)).toBeGreaterThan(30_000);
    expect(seen).toHaveLength(1);
    expect(seen[0]).toContain(`had the status ${status} and no stream`);
    server.fault = () => undefined;
    await fastUntil(clock, () => server.openStreams === 1);
    const { seq } = run;
    server.run('a').stream();
    await expect.poll(() => run.seq).toBeGreaterThan(seq);
    server.fault = ({ path }) => (path === '/events' ? status : undefined);
    server.breakStreams();
    await fastUntil(clock, () => seen.length === 2);
  },
);

test('a server that no request reaches is reported once, as for a preflight that is refused', async () => {
  const seen = warnings();
  const server = await runsServer();
  let tries = 0;
  let isReached = false;
  const fetch: typeof globalThis.fetch = async (...request) => {
    tries += 1;
    if (!isReached) throw new TypeError('Failed to fetch');
    return globalThis.fetch(...request);
  };
  const runner = openPage(server.url, { fetch, clock: hastyClock(5) });
  const run = runner.start('support', 'Hi');
  await expect.poll(() => tries).toBeGreaterThan(8);
  expect(seen).toHaveLength(1);
  expect(seen[0]).toContain('its `cors` option must allow this page');
  isReached = true;
  await expect.poll(() => run.seq).toBeGreaterThan(0);
});

test('a page that leaves reports nothing', async () => {
  const seen = warnings();
  const server = await runsServer();
  for (let count = 0; count < 8; count += 1) {
    const runner = openPage(server.url);
    void runner.read('a').catch(() => undefined);
    await runner.close({ graceMs: 0 });
  }
  expect(seen).toEqual([]);
});

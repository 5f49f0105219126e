import { expect, test } from 'vitest';
import { manualClock } from '../../src/testing/manual-clock.ts';
import { fastUntil, HandPage, hastyClock, openPage } from '../../test-support/remote/page.ts';
import { runsServer } from '../../test-support/remote/runs-server.ts';

async function watched(page = new HandPage()) {
  const server = await runsServer();
  const served = server.add('a');
  const clock = manualClock(1_770_000_000_000);
  server.now = () => clock.now();
  const runner = openPage(server.url, { clock, random: () => 0.5 }, page);
  const run = await runner.follow('a');
  const leave = run.subscribe(() => undefined);
  await fastUntil(clock, () => server.openStreams === 1);
  return { server, served, clock, runner, run, page, leave };
}

test('a connection without bytes for 45 s is opened again; heartbeats keep it open', async () => {
  const { server, clock } = await watched();
  for (let count = 0; count < 5; count += 1) {
    server.heartbeat();
    await new Promise((resolve) => setTimeout(resolve, 20));
    await clock.advance(15_000);
  }
  expect(server.requests('GET', '/events')).toHaveLength(1);
  await clock.advance(50_000);
  await fastUntil(clock, () => server.requests('GET', '/events').length === 2);
});

test('a connection that the server ends is opened again immediately, with fresh credentials', async () => {
  const server = await runsServer();
  server.add('a');
  let count = 0;
  const headers = async () => ({ authorization: `Bearer ${(count += 1)}` });
  const runner = openPage(server.url, { headers, clock: hastyClock(1_500) });
  const run = await runner.follow('a');
  run.subscribe(() => undefined);
  await expect.poll(() => server.openStreams).toBe(1);
  server.heartbeat();
  await new Promise((resolve) => setTimeout(resolve, 1_050));
  server.endStreams();
  await expect.poll(() => server.requests('GET', '/events').length).toBe(2);
  const sent = server.seen.map((one) => one.headers.authorization);
  expect(sent).toEqual(sent.map((_one, index) => `Bearer ${index + 1}`));
});

test('of connections that break after their first heartbeat, the pauses grow; a message resets them', async () => {
  const { server, clock } = await watched();
  const pauses: number[] = [];
  const breakNext = async (deliver: () => void): Promise<void> => {
    const { length } = server.requests('GET', '/events');
    deliver();
    await new Promise((resolve) => setTimeout(resolve, 20));
    const brokenAt = clock.now();
    server.breakStreams();
    // Slower than `fastUntil`: the connection must not count as long because the machine is busy.
    while (server.requests('GET', '/events').length === length) {
      await clock.advance(250);
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
    pauses.push(clock.now() - brokenAt);
    await expect.poll(() => server.openStreams).toBe(1);
  };
  for (let count = 0; count < 5; count += 1) await breakNext(() => server.heartbeat());
  expect(pauses.at(-1)).toBeGreaterThan(5_000);
  await breakNext(() => server.send('list', {}));
  expect(pauses.at(-1)).toBeLessThanOrEqual(1_000);
});

test.each([401, 403])(
  'after %s, the page waits longer and keeps trying; the run does not change',
  async (status) => {
    const { server, served, clock, run } = await watched();
    const before = run.view;
    server.fault = ({ path }) => (path === '/events' ? status : undefined);
    server.breakStreams();
    await fastUntil(clock, () => server.openStreams === 0);
    const refusedAt: number[] = [];
    await fastUntil(clock, () => {
      const { length } = server.requests('GET', '/events');
      if (length - 1 > refusedAt.length) refusedAt.push(clock.now());
      return length === 5;
    });
    expect((refusedAt[3] ?? 0) - (refusedAt[0] ?? 0)).toBeGreaterThan(20_000);
    expect(run.view).toBe(before);
    server.fault = () => undefined;
    served.text('on');
    await fastUntil(clock, () => server.openStreams === 1);
  },
);

test('an answer that is not a stream, such as a page of the site, counts as a failure', async () => {
  const { server, clock, run } = await watched();
  server.fault = ({ path }) => (path === '/events' ? 200 : undefined);
  server.breakStreams();
  await fastUntil(clock, () => server.requests('GET', '/events').length === 4);
  server.fault = () => undefined;
  await fastUntil(clock, () => server.openStreams === 1);
  expect(run.view.status).toBe('queued');
});

test('a page that is hidden for 30 s closes the connection and reads summaries; when it is visible again, it connects', async () => {
  const { server, served, clock, run, page } = await watched();
  page.show(false);
  await clock.advance(29_000);
  expect(server.openStreams).toBe(1);
  await clock.advance(1_000);
  await fastUntil(clock, () => server.openStreams === 0);
  served.stream();
  served.ask('call_1', 'pay');
  const views = () => server.requests('GET', '/runs/a').length;
  await fastUntil(clock, () => run.view.status === 'requires_action');
  const read = views();
  const { length } = server.requests('GET', '/runs');
  // Nothing has changed, so only the summaries are read.
  await fastUntil(clock, () => server.requests('GET', '/runs').length >= length + 2);
  expect(views()).toBe(read);
  served.complete();
  await fastUntil(clock, () => run.view.status === 'completed');
  page.show(true);
  expect(await run.done()).toBe(run.view);
});

test('a hidden page without observers asks nothing', async () => {
  const { server, clock, page, leave } = await watched();
  leave();
  page.show(false);
  await fastUntil(clock, () => server.openStreams === 0);
  const { length } = server.seen;
  await clock.advance(120_000);
  expect(server.seen).toHaveLength(length);
});

test('a page that becomes visible before 30 s keeps its connection, and a hidden page connects when it is shown', async () => {
  const { server, served, clock, run, page } = await watched();
  page.show(false);
  await clock.advance(20_000);
  page.show(true);
  await clock.advance(20_000);
  expect(server.requests('GET', '/events')).toHaveLength(1);
  page.show(false);
  await clock.advance(30_000);
  await fastUntil(clock, () => server.openStreams === 0);
  served.stream();
  served.text('while hidden');
  page.show(true);
  await fastUntil(clock, () => run.view.text === 'while hidden');
});

test('a pause ends when the network or the tab is back, or `wake` is called', async () => {
  const { server, clock, page, runner } = await watched();
  for (const back of [() => page.online(), () => page.show(true), () => runner.wake()]) {
    server.fault = ({ path }) => (path === '/events' ? 'break' : undefined);
    server.breakStreams();
    const { length } = server.requests('GET', '/events');
    await fastUntil(clock, () => server.requests('GET', '/events').length >= length + 4);
    server.fault = () => undefined;
    // The pauses are long now. Time does not pass here.
    await new Promise((resolve) => setTimeout(resolve, 30));
    back();
    await expect.poll(() => server.openStreams).toBe(1);
    server.heartbeat();
  }
});

test('if a proxy holds the stream back, the page shows the views that it reads', async () => {
  const { server, served, clock, run } = await watched();
  served.stream();
  served.text('on');
  await fastUntil(clock, () => run.view.text === 'on');
  server.areStreamsHeld = true;
  server.breakStreams();
  served.emit({ type: 'warning', code: 'w', message: 'Look.' });
  await fastUntil(clock, () => run.view.warnings.length === 1);
  expect(server.requests('GET', '/events').length).toBeGreaterThan(1);
});

test('of more runs than a connection can deliver, the page reads the oldest ones regularly', async () => {
  const { server, clock, runner } = await watched();
  const ids = Array.from({ length: 101 }, (_one, index) => `run-${index}`);
  for (const id of ids) server.add(id);
  const runs = await Promise.all(ids.map((id) => runner.follow(id)));
  for (const run of runs) run.subscribe(() => undefined);
  const [oldest, ...others] = runs;
  for (const id of ids) server.run(id).emit({ type: 'warning', code: 'w', message: 'Look.' });
  await fastUntil(clock, () => others.every((run) => run.view.warnings.length === 1));
  for (const { query } of server.requests('GET', '/events'))
    expect(query.get('runs')?.split(',').length).toBeLessThanOrEqual(100);
  await fastUntil(clock, () => oldest?.view.warnings.length === 1);
});

test('`close` removes the listeners of the page', async () => {
  const { runner, page, clock, leave } = await watched();
  expect(page.watchers).toBe(1);
  leave();
  await runner.close();
  expect(page.watchers).toBe(0);
  await clock.advance(120_000);
  expect(clock.nextAt).toBeUndefined();
});

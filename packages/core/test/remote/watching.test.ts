import { expect, test } from 'vitest';
import { applyEvent } from '../../src/engine/view/apply-event.ts';
import { emptyView } from '../../src/engine/view/empty-view.ts';
import type { RunEvent } from '../../src/engine/view/run-event.ts';
import { hastyClock, openPage } from '../../test-support/remote/page.ts';
import { runsServer } from '../../test-support/remote/runs-server.ts';

test('a started run shows its input immediately, and then what the server shows', async () => {
  const server = await runsServer();
  const runner = openPage(server.url);
  const run = runner.start('support', 'Where is my order?', { runId: 'run-1', metadata: { from: 'chat' } });
  expect(run.view).toMatchObject({ status: 'queued', input: 'Where is my order?', driver: 'elsewhere' });
  expect(runner.get('run-1')).toBe(run);
  expect(runner.runs).toEqual([run]);
  const done = run.result();
  await expect.poll(() => server.openStreams).toBe(1);
  const served = server.run('run-1');
  served.stream();
  for (const word of ['It ', 'is ', 'here.']) served.text(word);
  await expect.poll(() => run.view.text).toBe('It is here.');
  expect(run.view.driver).toBe('elsewhere');
  served.complete();
  expect(await done).toMatchObject({ runId: 'run-1', text: 'It is here.' });
  expect(run.view).toEqual(served.view);
  expect(run.seq).toBe(served.seq);
  expect(server.requests('POST', '/runs')[0]?.body).toEqual({
    runId: 'run-1',
    agent: 'support',
    input: 'Where is my order?',
    metadata: { from: 'chat' },
  });
});

test('two runs share one connection, which closes after the last observer has left', async () => {
  const server = await runsServer();
  const [first, second] = [server.add('a'), server.add('b')];
  const runner = openPage(server.url, { clock: hastyClock(20) });
  const runs = await Promise.all([runner.follow('a'), runner.follow('b')]);
  expect(server.requests('GET', '/events')).toEqual([]);
  const ends = runs.map((run) => run.subscribe(() => undefined));
  await expect.poll(() => server.openStreams).toBe(1);
  first.stream();
  second.stream();
  first.text('one');
  second.text('two');
  await expect.poll(() => runs.map((run) => run.view.text)).toEqual(['one', 'two']);
  expect(server.requests('GET', '/events')).toHaveLength(1);
  ends[0]?.();
  first.text(' more');
  second.text(' more');
  await expect.poll(() => runs[1]?.view.text).toBe('two more');
  ends[1]?.();
  await expect.poll(() => server.openStreams).toBe(0);
});

test('a reconnect names the last number, and the server sends only later events', async () => {
  const server = await runsServer();
  const served = server.add('a');
  const runner = openPage(server.url, { clock: hastyClock(20) });
  const run = await runner.follow('a');
  run.subscribe(() => undefined);
  served.stream();
  served.text('one');
  await expect.poll(() => run.view.text).toBe('one');
  const { seq } = run;
  server.breakStreams();
  served.text(' two');
  await expect.poll(() => run.view.text).toBe('one two');
  const [, again] = server.requests('GET', '/events');
  expect(again?.query.get('runs')).toBe(`a:${seq}`);
});

test('a view with a lower number and an event that arrives twice have no effect', async () => {
  const server = await runsServer();
  const served = server.add('a');
  const runner = openPage(server.url, { clock: hastyClock(20) });
  const run = await runner.follow('a');
  run.subscribe(() => undefined);
  served.stream();
  const old = { ...served.view };
  const oldSeq = served.seq;
  served.text('one');
  await expect.poll(() => run.view.text).toBe('one');
  server.send('message', {
    runId: 'a',
    event: { type: 'view', view: JSON.parse(JSON.stringify(old)), seq: oldSeq, at: 1 },
  });
  const [last] = served.events.slice(-1);
  server.send('message', { runId: 'a', event: JSON.parse(JSON.stringify(last)) });
  server.send('message', { runId: 'a', event: { type: 'from.a.newer.version', seq: served.seq + 1, at: 5 } });
  served.seq += 1;
  served.text(' two');
  await expect.poll(() => run.view.text).toBe('one two');
});

test('while the connection delivers a run, a fetched view that lacks its text is ignored', async () => {
  const server = await runsServer();
  const served = server.add('a');
  const runner = openPage(server.url, { clock: hastyClock(20) });
  const run = await runner.follow('a');
  const texts: string[] = [];
  run.subscribe(() => texts.push(run.view.text));
  served.stream();
  served.text('one');
  await expect.poll(() => run.view.text).toBe('one');
  server.areStreamsHeld = true;
  server.answersSaves = true;
  served.text(' and');
  // The save is numbered after the text that has not arrived yet.
  await runner.resume('support', 'a');
  server.areStreamsHeld = false;
  served.text(' two');
  await expect.poll(() => run.view.text).toBe('one and two');
  expect(texts.toSorted((a, b) => a.length - b.length)).toEqual(texts);
});

test('without a connection, a fetched view is shown with the text that has streamed', async () => {
  const server = await runsServer();
  const served = server.add('a');
  const runner = openPage(server.url, { clock: hastyClock(20) });
  const run = await runner.follow('a');
  const leave = run.subscribe(() => undefined);
  served.stream();
  served.text('one');
  await expect.poll(() => run.view.text).toBe('one');
  leave();
  await expect.poll(() => server.openStreams).toBe(0);
  served.emit({ type: 'warning', code: 'w', message: 'Look.' });
  server.answersSaves = true;
  await runner.resume('support', 'a');
  expect(run.view).toMatchObject({ text: 'one', warnings: [{ code: 'w' }] });
});

test('objects that did not change keep their identity when the view is read again', async () => {
  const server = await runsServer();
  const served = server.add('a');
  served.stream();
  served.text('one');
  served.ask('call_1', 'pay');
  const runner = openPage(server.url);
  const run = await runner.follow('a');
  const before = run.view;
  await runner.resume('support', 'a');
  expect(run.view).toBe(before);
  served.emit({ type: 'warning', code: 'w', message: 'Look.' });
  await runner.resume('support', 'a');
  expect(run.view).not.toBe(before);
  expect(run.view.warnings).toHaveLength(1);
  expect(run.view.items).toBe(before.items);
  expect(run.view.toolCalls).toBe(before.toolCalls);
});

test('events give the view first, and then each event once, in spite of breaks and a restart of the server', async () => {
  const server = await runsServer();
  const served = server.add('a');
  served.stream();
  const runner = openPage(server.url, { clock: hastyClock(20) });
  const run = await runner.follow('a');
  const seen: RunEvent[] = [];
  const reading = (async () => {
    for await (const event of run.events()) seen.push(event);
  })();
  await expect.poll(() => server.openStreams).toBe(1);
  served.text('one');
  server.breakStreams();
  served.text(' two');
  await expect.poll(() => run.view.text).toBe('one two');
  server.breakStreams();
  served.forgetEvents();
  served.text(' three');
  await expect.poll(() => run.view.text).toBe('one two three');
  served.complete();
  await reading;
  expect(seen[0]?.type).toBe('view');
  expect(seen.map(({ seq }) => seq)).toEqual(
    [...new Set(seen.map(({ seq }) => seq))].toSorted((a, b) => a - b),
  );
  expect({ ...seen.reduce(applyEvent, emptyView), driver: 'none' }).toEqual(run.view);
  const late: RunEvent[] = [];
  for await (const event of run.events({ after: run.seq - 1 })) late.push(event);
  expect(late.map(({ type }) => type)).toEqual(['run.ended']);
});

test('a run that the visitor may no longer read ends with `not_found`, and the others continue', async () => {
  const server = await runsServer();
  const [, second] = [server.add('a'), server.add('b')];
  const runner = openPage(server.url, { clock: hastyClock(20) });
  const [gone, stays] = await Promise.all([runner.follow('a'), runner.follow('b')]);
  stays.subscribe(() => undefined);
  const result = gone.result();
  await expect.poll(() => server.openStreams).toBe(1);
  server.runs.delete('a');
  server.breakStreams();
  await expect(result).rejects.toMatchObject({ code: 'not_found' });
  expect(gone.view).toMatchObject({ status: 'queued', driver: 'none' });
  expect(await gone.done()).toBe(gone.view);
  second.stream();
  second.text('on');
  await expect.poll(() => stays.view.text).toBe('on');
  await expect(runner.follow('a')).rejects.toMatchObject({ code: 'not_found' });
});

test('a finished run that was deleted elsewhere is no longer found, as in a runner that drives', async () => {
  const server = await runsServer();
  server.add('a').complete();
  const runner = openPage(server.url, { clock: hastyClock(20) });
  const run = await runner.follow('a');
  expect(await runner.follow('a')).toBe(run);
  server.runs.delete('a');
  expect(runner.get('a')).toBe(run);
  await expect(runner.follow('a')).rejects.toMatchObject({ code: 'not_found' });
  expect(runner.get('a')).toBeUndefined();
  expect(runner.runs).toEqual([]);
  expect(run.view.status).toBe('completed');
  // Another run has the id.
  const other = server.add('a');
  expect(await runner.follow('a')).not.toBe(run);
  other.complete();
  const finished = await runner.follow('a');
  server.runs.delete('a');
  const later = server.add('a');
  later.view = { ...later.view, createdAt: finished.view.createdAt + 1 };
  const next = await runner.follow('a');
  expect(next).not.toBe(finished);
  expect(next.view.status).toBe('queued');
});

test('an active run that was deleted elsewhere stops when its view is read, as after `gone`', async () => {
  const server = await runsServer();
  server.add('a');
  const runner = openPage(server.url, { clock: hastyClock(20) });
  const run = await runner.follow('a');
  server.runs.delete('a');
  await expect(runner.follow('a')).rejects.toMatchObject({ code: 'not_found' });
  expect(run.view).toMatchObject({ status: 'queued', driver: 'none' });
  await expect(run.result()).rejects.toMatchObject({ code: 'not_found' });
  expect(runner.get('a')).toBeUndefined();
  expect(await runner.read('a')).toBeUndefined();
});

test('a 404 of a proxy does not stop a run', async () => {
  const server = await runsServer();
  const served = server.add('a');
  const runner = openPage(server.url, { clock: hastyClock(20) });
  const run = await runner.follow('a');
  server.fault = () => 404;
  await expect(runner.follow('a')).rejects.toMatchObject({ code: 'status_404' });
  server.fault = () => undefined;
  expect(await runner.follow('a')).toBe(run);
  served.complete();
  expect((await run.result()).view.status).toBe('completed');
});

test('an end that the page did not receive is read', async () => {
  const server = await runsServer();
  const served = server.add('a');
  const runner = openPage(server.url, { clock: hastyClock(20) });
  const run = await runner.follow('a');
  const done = run.done();
  await expect.poll(() => server.openStreams).toBe(1);
  served.view = { ...served.view, status: 'completed', driver: 'none' };
  served.seq += 1;
  server.send('end', { runId: 'a' });
  expect((await done).status).toBe('completed');
});

test('a change of the list calls the listeners of the runner, even without any run, and so does each connection', async () => {
  const server = await runsServer();
  const runner = openPage(server.url, { clock: hastyClock(20) });
  let calls = 0;
  const end = runner.subscribe(() => (calls += 1));
  // The list may have changed after the page has read it.
  await expect.poll(() => calls).toBe(1);
  server.send('list', {});
  await expect.poll(() => calls).toBe(2);
  server.breakStreams();
  await expect.poll(() => calls).toBe(3);
  expect(server.requests('GET', '/events')).toHaveLength(2);
  end();
});

test('detach and close stop watching, and `done` resolves', async () => {
  const server = await runsServer();
  const runner = openPage(server.url, { clock: hastyClock(20) });
  server.add('a');
  server.add('b');
  const [left, closed] = await Promise.all([runner.follow('a'), runner.follow('b')]);
  const results = [left, closed].map((run) => run.result().catch((error: { code: string }) => error.code));
  const events = left.events()[Symbol.asyncIterator]();
  expect((await events.next()).value).toMatchObject({ type: 'view' });
  const next = events.next();
  await expect.poll(() => server.openStreams).toBe(1);
  await left.detach();
  expect(await results[0]).toBe('detached');
  expect(await next).toEqual({ done: true, value: undefined });
  expect((await left.done()).status).toBe('queued');
  // The same handle watches again.
  expect(await runner.resume('support', 'a')).toBe(left);
  server.run('a').complete();
  expect((await left.done()).status).toBe('completed');
  await runner.close();
  expect(await results[1]).toBe('detached');
  await expect.poll(() => server.openStreams).toBe(0);
  expect(() => runner.start('support', 'Hi')).toThrow('closed');
});

import { defineAgent, memoryStore, tool } from '@longhaul/core';
import { sqliteStore } from '@longhaul/core/store/sqlite';
import { applyEvent, emptyView, type RunEvent, type RunView } from '@longhaul/core/engine';
import { manualClock } from '@longhaul/core/testing';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { until } from '../proxy/until.ts';
import { EventMessages, readEvent, readEventOfRun } from './event-messages.ts';
import { readError, readShown } from './read-answers.ts';
import { startRunsSite, type RunsSite } from './runs-site.ts';

const start = { runId: 'run-1', agent: 'support', input: 'Hi' };
const locate = tool({ name: 'locate', parameters: z.object({}) });
const asking = defineAgent({ name: 'support', model: 'gpt-6-astra', tools: [locate] });
const callLocate = [
  { text: 'I look.', calls: [{ name: 'locate', callId: 'call_1' }] },
  { text: 'You are in Paris, I think.' },
];
const answerCall = { decisions: [{ type: 'output', callId: 'call_1', output: 'Paris' }], iteration: 0 };

async function startWaiting(site: RunsSite, runId = 'run-1'): Promise<void> {
  await site.post('/runs', { ...start, runId });
  await until(async () => (await site.runner.read(runId))?.status === 'requires_action');
}

/** A page: the view, and the number of the last event, which it sends when it connects again. */
class Page {
  view: RunView = emptyView;
  after: number | undefined;
  readonly numbers: number[] = [];
  readonly types: string[] = [];

  receive(event: ReturnType<typeof readEvent>): void {
    this.numbers.push(event.seq);
    this.types.push(event.type);
    // The events of the wire are those of the engine.
    this.view = applyEvent(this.view, event as RunEvent);
    this.after = event.seq;
  }
}

describe('the stream of one run', () => {
  test('sends the view, then each event with its number, and ends with the run', async () => {
    await using site = await startRunsSite({ runnerAgents: [asking], script: callLocate });
    await startWaiting(site);
    const answer = await site.ask('/runs/run-1/events');
    expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('no-cache, no-transform');
    expect(answer.headers.get('x-accel-buffering')).toBe('no');
    await using events = new EventMessages(answer);
    const first = await events.next();
    const { seq } = await readShown(await site.ask('/runs/run-1'));
    expect(first?.id).toBe(String(seq));
    expect(readEvent({ data: first?.data ?? '' })).toMatchObject({ type: 'view', seq });
    await site.post('/runs/run-1/decisions', answerCall);
    const rest = await events.until();
    expect(rest.at(-1)).toMatchObject({ event: 'end', data: '{}', id: undefined });
    const shown = rest.slice(0, -1).map((message) => ({ ...readEvent(message), id: message.id }));
    expect(shown.every(({ id, seq: number }) => id === String(number))).toBe(true);
    expect(shown.map(({ type }) => type)).toContain('text.delta');
    expect(shown.map(({ type }) => type)).not.toContain('view');
  });

  test('continues after every event without a repetition, by `after` and by `Last-Event-ID`', async () => {
    await using site = await startRunsSite({ runnerAgents: [asking], script: callLocate });
    await startWaiting(site);
    const page = new Page();
    await using witness = new EventMessages(await site.ask('/runs/run-1/events'));
    await witness.next();
    const whole = await site.ask('/runs/run-1/events');
    await using first = new EventMessages(whole);
    page.receive(readEvent((await first.next()) ?? { data: '' }));
    await site.post('/runs/run-1/decisions', answerCall);
    for (let connection = 0; ; connection += 1) {
      const after = String(page.after);
      await using events = new EventMessages(
        await (connection % 2 === 0
          ? site.ask(`/runs/run-1/events?after=${after}`)
          : site.ask('/runs/run-1/events?after=1', { headers: { 'last-event-id': after } })),
      );
      const next = await events.next();
      if (next?.event === 'end') break;
      page.receive(readEvent(next ?? { data: '' }));
    }
    expect(page.types.filter((type) => type === 'view')).toHaveLength(1);
    expect(page.numbers).toEqual([...new Set(page.numbers)].toSorted((a, b) => a - b));
    const { view } = await readShown(await site.ask('/runs/run-1'));
    expect(page.view).toEqual(view);
    const seen = (await witness.until()).slice(0, -1).map((message) => readEvent(message).seq);
    expect(page.numbers.slice(1)).toEqual(seen);
  });

  test('of a run that has ended is its view and the end, or only the end', async () => {
    await using site = await startRunsSite();
    await site.post('/runs', start);
    await site.runner.get('run-1')?.result();
    await using events = new EventMessages(await site.ask('/runs/run-1/events'));
    const messages = await events.until();
    expect(messages.map(({ event }) => event)).toEqual([undefined, 'end']);
    const { seq } = readEvent(messages[0] ?? { data: '' });
    await using again = new EventMessages(await site.ask(`/runs/run-1/events?after=${seq}`));
    expect((await again.until()).map(({ event }) => event)).toEqual(['end']);
    await using older = new EventMessages(await site.ask('/runs/run-1/events?after=1'));
    expect((await older.until()).map(({ event }) => event)).toEqual([undefined, 'end']);
  });

  test.each(['?after=x', '?after=-1', '?after=1e3', '?from=1', '?after=1&after=2'])(
    '%s is refused',
    async (query) => {
      await using site = await startRunsSite();
      await site.post('/runs', start);
      const refused = await site.ask(`/runs/run-1/events${query}`);
      expect(refused.status).toBe(400);
      expect(await readError(refused)).toMatchObject({ code: 'invalid_request' });
    },
  );
});

describe('the stream of several runs', () => {
  test('names the run of each event, and stays open after a run has ended', async () => {
    await using site = await startRunsSite({ runnerAgents: [asking], script: callLocate });
    await startWaiting(site, 'one');
    await startWaiting(site, 'two');
    await using events = new EventMessages(await site.ask('/events?runs=one,two,three:7'));
    const first = [await events.next(), await events.next(), await events.next()];
    expect(first.map((message) => message?.event)).toContain('gone');
    await site.post('/runs/one/decisions', answerCall);
    const ofOne = await events.until(({ event }) => event === 'end');
    expect(ofOne.at(-1)?.data).toBe('{"runId":"one"}');
    const shown = ofOne.filter(({ event }) => event === undefined).map(readEventOfRun);
    expect(new Set(shown.map(({ runId }) => runId))).toEqual(new Set(['one']));
    expect(ofOne.every(({ id }) => id === undefined)).toBe(true);
    await site.post('/runs/two/decisions', answerCall);
    const ofTwo = await events.until(({ event }) => event === 'end');
    expect(ofTwo.at(-1)?.data).toBe('{"runId":"two"}');
  });

  test('continues each run after the event that the page names', async () => {
    await using site = await startRunsSite({ runnerAgents: [asking], script: callLocate });
    await startWaiting(site);
    await using other = new EventMessages(await site.ask('/runs/run-1/events'));
    const { seq } = readEvent((await other.next()) ?? { data: '' });
    await using events = new EventMessages(await site.ask(`/events?runs=run-1:${seq}`));
    await site.post('/runs/run-1/decisions', answerCall);
    const messages = await events.until(({ event }) => event === 'end');
    const types = messages
      .filter(({ event }) => event === undefined)
      .map((one) => readEventOfRun(one).event.type);
    expect(types).not.toContain('view');
    expect(types).toContain('run.ended');
  });

  test.each([
    ['a run twice', 'runs=a,a'],
    ['an invalid number', 'runs=a:x'],
    ['too many runs', `runs=${Array.from({ length: 101 }, (_, index) => `r${index}`).join(',')}`],
    ['an unknown parameter', 'run=a'],
    ['a repeated parameter', 'runs=a&runs=b'],
  ])('with %s is refused', async (_, query) => {
    await using site = await startRunsSite();
    expect((await site.ask(`/events?${query}`)).status).toBe(400);
  });

  test('has a notice when the list has changed: a start, a status, a delete; not for others', async () => {
    await using site = await startRunsSite({ runnerAgents: [asking], script: callLocate });
    await using events = new EventMessages(await site.ask('/events'));
    await site.post('/runs', { ...start, runId: 'of-eve' }, { user: 'eve' });
    const next = events.next();
    const race = await Promise.race([next, new Promise((resolve) => setTimeout(resolve, 200, 'nothing'))]);
    expect(race).toBe('nothing');
    await site.post('/runs', start);
    expect(await next).toMatchObject({ event: 'list', data: '{}' });
    await until(async () => (await site.runner.read('run-1'))?.status === 'requires_action');
    await site.post('/runs/run-1/decisions', answerCall);
    await site.runner.get('run-1')?.result();
    await using ofRun = new EventMessages(await site.ask('/events?runs=run-1'));
    await ofRun.until(({ event }) => event === 'end');
    await site.ask('/runs/run-1', { method: 'DELETE' });
    expect(await ofRun.next()).toMatchObject({ event: 'list' });
    expect(await events.next()).toMatchObject({ event: 'list' });
  });

  test('has a notice of changes by another process within 15 s', async () => {
    const store = memoryStore();
    const clock = manualClock();
    await using one = await startRunsSite({ store, clock });
    await using two = await startRunsSite({ store, api: one.api });
    await using events = new EventMessages(await one.ask('/events'));
    await until(() => clock.now() >= 0);
    await two.post('/runs', start);
    const next = events.next();
    await clock.advance(15_000);
    expect(await next).toMatchObject({ event: 'list' });
  });
});

describe('a connection', () => {
  test('is kept open by heartbeats and closed after `streamMs`, and the page continues on the next one', async () => {
    const clock = manualClock();
    await using site = await startRunsSite({
      runnerAgents: [asking],
      script: callLocate,
      clock,
      limits: { streamMs: 60_000, heartbeatMs: 20_000 },
    });
    await startWaiting(site);
    const answer = await site.ask('/runs/run-1/events');
    const text = answer.text();
    await clock.advance(60_000);
    const comments = (await text).split('\n').filter((line) => line.startsWith(': '));
    expect(comments.length).toBeGreaterThanOrEqual(3);
    const seq = /^id: (\d+)$/m.exec(await text)?.[1];
    expect(await text).not.toContain('event: end');
    await using events = new EventMessages(await site.ask(`/runs/run-1/events?after=${seq}`));
    await site.post('/runs/run-1/decisions', answerCall);
    const types = (await events.until()).slice(0, -1).map((message) => readEvent(message).type);
    expect(types).not.toContain('view');
  });

  test('does not stop a run when it is lost, and the run is followed no longer than a minute', async () => {
    const store = memoryStore();
    const clock = manualClock();
    await using one = await startRunsSite({ store, runnerAgents: [asking], script: callLocate });
    await using two = await startRunsSite({ store, runnerAgents: [asking], api: one.api, clock });
    await startWaiting(one);
    const answer = await two.ask('/runs/run-1/events');
    await using events = new EventMessages(answer);
    await events.next();
    expect(two.runner.runs.map(({ id }) => id)).toEqual(['run-1']);
    await events[Symbol.asyncDispose]();
    await until(async () => {
      await clock.advance(60_000);
      return two.runner.runs.length === 0;
    });
    expect((await one.runner.read('run-1'))?.status).toBe('requires_action');
  });
});

test('a finished run without streams is kept in memory for 10 s, or not at all if it had ended before', async () => {
  const store = memoryStore();
  const clock = manualClock();
  await using one = await startRunsSite({ store, runnerAgents: [asking], script: callLocate });
  await using two = await startRunsSite({ store, runnerAgents: [asking], api: one.api, clock });
  await startWaiting(one);
  // One stream ends with the run. The other has left before, so the handler waits for its page.
  const left = new EventMessages(await two.ask('/runs/run-1/events'));
  await left.next();
  await using stays = new EventMessages(await two.ask('/runs/run-1/events'));
  await stays.next();
  await left[Symbol.asyncDispose]();
  expect(two.runner.runs).toHaveLength(1);
  await one.post('/runs/run-1/decisions', answerCall);
  expect((await stays.until()).at(-1)?.event).toBe('end');
  const isForgotten = async (): Promise<boolean> => {
    await clock.advance(1_000);
    return two.runner.runs.length === 0;
  };
  const endedAt = clock.now();
  await until(isForgotten);
  expect(clock.now() - endedAt).toBeLessThan(15_000);
  await using again = new EventMessages(await two.ask('/runs/run-1/events'));
  expect((await again.until()).at(-1)?.event).toBe('end');
  await until(() => two.runner.runs.length === 0);
  // The page leaves before the end of the run.
  await startWaiting(one, 'run-2');
  const alone = new EventMessages(await two.ask('/runs/run-2/events'));
  await alone.next();
  await alone[Symbol.asyncDispose]();
  await one.post('/runs/run-2/decisions', answerCall);
  await one.runner.get('run-2')?.done();
  await until(isForgotten);
  expect(clock.now() - endedAt).toBeLessThan(45_000);
});

test('a page that watches through another process sees the same run', async () => {
  const store = sqliteStore({ path: ':memory:' });
  await using one = await startRunsSite({ store, runnerAgents: [asking], script: callLocate });
  await using two = await startRunsSite({ store, runnerAgents: [asking], api: one.api });
  await startWaiting(one);
  const page = new Page();
  await using events = new EventMessages(await two.ask('/runs/run-1/events'));
  page.receive(readEvent((await events.next()) ?? { data: '' }));
  expect((await two.post('/runs/run-1/decisions', answerCall)).status).toBe(202);
  for (const message of (await events.until()).slice(0, -1)) page.receive(readEvent(message));
  const { view } = await readShown(await one.ask('/runs/run-1'));
  expect(page.view).toMatchObject({ status: 'completed', text: view.text, toolCalls: view.toolCalls });
  expect(page.numbers).toEqual(page.numbers.toSorted((a, b) => a - b));
});

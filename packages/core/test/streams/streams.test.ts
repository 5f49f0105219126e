import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { handServer, messageOf, responseOf } from '../../test-support/hand-server.ts';
import {
  eventsOf,
  kindOf,
  scenario,
  type Scenario,
  type ScenarioOptions,
} from '../../test-support/scenario.ts';
import { defineAgent } from '../../src/agent/define-agent.ts';
import { fetchClient } from '../../src/client/fetch-client.ts';
import { createRunner } from '../../src/driver/runner/create-runner.ts';
import { RunFailedError, RunLimitError } from '../../src/run/run-error.ts';
import type { Run } from '../../src/run/run.ts';
import { createEmulator, type Fault } from '../../src/testing/index.ts';
import { serveEmulator } from '../../src/testing/node.ts';

const story =
  'It rained for forty days, and they had never thought of bringing an umbrella along to the coast.';

function streaming(options: ScenarioOptions = {}) {
  return scenario({
    script: [{ text: story }],
    tools: [],
    ...options,
    runner: { mode: 'stream', ...options.runner },
  });
}

/** Runs the scenario, and collects each new text of the view. */
async function textsOf(s: Scenario): Promise<{ run: Run; texts: string[] }> {
  const run = s.start();
  const texts: string[] = [];
  run.subscribe(() => {
    const { text } = run.view;
    if (text !== texts.at(-1)) texts.push(text);
  });
  await s.settle(run.done());
  return { run, texts };
}

describe('a stream without a terminal event is not complete (TanStack/ai 1447, openai-node)', () => {
  test('the stream is reopened after the last sequence number received', async () => {
    const s = streaming({ faults: [{ fault: 'eof-without-terminal', n: 9 }] });
    const { run, texts } = await textsOf(s);
    expect(s.sent()).toEqual(['create', 'stream after 9']);
    expect(texts.length).toBeGreaterThan(5);
    expect(run.view).toMatchObject({ status: 'completed', text: story });
    expect(texts.every((text) => story.startsWith(text))).toBe(true);
  });

  test('the response is polled if the stream cannot be reopened, after at most seven requests', async () => {
    const s = streaming({
      script: [{ text: story, runMs: 60_000 }],
      faults: [
        { fault: 'eof-without-terminal', n: 2 },
        { fault: 'reset', on: 'stream', times: 99 },
      ],
    });
    const { run } = await textsOf(s);
    expect(run.view).toMatchObject({ status: 'completed', text: story });
    expect(s.trace().at(-1)).toBe('poll');
    expect(s.sent().filter((kind) => kind.startsWith('stream')).length).toBeLessThan(8);
    expect(s.emulator.generations).toBe(1);
  });

  test('a foreground run fails, because the server cannot resume the stream', async () => {
    const s = streaming({ agent: { background: false }, faults: [{ fault: 'eof-without-terminal', n: 6 }] });
    const error = await s.rejection(s.start().result());
    expect(error).toBeInstanceOf(RunFailedError);
    expect(error).toMatchObject({ code: 'connection_lost', message: expect.stringContaining('foreground') });
    expect(s.creates()).toHaveLength(1);
  });
});

test('the request that reopens a stream has the cursor, so that no event is sent twice (openai-node 1983)', async () => {
  const s = streaming({ faults: [{ fault: 'drop-after-event', n: 12 }] });
  await textsOf(s);
  const resumed = s.emulator.requests.filter((request) => kindOf(request).startsWith('stream'));
  expect(resumed.map(({ query }) => query)).toEqual([{ stream: 'true', starting_after: '12' }]);
});

test('if a broken stream is too old to be reopened, the run polls and keeps the text (openai-python 2828)', async () => {
  const s = streaming({ script: [{ text: story, queuedMs: 1_000, runMs: 600_000 }] });
  const run = s.start();
  await s.clock.advance(301_000);
  expect(run.view.waiting?.mode).toBe('stream');
  const { text } = run.view;
  expect(text.length).toBeGreaterThan(10);
  s.emulator.dropConnections();
  await s.clock.advance(10_000);
  expect(run.view.waiting?.mode).toBe('poll');
  expect(run.view.text).toBe(text);
  expect((await s.settle(run.result())).text).toBe(story);
  expect(s.emulator.generations).toBe(1);
});

test('after the server refuses to reopen a stream, the run polls', async () => {
  const s = streaming({ faults: [{ fault: 'drop-after-event', n: 9 }, { fault: 'stream-expired' }] });
  const { run } = await textsOf(s);
  expect(s.trace()).toEqual(['create', 'stream after 9', 'poll']);
  expect(run.view).toMatchObject({ status: 'completed', text: story });
});

describe('the bytes of a stream', () => {
  test.each<[string, Fault]>([
    [
      'the blank line after the last event is missing (openai-node 2725)',
      { fault: 'missing-last-blank-line' },
    ],
    ['it contains unknown events (openai-node 1964)', { fault: 'unknown-event', type: 'keepalive' }],
    ['it contains comments', { fault: 'keepalive-comments' }],
    ['the last event is [DONE]', { fault: 'done-sentinel' }],
    ['lines end in CR LF', { fault: 'crlf' }],
    ['chunks end within events', { fault: 'split-chunks', bytes: 3 }],
    ['events have no sequence number (openai-ruby 578)', { fault: 'unsequenced-events' }],
    ['ids change from event to event', { fault: 'rotating-item-ids' }],
    ['the last event is called response.done', { fault: 'done-event' }],
  ])('%s: the answer is complete, and its call is executed once', async (_name, fault) => {
    const s = scenario({ faults: [fault], runner: { mode: 'stream' } });
    const { run } = await textsOf(s);
    expect(run.view).toMatchObject({ status: 'completed', text: 'Leave the umbrella at home.' });
    expect(s.executed).toEqual(['Paris']);
    expect(s.trace()).toEqual(['create', 'create']);
  });

  test('without sequence numbers, a stream that is read again from its start is not shown twice', async () => {
    const s = streaming({ faults: [{ fault: 'unsequenced-events' }, { fault: 'drop-after-event', n: 9 }] });
    const { run, texts } = await textsOf(s);
    expect(s.sent()).toEqual(['create', 'stream']);
    expect(texts.length).toBeGreaterThan(5);
    expect(texts.every((text) => story.startsWith(text))).toBe(true);
    expect(run.view.text).toBe(story);
  });

  test.each(['fetchClient', 'OpenAI'])('are read completely over real HTTP, through %s', async (which) => {
    const faults: Fault[] = [
      { fault: 'split-chunks', bytes: 5 },
      { fault: 'drop-after-event', n: 8 },
      { fault: 'missing-last-blank-line' },
      { fault: 'unknown-event' },
    ];
    const emulator = createEmulator({ script: [{ text: story }], faults, queuedMs: 5, runMs: 30 });
    await using server = await serveEmulator(emulator);
    const client =
      which === 'OpenAI'
        ? new OpenAI({ baseURL: server.url, apiKey: 'key' })
        : fetchClient({ baseURL: server.url, apiKey: 'key' });
    const runner = createRunner({ client, mode: 'stream' });
    const run = runner.start(defineAgent({ name: 'a', model: 'gpt-6-astra' }), 'Tell me.');
    expect((await run.result()).text).toBe(story);
    expect(emulator.requests.map(kindOf)).toEqual(['create', 'stream after 8']);
    await runner.close();
  });
});

test('a stalled stream is detected by an idle timeout, and reopened (openai-node 1825)', async () => {
  const s = streaming({ faults: [{ fault: 'stall', n: 7 }], runner: { limits: { streamIdleMs: 20_000 } } });
  const began = s.clock.now();
  const { run } = await textsOf(s);
  expect(s.sent()).toEqual(['create', 'stream after 7']);
  expect(run.view).toMatchObject({ status: 'completed', text: story });
  expect(s.clock.now() - began).toBeLessThan(40_000);
});

describe.each([': ping\n\n', 'data: {"type":"keepalive"}\n\n', 'event: ping\ndata: {}\n\n'])(
  'a stream that sends only %j',
  (ping) => {
    const begin = (background: boolean) => {
      const response = responseOf('resp_1', 'in_progress', { background });
      const server = handServer(
        ({ method }) => {
          if (method === 'GET') return responseOf('resp_1', 'completed', { output: [messageOf('ok')] });
          const encoder = new TextEncoder();
          let sent = `data: ${JSON.stringify({ type: 'response.created', response })}\n\n`;
          const body = new ReadableStream<Uint8Array>({
            pull: async (controller) => {
              controller.enqueue(encoder.encode(sent));
              sent = ping;
              await server.clock.sleep(10_000);
            },
          });
          return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
        },
        { agent: { background }, runner: { mode: 'stream' } },
      );
      return { server, run: server.start() };
    };

    test('is closed after 15 minutes, because a gateway may have lost the server', async () => {
      const { server, run } = begin(true);
      await server.clock.advance(14 * 60_000);
      expect(server.seen).toHaveLength(1);
      await server.clock.advance(3 * 60_000);
      expect(run.view).toMatchObject({ status: 'completed', text: 'ok' });
      expect(server.seen.map(({ method }) => method)).toEqual(['POST', 'GET']);
    });

    test('stays open in the foreground, because the response is lost without it', async () => {
      const { server, run } = begin(false);
      await server.clock.advance(2 * 3_600_000);
      expect(run.view.status).toBe('in_progress');
      expect(server.seen).toHaveLength(1);
    });
  },
);

test('a limit cancels a job that stays queued after a disconnect at response.created (OpenAI forum 1382584)', async () => {
  const s = streaming({
    faults: [{ fault: 'disconnect-leaves-queued' }, { fault: 'drop-after-event', n: 0 }],
    runner: { limits: { queuedMs: 120_000 } },
  });
  const run = s.start();
  const error = await s.rejection(run.result());
  expect(error).toBeInstanceOf(RunLimitError);
  expect(error).toMatchObject({ code: 'queued_timeout' });
  expect(s.sent().filter((kind) => kind === 'cancel')).toHaveLength(1);
});

describe('a resume does not duplicate text: each sequence number counts once (agent-framework 1764)', () => {
  test.each<[string, readonly Fault[]]>([
    [
      'a connection that is lost twice',
      [
        { fault: 'drop-after-event', n: 6 },
        { fault: 'drop-after-event', n: 11 },
      ],
    ],
    [
      'events that are sent again on resume',
      [
        { fault: 'drop-after-event', n: 10 },
        { fault: 'duplicate-events-on-resume', n: 5 },
      ],
    ],
  ])('%s', async (_name, faults) => {
    const s = streaming({ faults });
    const { run, texts } = await textsOf(s);
    expect(texts.every((text) => story.startsWith(text))).toBe(true);
    expect(run.view).toMatchObject({ status: 'completed', text: story });
    const deltas = (await eventsOf(run)).flatMap((event) =>
      event.type === 'text.delta' ? [event.delta] : [],
    );
    expect(deltas.join('')).toBe(story);
  });

  test('after a gap the stream stays open, and only live text is lost (GoModel 953)', async () => {
    const s = streaming({ faults: [{ fault: 'gap', n: 8, size: 3 }] });
    const { run } = await textsOf(s);
    expect(s.sent()).toEqual(['create']);
    expect(run.view).toMatchObject({ status: 'completed', text: story, warnings: [] });
  });
});

describe('an `error` event', () => {
  test.each(['error-event-nested', 'error-event-flat'] as const)(
    'is read in both forms, and does not end the run if the failure is transient: %s',
    async (fault) => {
      const s = streaming({ faults: [{ fault, code: 'server_error' }] });
      const { run } = await textsOf(s);
      // The failure is transient, so the response is created again.
      expect(run.view).toMatchObject({ status: 'completed', text: story });
      expect(run.view.iterations[0]?.attempts.map(({ status }) => status)).toEqual(['failed', 'completed']);
    },
  );

  test('followed by the end of the stream causes a GET', async () => {
    const s = streaming({
      faults: [{ fault: 'error-event-nested', code: 'insufficient_quota', ending: 'eof' }],
    });
    const error = await s.rejection(s.start().result());
    expect(error).toMatchObject({ code: 'insufficient_quota' });
    expect(s.trace()).toEqual(['create', 'poll']);
  });
});

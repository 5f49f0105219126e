import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import {
  functionCall,
  handServer,
  messageOf,
  responseOf,
  type HandServerOptions,
  type SeenRequest,
} from '../../test-support/hand-server.ts';
import { eventsOf } from '../../test-support/scenario.ts';
import {
  added,
  created,
  delta,
  done,
  ended,
  numbered,
  sse,
  withoutIndex,
  type StreamEvent,
} from '../../test-support/stream-events.ts';
import { tool } from '../../src/agent/tool.ts';
import { applyEvent } from '../../src/engine/view/apply-event.ts';
import { emptyView } from '../../src/engine/view/empty-view.ts';
import type { Run } from '../../src/run/run.ts';
import type { JsonObject } from '../../src/wire/json.ts';

const ran: string[] = [];

const pay = tool({
  name: 'pay',
  parameters: z.object({ n: z.number() }),
  execute: ({ n }) => {
    ran.push(String(n));
    return `paid ${n}`;
  },
});

/** Streams the first create, and answers all other requests with `then`. */
async function streamed(
  events: readonly JsonObject[],
  then: (request: SeenRequest) => JsonObject | Response = () =>
    sse(
      numbered([
        { ...created, response: responseOf('resp_2', 'queued') },
        {
          type: 'response.completed',
          response: responseOf('resp_2', 'completed', { output: [messageOf('Done.')] }),
        },
      ]),
    ),
  options: HandServerOptions = {},
) {
  ran.length = 0;
  const server = handServer((request, count) => (count === 1 ? sse(events) : then(request)), {
    tools: [pay],
    ...options,
    runner: { mode: 'auto', ...options.runner },
  });
  const run = server.start();
  await server.clock.advance(600_000);
  return { server, run, codes: run.view.warnings.map(({ code }) => code) };
}

async function mustFold(run: Run): Promise<void> {
  expect((await eventsOf(run)).reduce(applyEvent, emptyView)).toEqual(run.view);
}

describe('a terminal event with an empty output', () => {
  const text = [
    created,
    added(messageOf('')),
    delta('The answer is 42.'),
    done(messageOf('The answer is 42.')),
  ];

  test.each([[[]], [undefined], [null]])(
    '(%j) keeps the finished text of the stream (CLIProxyAPI 2626)',
    async (output) => {
      const last = { ...ended([]), response: { ...responseOf('resp_1', 'completed'), output } };
      const { run, codes, server } = await streamed(numbered([...text, last]));
      expect(run.view).toMatchObject({ status: 'completed', text: 'The answer is 42.' });
      expect(codes).toEqual(['output_from_stream']);
      expect(server.seen).toHaveLength(1);
      await mustFold(run);
    },
  );

  test('executes the finished calls of the stream (litellm 32724)', async () => {
    const call = functionCall('call_1', 'pay', '{"n":5}');
    const { run } = await streamed(numbered([created, added(call), done(call), ended([])]));
    expect(run.view).toMatchObject({ status: 'completed', text: 'Done.' });
    expect(ran).toEqual(['5']);
    await mustFold(run);
  });

  test('or a GET with one, after an interrupted stream, keeps the finished text of the stream', async () => {
    const { run, codes } = await streamed(numbered(text), ({ path }) =>
      path.includes('stream=true')
        ? Response.json({ error: { message: 'too old', type: 'x' } }, { status: 400 })
        : responseOf('resp_1', 'completed'),
    );
    expect(run.view).toMatchObject({ status: 'completed', text: 'The answer is 42.' });
    expect(codes).toEqual(['output_from_stream']);
  });

  test('after missing events causes one GET', async () => {
    const events = numbered([...text, ended([])]).filter((_event, index) => index !== 2);
    const { run, server } = await streamed(events, () =>
      responseOf('resp_1', 'completed', { output: [messageOf('The whole answer.')] }),
    );
    expect(server.seen.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /responses',
      'GET /responses/resp_1',
    ]);
    expect(run.view).toMatchObject({ status: 'completed', text: 'The whole answer.' });
    await mustFold(run);
  });

  test('after missing events fails a foreground run, because its output is unknown', async () => {
    const events = numbered([...text, ended([])]).filter((_event, index) => index !== 2);
    const { run } = await streamed(events, undefined, { agent: { background: false } });
    expect(run.view).toMatchObject({ status: 'failed', error: { code: 'invalid_response' } });
  });

  test('after a stream without items is an empty answer', async () => {
    const { run, codes } = await streamed(numbered([created, ended([])]));
    expect(run.view).toMatchObject({ status: 'completed', text: '' });
    expect(codes).toEqual([]);
  });
});

describe('a terminal snapshot with other ids than its stream replaces the streamed items (vllm 47916)', () => {
  const [first, second] = [
    functionCall('call_A', 'pay', '{"n":5}'),
    functionCall('call_B', 'pay', '{"n":5}'),
  ];

  test('the call runs once, under the id of the snapshot', async () => {
    const { run, codes, server } = await streamed(
      numbered([created, added(first), done(first), ended([second])]),
    );
    expect(run.view.status).toBe('completed');
    expect(ran).toEqual(['5']);
    expect(run.view.toolCalls.map(({ callId, status }) => [callId, status])).toEqual([
      ['call_B', 'completed'],
    ]);
    expect(server.seen[1]?.body['input']).toEqual([
      { type: 'function_call_output', call_id: 'call_B', output: 'paid 5' },
    ]);
    expect(codes).toEqual(['output_differs']);
    expect(run.view.warnings[0]?.message).toContain('function_call call_A');
    await mustFold(run);
  });

  test('a person can approve the call that the run waits for', async () => {
    const asks = tool({
      name: 'pay',
      parameters: z.object({ n: z.number() }),
      needsApproval: true,
      execute: () => 'paid',
    });
    const { run, server } = await streamed(
      numbered([created, added(first), done(first), ended([second])]),
      undefined,
      { tools: [asks] },
    );
    expect(run.view.status).toBe('requires_action');
    const [call] = run.view.toolCalls.filter(({ status }) => status === 'awaiting_approval');
    await run.approve(call?.callId ?? '');
    await server.clock.advance(60_000);
    expect(run.view).toMatchObject({ status: 'completed', text: 'Done.' });
  });

  test('an item that the stream did not complete is removed', async () => {
    const half = numbered([created, added(messageOf('')), delta('Half'), ended([])]);
    const { run, codes } = await streamed(half, () => responseOf('resp_1', 'completed'));
    expect(run.view.items).toEqual([]);
    expect(codes).toEqual(['output_differs']);
    await mustFold(run);
  });
});

describe.each([true, false])('a terminal event ends the response, with background: %s', (background) => {
  const flags = { background, store: background };
  const first: StreamEvent = {
    type: 'response.created',
    response: { ...responseOf('resp_1', 'queued'), ...flags },
  };
  const options = { agent: { background } };

  test.each<[string, StreamEvent, string]>([
    [
      'without a status (pwnkit 331)',
      { ...ended([messageOf('Hello')], { status: undefined as never }), type: 'response.completed' },
      'completed',
    ],
    [
      'with a stale status',
      { ...ended([messageOf('Hello')], { status: 'in_progress' }), type: 'response.completed' },
      'completed',
    ],
    [
      'with another name',
      { ...ended([messageOf('Hello')], { status: 'in_progress' }), type: 'response.done' },
      'completed',
    ],
    [
      '`response.failed` without a status',
      {
        type: 'response.failed',
        response: { id: 'resp_1', error: { code: 'invalid_prompt', message: 'No.' } },
      },
      'failed',
    ],
    [
      '`response.failed` with status `cancelled` (Azure)',
      { type: 'response.failed', response: responseOf('resp_1', 'cancelled') },
      'cancelled',
    ],
    [
      '`response.incomplete` without a status',
      {
        type: 'response.incomplete',
        response: { id: 'resp_1', incomplete_details: { reason: 'content_filter' } },
      },
      'incomplete',
    ],
  ])('%s', async (_name, event, status) => {
    for (const events of [numbered([first, event]), [first, event]]) {
      const { run, server } = await streamed(events, undefined, options);
      expect(run.view.status).toBe(status);
      expect(server.seen).toHaveLength(1);
    }
  });

  test.each([null, '', 7])('whose snapshot has the id %j', async (id) => {
    const last = ended([messageOf('Hello')], { id });
    const { run, server } = await streamed(numbered([first, last]), undefined, options);
    expect(run.view).toMatchObject({ status: 'completed', text: 'Hello' });
    expect(server.seen).toHaveLength(1);
  });

  test('with a repeated sequence number', async () => {
    const events = [
      ...numbered([first, added(messageOf('')), delta('Hello')]),
      { ...ended([messageOf('Hello')]), sequence_number: 0 },
    ];
    const { run, server } = await streamed(events, undefined, options);
    expect(run.view).toMatchObject({ status: 'completed', text: 'Hello' });
    expect(server.seen).toHaveLength(1);
  });

  test('after a gap, which loses only live text (GoModel 953)', async () => {
    const events = numbered([
      first,
      added(messageOf('')),
      delta('Hel'),
      delta('lo'),
      ended([messageOf('Hello')]),
    ]);
    const { run, server } = await streamed(
      events.filter((_event, index) => index !== 2),
      undefined,
      options,
    );
    expect(run.view).toMatchObject({ status: 'completed', text: 'Hello', warnings: [] });
    expect(server.seen).toHaveLength(1);
    await mustFold(run);
  });
});

describe('the streamed items are the output if the terminal event has none', () => {
  const [one, two] = [functionCall('c1', 'pay', '{"n":1}'), functionCall('c2', 'pay', '{"n":2}')];

  test.each<[string, readonly JsonObject[]]>([
    [
      'if every event has the same number',
      [created, done(one), done(two, 1), ended([])].map((event) => ({ ...event, sequence_number: 0 })),
    ],
    [
      'if every event has the same number and none has an index',
      [created, withoutIndex(one), withoutIndex(two), ended([])].map((event) => ({
        ...event,
        sequence_number: 0,
      })),
    ],
    ['if a gateway drops `response.created`', [done(one), done(two, 1), ended([])]],
    ['if they have no index', [created, withoutIndex(one), withoutIndex(two), ended([])]],
    ['if they have the same index', numbered([created, done(one), done(two), ended([])])],
    [
      'if the first event has a final status',
      numbered([
        { ...created, response: responseOf('resp_1', 'completed') },
        done(one),
        done(two, 1),
        ended([]),
      ]),
    ],
    [
      'if snapshots have no event around them',
      [
        { ...responseOf('resp_1', 'queued'), type: 'response.created' },
        done(one),
        done(two, 1),
        { ...responseOf('resp_1', 'completed'), type: 'response.completed' },
      ],
    ],
  ])('%s', async (_name, events) => {
    const { run, server } = await streamed(events);
    expect(run.view).toMatchObject({ status: 'completed', text: 'Done.' });
    expect(ran).toEqual(['1', '2']);
    expect(server.seen).toHaveLength(2);
    await mustFold(run);
  });
});

test('a stream that starts with an error fails the run after one create (rocketmq-dashboard 2178)', async () => {
  for (const event of [
    { type: 'error', error: { type: 'insufficient_quota', code: 'insufficient_quota', message: 'Pay.' } },
    { type: 'error', code: 'context_length_exceeded', message: 'Too long.', param: 'input' },
    { error: { message: 'quota exceeded', code: 402 } },
  ]) {
    const { run, server } = await streamed([event]);
    expect(run.view).toMatchObject({
      status: 'failed',
      error: { message: expect.stringMatching(/Pay|Too long|quota/) },
    });
    expect(server.seen).toHaveLength(1);
  }
});

test('a response whose stream starts with a rate limit error is created again', async () => {
  const { run, server } = await streamed([
    { type: 'error', code: 'rate_limit_exceeded', message: 'Please try again in 7s.' },
  ]);
  expect(run.view.status).toBe('completed');
  expect(server.seen).toHaveLength(2);
});

import { describe, expect, test } from 'vitest';
import { functionCall, handServer, messageOf, responseOf } from '../../test-support/hand-server.ts';
import {
  added,
  created,
  delta,
  done,
  ended,
  numbered,
  sse,
  type StreamEvent,
} from '../../test-support/stream-events.ts';
import { createRunner } from '../../src/driver/runner/create-runner.ts';
import { memoryStore } from '../../src/store/memory-store.ts';
import type { JsonObject } from '../../src/wire/json.ts';
import { heard } from '../../test-support/streamed-run.ts';

const half = messageOf('Half');

const whole = messageOf('The whole answer.');

const pay5 = functionCall('call_1', 'pay', '{"n":5}');

const argumentsDelta: StreamEvent = {
  type: 'response.function_call_arguments.delta',
  output_index: 0,
  delta: '{"n":5}',
};

const withoutNumber = (events: readonly JsonObject[]): JsonObject[] =>
  events.map(({ sequence_number: _number, ...event }) => event);

const unknown = { status: 'failed', error: { code: 'invalid_response' } };

describe('an empty final output is not trusted if events of its stream are missing or an item stayed open', () => {
  const stream = numbered([
    created,
    { type: 'response.in_progress', response: responseOf('resp_1', 'in_progress') },
    added(half),
    delta('Half'),
    done(half),
    added(pay5, 1),
    done(pay5, 1),
    ended([]),
  ]);
  const without = (...numbers: readonly number[]): JsonObject[] =>
    stream.filter((_event, index) => !numbers.includes(index));

  test.each<[string, readonly JsonObject[]]>([
    ['before the event that names the response', [...without(0, 1, 4).slice(0, -1), ...stream.slice(-1)]],
    ['before the terminal event, which names the response', without(0, 1, 4)],
    ['before the only event', stream.slice(-1)],
    [
      'before a late response id, if all remaining items are done',
      numbered([added(half), delta('Half'), created, done(half), ended([])]).filter(
        (_event, index) => index !== 1,
      ),
    ],
    ['of a message, whose text was streamed', numbered([created, delta('Half'), ended([])])],
    ['of a message that was not completed', numbered([created, added(half), ended([])])],
    ['of a call, whose arguments were streamed', numbered([created, argumentsDelta, ended([])])],
    ['of one item of two', numbered([created, added(half), done(half), added(pay5, 1), ended([])])],
    ['without numbers', withoutNumber([created, added(half), delta('Half'), ended([])])],
    [
      'without numbers and indexes',
      [created, done(half), { ...argumentsDelta, output_index: undefined }, ended([])],
    ],
    [
      'with one number for all',
      [created, added(half), delta('Half'), ended([])].map((event) => ({ ...event, sequence_number: 0 })),
    ],
    [
      'with one index for all',
      numbered([created, added(half), done(half), added(pay5), argumentsDelta, ended([])]),
    ],
    [
      'of a message whose final item lacks its text (agentgateway 2281)',
      numbered([created, added(half), delta('Half'), done({ ...half, content: [] }), ended([])]),
    ],
    [
      'of a call whose final item lacks its arguments',
      numbered([created, added(pay5), argumentsDelta, done({ ...pay5, arguments: '' }), ended([])]),
    ],
    ['of the first of two items with one index', [created, added(half), added(pay5), done(pay5), ended([])]],
    ['before a late response id', [added(half), delta('Half'), created, ended([])]],
  ])('%s', async (_name, events) => {
    const inBackground = await heard(events);
    expect(inBackground.view).toMatchObject({ status: 'completed', text: 'The whole answer.' });
    expect(inBackground.sent).toEqual(['POST', 'GET']);
    const inForeground = await heard(events, { background: false });
    expect(inForeground.view).toMatchObject(unknown);
    expect(inForeground.sent).toEqual(['POST']);
    expect([...inBackground.ran, ...inForeground.ran]).toEqual([]);
  });

  test.each<[string, readonly JsonObject[]]>([
    ['if no event is missing', stream],
    ['if `response.created` is missing', without(0)],
    ['if all events before the first item are missing', without(0, 1)],
    [
      'if the items precede the event with the response id',
      [...without(0, 1, 7), ...stream.slice(0, 1), ...stream.slice(7)].map((event) => ({
        ...event,
        sequence_number: undefined as never,
      })),
    ],
  ])('the output consists of the finished items %s', async (_name, events) => {
    for (const background of [true, false]) {
      const { view, ran } = await heard(events, { background });
      expect(view).toMatchObject({ status: 'completed', text: 'Done.' });
      expect(ran).toEqual(['5']);
    }
  });

  test('the text of a stream whose first event arrives late is shown while it streams', async () => {
    const { view } = await heard([delta('The whole '), created, delta('answer.'), ended([whole])]);
    expect(view).toMatchObject({ status: 'completed', text: 'The whole answer.' });
  });

  test('a process that resumes the run does not trust an empty output, either', async () => {
    const server = handServer(
      ({ method, path }) => {
        if (method === 'POST') return sse(stream.slice(0, -1));
        if (!path.includes('stream=true')) return responseOf('resp_1', 'completed');
        return Response.json({ error: { message: 'Not streamable.' } }, { status: 400 });
      },
      { runner: { mode: 'auto', store: memoryStore() } },
    );
    const run = server.start();
    await server.clock.advance(10);
    await run.detach();
    const resumed = await createRunner(server.options).resume(server.agent, run.id);
    await server.clock.advance(60_000);
    expect(resumed.view).toMatchObject(unknown);
  });

  test('a GET whose output is also empty completes the run with a warning', async () => {
    const { view, codes } = await heard(numbered([created, delta('Half'), ended([])]), { output: [] });
    expect(view).toMatchObject({ status: 'completed', text: '' });
    expect(codes).toEqual(['output_differs']);
  });

  test.each<[string, readonly StreamEvent[]]>([
    ['of two calls', [done(pay5), added(functionCall('call_2', 'pay', ''), 1)]],
    ['of a call after a message', [done({ ...half, phase: 'commentary' }), added(pay5, 1)]],
    ['of a message after a call', [done(pay5), added(half, 1), { ...delta('Half'), output_index: 1 }]],
  ])(
    'a GET whose output is also empty fails the run if only some items were done: %s',
    async (_name, items) => {
      // The stream ends without a terminal event, or with one that also has no output.
      for (const end of [[], [ended([])]]) {
        const { view, ran } = await heard(numbered([created, ...items, ...end]), { output: [] });
        expect(view).toMatchObject({ status: 'failed', error: { code: 'invalid_response' } });
        expect(ran).toEqual([]);
      }
    },
  );
});

test('an unknown output is not reported as `not_found` if the server has deleted the response', async () => {
  const stream = numbered([created, delta('The'), ended([])]).map((event, index) =>
    index === 2 ? { ...event, sequence_number: 9 } : event,
  );
  const refusal = Response.json(
    { error: { message: 'not found', type: 'invalid_request_error' } },
    { status: 404 },
  );
  const server = handServer(({ method }) => (method === 'GET' ? refusal.clone() : sse(stream)), {
    runner: { mode: 'auto' },
  });
  const run = server.start();
  await server.clock.advance(60_000);
  expect(run.view).toMatchObject(unknown);
});

describe('an empty output of a response that was only polled', () => {
  const polled = async (usage: JsonObject | null) => {
    const server = handServer(() => responseOf('resp_1', 'completed', { usage }));
    const run = server.start();
    await server.clock.advance(60_000);
    expect(run.view).toMatchObject({ status: 'completed', text: '' });
    return run.view.warnings.map(({ code }) => code);
  };

  test('completes the run', async () => {
    expect(await polled(null)).toEqual([]);
    const output_tokens_details = { reasoning_tokens: 64 };
    expect(await polled({ output_tokens: 64, output_tokens_details })).toEqual([]);
  });

  test('is reported if the usage has output tokens that are not reasoning', async () => {
    expect(await polled({ output_tokens: 12 })).toEqual(['output_differs']);
  });
});

import { describe, expect, test } from 'vitest';
import { messageOf, responseOf } from '../../test-support/hand-server.ts';
import { created, delta, done, ended } from '../../test-support/stream-events.ts';
import type { JsonObject } from '../../src/wire/json.ts';
import { heard } from '../../test-support/streamed-run.ts';

const half = messageOf('Half');

const whole = messageOf('The whole answer.');

describe('a final status before the end of the stream does not end the response', () => {
  const ahead = responseOf('resp_1', 'completed', { output: [half] });

  test.each<[string, readonly JsonObject[]]>([
    ['in the event that names the response', [{ ...created, response: ahead }, done(half), ended([whole])]],
    [
      'in a later event',
      [created, { type: 'response.in_progress', response: ahead }, delta('Half'), ended([whole])],
    ],
    ['in a snapshot without an event', [created, ahead, delta('Half'), ended([whole])]],
    [
      'in a snapshot that has the type of an event',
      [created, { ...ahead, type: 'response.queued' }, ended([whole])],
    ],
  ])('%s', async (_name, events) => {
    for (const background of [true, false]) {
      const { view, sent } = await heard(events, { background });
      expect(view).toMatchObject({ status: 'completed', text: 'The whole answer.' });
      expect(sent).toEqual(['POST']);
    }
  });

  test('if the stream then ends, a GET loads the response, and a foreground run fails', async () => {
    const events = [created, { type: 'response.in_progress', response: ahead }];
    expect((await heard(events)).view).toMatchObject({ status: 'completed', text: 'The whole answer.' });
    expect((await heard(events, { background: false })).view).toMatchObject({
      status: 'failed',
      error: { code: 'connection_lost' },
    });
  });

  test('an early final status with an error fails the run with that error if no other event arrives', async () => {
    const error = { code: 'invalid_prompt', message: 'No.' };
    const failed = { type: 'response.in_progress', response: responseOf('resp_1', 'failed', { error }) };
    expect((await heard([created, failed], { background: false })).view).toMatchObject({
      status: 'failed',
      error,
    });
  });
});

describe('an error in an unusual form is read as an error event, with its text', () => {
  test.each([
    ['data: "upstream broke"\n\n'],
    ['data: {"error":"upstream broke"}\n\n'],
    ['data: {"message":"upstream broke"}\n\n'],
    ['data: {"type":"error","error":"upstream broke"}\n\n'],
    ['data: {"type":"error","message":"upstream broke"}\n\n'],
    ['data: {"type":"error","error":{"detail":"upstream broke"}}\n\n'],
    ['event: error\ndata: {"detail":"upstream broke"}\n\n'],
    ['event: error\ndata: upstream broke\n\n'],
    // vLLM and SGLang send the error's type as the event's type.
    [
      'data: {"object":"error","message":"upstream broke","type":"BadRequestError","param":null,"code":400}\n\n',
    ],
    ['event: error\ndata: {"type":"invalid_request_error","code":null,"message":"upstream broke"}\n\n'],
    ['event: error\ndata: {"type":"invalid_request_error","error":{"message":"upstream broke"}}\n\n'],
    ['data: {"type":"response.error","error":{"message":"upstream broke"}}\n\n'],
  ])('%j', async (frame) => {
    const first = await heard(frame);
    expect(first.view).toMatchObject({ status: 'failed', error: { message: 'upstream broke' } });
    expect(first.sent).toEqual(['POST']);
    const later = await heard(`data: ${JSON.stringify(created)}\n\n${frame}`, { background: false });
    expect(later.view.iterations[0]?.attempts[0]).toMatchObject({
      status: 'failed',
      error: { message: 'upstream broke' },
    });
  });

  test.each([['[DONE]'], ['"[DONE]"'], ['"ping"'], ['""'], ['null'], ['{"error":null}'], ['{"error":""}']])(
    'except %s, which is not an error',
    async (data) => {
      const { view, sent } = await heard(
        `data: ${data}\n\ndata: ${JSON.stringify(created)}\n\ndata: ${data}\n\ndata: ${JSON.stringify(ended([whole]))}\n\n`,
      );
      expect(view).toMatchObject({ status: 'completed', text: 'The whole answer.', warnings: [] });
      expect(sent).toEqual(['POST']);
    },
  );
});

describe.each([[null], ['']])('a Response whose `object` is %j is read as a Response', (object) => {
  const response = responseOf('resp_1', 'completed', { object, output: [whole] });

  test('as a body, in an event, and without an event', async () => {
    const bodies: (readonly JsonObject[] | string)[] = [
      JSON.stringify(response),
      [created, { type: 'response.completed', response }],
      [
        { ...response, status: 'queued', output: [] },
        { ...response, type: 'response.completed' },
      ],
    ];
    for (const body of bodies) {
      const { view, sent } = await heard(body, { background: false });
      expect(view).toMatchObject({ status: 'completed', text: 'The whole answer.' });
      expect(sent).toEqual(['POST']);
    }
  });
});

test('a terminal event that has only an output ends the response with that output', async () => {
  const { view } = await heard([created, { type: 'response.completed', output: [whole] }], {
    background: false,
  });
  expect(view).toMatchObject({ status: 'completed', text: 'The whole answer.' });
});

import { describe, expect, test } from 'vitest';
import { handServer, messageOf, responseOf, type HandServer } from '../../test-support/hand-server.ts';
import type { JsonObject } from '../../src/wire/json.ts';

const minute = 60_000;
const busy = { code: 'rate_limit_exceeded', message: 'Busy.' };
const overloaded = { code: 'server_is_overloaded', message: 'Busy.' };
const broken = { code: 'server_error', message: 'Oops.' };

/** A server whose first responses fail, one with each of `errors`. The next response completes. */
function failing(errors: readonly JsonObject[], output: readonly JsonObject[] = []): HandServer {
  return handServer((_request, count) => {
    const error = errors[count - 1];
    return error === undefined
      ? responseOf(`resp_${count}`, 'completed', { output: [messageOf('Done.')] })
      : responseOf(`resp_${count}`, 'failed', { error, output: [...output] });
  });
}

async function ended(server: HandServer) {
  const run = server.start();
  await server.clock.advance(600 * minute);
  return { status: run.view.status, code: run.view.error?.code, creates: server.seen.length };
}

const times = (count: number, error: JsonObject): JsonObject[] => Array.from({ length: count }, () => error);

describe('failures of an overloaded server do not count among the three attempts of an iteration', () => {
  test.each<[string, JsonObject[]]>([
    ['busy three times, then broken', [busy, overloaded, busy, broken]],
    ['busy and broken in turn', [busy, broken, overloaded, broken, busy]],
    ['broken twice, then busy', [broken, broken, ...times(6, busy)]],
  ])('%s: the run completes', async (_name, errors) => {
    const end = await ended(failing(errors));
    expect(end).toMatchObject({ status: 'completed', creates: errors.length + 1 });
  });

  test('three other failures end the run, regardless of the overload between them', async () => {
    const end = await ended(failing([broken, busy, busy, broken, overloaded, broken, busy]));
    expect(end).toEqual({ status: 'failed', code: 'server_error', creates: 6 });
  });

  test('a failure of another kind does not restart the count of 25 creates', async () => {
    const stated = { ...busy, message: 'Try again in 10m.' };
    const end = await ended(failing([...times(20, stated), broken, ...times(20, stated)]));
    expect(end).toEqual({ status: 'failed', code: 'rate_limit_exceeded', creates: 26 });
  });

  test('except those of responses with output, which count', async () => {
    const end = await ended(failing(times(9, busy), [messageOf('So far')]));
    expect(end).toEqual({ status: 'failed', code: 'rate_limit_exceeded', creates: 3 });
  });
});

describe('a failed response whose error has a type', () => {
  test.each([
    [{ type: 'server_error', message: 'Oops.' }, 3],
    [{ type: 'overloaded_error', code: null, message: 'Busy.' }, 5],
    [{ type: 'rate_limit_error', code: '', message: 'Busy.' }, 5],
  ])('is retried according to its type: %j', async (error, count) => {
    const { status, creates } = await ended(failing(times(count - 1, error)));
    expect({ status, creates }).toEqual({ status: 'completed', creates: count });
  });

  test.each(['insufficient_quota', 'invalid_request_error'])('is final for %s', async (type) => {
    expect(await ended(failing([{ type, message: 'No.' }]))).toEqual({
      status: 'failed',
      code: type,
      creates: 1,
    });
  });

  test('is judged by its code if it also has a code', async () => {
    const end = await ended(failing([{ code: 'invalid_prompt', type: 'server_error', message: 'No.' }]));
    expect(end).toEqual({ status: 'failed', code: 'invalid_prompt', creates: 1 });
  });
});

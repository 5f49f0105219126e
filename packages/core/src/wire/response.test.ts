import { describe, expect, test } from 'vitest';
import { isTerminal, readResponse } from './response.ts';

describe('reads a Response object tolerantly (I10)', () => {
  test.each([
    null,
    undefined,
    'resp_1',
    7,
    [],
    {},
    { id: '' },
    { id: 7 },
    { status: 'queued' },
    { id: 'req_1', message: 'no Route matched' },
  ])('does not read %j as a Response object', (body) => {
    expect(readResponse(body)).toBeUndefined();
  });

  test('reads missing or malformed values as absent', () => {
    expect(
      readResponse({
        id: 'resp_1',
        object: 'response',
        status: 7,
        output: 'x',
        error: 'x',
        usage: [],
        background: 'yes',
      }),
    ).toEqual({
      id: 'resp_1',
      status: 'unknown',
      output: [],
      error: null,
      incompleteReason: null,
      usage: null,
      background: undefined,
      store: undefined,
    });
  });

  test('keeps items of any type unchanged and drops other values', () => {
    const hologram = { type: 'hologram_call', depth: { levels: [3] } };
    const body = { id: 'resp_1', output: [hologram, null, 'x', { no: 'type' }, [hologram]] };
    expect(readResponse(body)?.output).toEqual([hologram]);
  });

  test('an error without a message has its code as the message (bifrost 4413)', () => {
    const error = (value: object): unknown =>
      readResponse({ id: 'r', object: 'response', error: value })?.error;
    expect(error({ code: 'server_error', message: '' })).toEqual({
      code: 'server_error',
      message: 'server_error',
    });
    expect(error({})).toEqual({ code: 'unknown', message: 'unknown' });
  });

  test('keeps the reason of an incomplete response', () => {
    const body = {
      id: 'r',
      object: 'response',
      status: 'incomplete',
      incomplete_details: { reason: 'content_filter' },
    };
    expect(readResponse(body)?.incompleteReason).toBe('content_filter');
  });
});

test.each([
  ['completed', true],
  ['incomplete', true],
  ['failed', true],
  ['cancelled', true],
  ['queued', false],
  ['in_progress', false],
  ['moderating', false],
  ['', false],
])('whether the status "%s" is terminal: %s', (status, terminal) => {
  expect(isTerminal(status)).toBe(terminal);
});

import { describe, expect, test } from 'vitest';
import { errorOf, isPassing, judgeCreate, judgeRetrieve, type Failure } from './failure.ts';

type Http = Extract<Failure, { kind: 'http' }>;

function http(status: number, code: string | null = null, envelope = true): Http {
  return { kind: 'http', status, code, type: null, param: null, message: 'No.', envelope };
}

describe('a create that failed', () => {
  test.each<[string, Failure]>([
    ['429', http(429, 'rate_limit_exceeded')],
    ['429 without an envelope', http(429, null, false)],
    ['503 with the API’s envelope', http(503, 'server_is_overloaded')],
    ['500 with the API’s envelope', http(500, 'server_error')],
    ['a conversation that is locked for now', http(409, 'conversation_locked')],
    ['a refused connection', { kind: 'refused', message: 'x' }],
  ])('by %s is tried again: no job was started', (_name, failure) => {
    expect(judgeCreate(failure)).toBe('retry');
  });

  test.each<[string, Failure]>([
    ['a lost connection', { kind: 'lost', message: 'x' }],
    ['a body that cannot be read', { kind: 'unreadable', message: 'x' }],
    ['502 by a proxy, without the envelope', http(502, null, false)],
    ['504 by a proxy, without the envelope', http(504, null, false)],
    ['408', http(408)],
    ['409 by a proxy', http(409, null, false)],
  ])('by %s may have started a job', (_name, failure) => {
    expect(judgeCreate(failure)).toBe('unknown');
  });

  test.each<[string, Failure]>([
    ['400', http(400, 'invalid_value')],
    ['401', http(401, 'invalid_api_key')],
    ['403', http(403)],
    ['404', http(404)],
    ['413 by a proxy', http(413, null, false)],
  ])('by %s fails the run', (_name, failure) => {
    expect(judgeCreate(failure)).toBe('final');
  });

  test.each([
    'insufficient_quota',
    'credit_balance_exhausted',
    'organization_spend_limit_exceeded',
    'project_spend_limit_exceeded',
    'organization_usage_limit_exceeded',
  ])('by %s is final, whatever its status: waiting does not pay (TeXRA 3851)', (code) => {
    expect(judgeCreate(http(429, code))).toBe('final');
    expect(judgeCreate(http(503, code))).toBe('final');
    expect(isPassing(code)).toBe(false);
  });
});

test.each(['server_error', 'rate_limit_exceeded', 'server_is_overloaded', 'slow_down'])(
  'a response that failed with %s failed in passing',
  (code) => {
    expect(isPassing(code)).toBe(true);
  },
);

test.each(['invalid_prompt', 'bio_policy', 'unknown', ''])('one that failed with "%s" did not', (code) => {
  expect(isPassing(code)).toBe(false);
});

describe('a poll that failed', () => {
  test.each<[Failure, ReturnType<typeof judgeRetrieve>]>([
    [{ kind: 'lost', message: 'x' }, 'retry'],
    [{ kind: 'refused', message: 'x' }, 'retry'],
    [{ kind: 'unreadable', message: 'x' }, 'unreadable'],
    [http(404), 'not_found'],
    [http(401), 'unauthorized'],
    [http(403), 'unauthorized'],
    [http(500), 'retry'],
    [http(502, null, false), 'retry'],
    [http(429, 'insufficient_quota'), 'retry'],
    [http(408), 'retry'],
    [http(409), 'retry'],
    [http(425), 'retry'],
    [http(400), 'final'],
    [http(410), 'final'],
  ])('%j: %s', (failure, judgement) => {
    expect(judgeRetrieve(failure)).toBe(judgement);
  });
});

describe('the error of a run', () => {
  test.each<[Failure, object]>([
    [http(400, 'bad'), { code: 'bad', message: 'No.', status: 400 }],
    [
      { ...http(400), param: 'input' },
      { code: 'invalid_request_error', param: 'input' },
    ],
    [http(401), { code: 'unauthorized' }],
    [http(403), { code: 'unauthorized' }],
    [http(404), { code: 'not_found' }],
    [http(429), { code: 'rate_limit_exceeded' }],
    [http(502), { code: 'server_error' }],
    [
      { kind: 'refused', message: 'x' },
      { code: 'connection_refused', message: 'x' },
    ],
    [{ kind: 'lost', message: 'x' }, { code: 'connection_lost' }],
    [{ kind: 'unreadable', message: 'x' }, { code: 'invalid_response' }],
  ])('for %j has a code: the server’s where it gave one', (failure, error) => {
    expect(errorOf(failure)).toMatchObject(error);
  });
});

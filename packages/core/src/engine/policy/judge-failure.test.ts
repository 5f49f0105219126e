import { describe, expect, test } from 'vitest';
import type { Failure, HttpFailure } from './failure.ts';
import { judgeCreate, judgeRetrieve } from './judge-failure.ts';

function api(status: number, code: string | null = null): HttpFailure {
  return { kind: 'http', sender: 'api', status, code, type: null, param: null, message: 'No.' };
}

function other(status: number, page = false): HttpFailure {
  return { ...api(status), sender: 'other', ...(page ? { page } : {}) };
}

describe.each([true, false])('a failed create, with no response so far: %s,', (first) => {
  test.each<[string, Failure]>([
    ['429', api(429, 'rate_limit_exceeded')],
    ['429 by a gateway', other(429)],
    ['503 by the API', api(503, 'server_is_overloaded')],
    ['500 by the API', api(500, 'server_error')],
    ['a temporarily locked conversation', api(409, 'conversation_locked')],
  ])('was refused because of overload: %s', (_name, failure) => {
    expect(judgeCreate(failure, first)).toBe('overloaded');
  });

  test.each<[string, Failure]>([
    ['a refused connection', { kind: 'refused', message: 'x' }],
    ['503 by a gateway', other(503)],
    ['503 by a gateway, as a page', other(503, true)],
  ])('did not reach the API: %s', (_name, failure) => {
    expect(judgeCreate(failure, first)).toBe('not_forwarded');
  });

  test.each<[string, Failure]>([
    ['a lost connection', { kind: 'lost', message: 'x' }],
    ['a timeout of the platform', { kind: 'lost', message: 'x', timedOut: true }],
    ['500 by a gateway', other(500)],
    ['502 by a gateway', other(502, true)],
    ['504 by a gateway', other(504)],
    ['408 by a gateway', other(408)],
    ['408 by the API', api(408)],
    ['200 with JSON that is not a Response object', other(200)],
    ['204 without a body', other(204)],
  ])('may have started a job: %s', (_name, failure) => {
    expect(judgeCreate(failure, first)).toBe('unknown');
  });

  test.each<[string, Failure]>([
    ['400 by the API', api(400, 'invalid_value')],
    ['404 by the API', api(404)],
    ['409 by the API', api(409)],
    ['413 by a gateway', other(413, true)],
    ['414 by a gateway', other(414)],
    ['415 by a gateway', other(415)],
    ['431 by a gateway', other(431)],
  ])('would be refused again: %s', (_name, failure) => {
    expect(judgeCreate(failure, first)).toBe('final');
  });

  test.each<[string, Failure]>([
    ['400 by a gateway', other(400, true)],
    ['401 by a gateway', other(401)],
    ['403 by a firewall', other(403, true)],
    ['404 by an ingress', other(404, true)],
    ['405 by a gateway', other(405)],
    ['409 by a gateway', other(409)],
    ['200 with a web page, such as a captive portal', other(200, true)],
    ['a redirect that was not followed', other(302)],
  ])(
    'did not reach the API, and is final for a first create, as for a wrong address: %s',
    (_name, failure) => {
      expect(judgeCreate(failure, first)).toBe(first ? 'final' : 'not_forwarded');
    },
  );

  test.each([401, 403])('lacks valid credentials: %i by the API', (status) => {
    expect(judgeCreate(api(status), first)).toBe('unauthorized');
  });

  test.each([
    'insufficient_quota',
    'credit_balance_exhausted',
    'organization_spend_limit_exceeded',
    'project_spend_limit_exceeded',
    'organization_usage_limit_exceeded',
  ])('is final if the quota is used up, with any status: %s (TeXRA 3851)', (code) => {
    expect(judgeCreate(api(429, code), first)).toBe('final');
    expect(judgeCreate(api(503, code), first)).toBe('final');
  });
});

describe('a failed poll', () => {
  test.each<[Failure, ReturnType<typeof judgeRetrieve>]>([
    [{ kind: 'lost', message: 'x' }, 'retry'],
    [{ kind: 'refused', message: 'x' }, 'retry'],
    [{ kind: 'credentials', message: 'x' }, 'credentials'],
    [api(404), 'not_found'],
    [api(401), 'unauthorized'],
    [api(403), 'unauthorized'],
    [api(500), 'retry'],
    [api(429, 'insufficient_quota'), 'retry'],
    [api(408), 'retry'],
    [api(409), 'retry'],
    [api(425), 'retry'],
    [api(400), 'final'],
    [api(410), 'final'],
  ])('%j: %s', (failure, judgement) => {
    expect(judgeRetrieve(failure)).toBe(judgement);
  });

  test.each([200, 204, 302, 400, 401, 403, 404, 405, 410, 413, 418, 429, 451, 500, 502, 503, 520])(
    'by an answer with %i that is not the API’s is tried again: it must not end a run',
    (status) => {
      for (const page of [{}, { page: true as const }])
        expect(judgeRetrieve({ ...api(status), sender: 'other', ...page })).toBe('retry');
    },
  );
});

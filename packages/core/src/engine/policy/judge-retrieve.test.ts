import { describe, expect, test } from 'vitest';
import type { Failure, HttpFailure } from './failure.ts';
import { judgeRetrieve } from './judge-retrieve.ts';

function api(status: number, code: string | null = null): HttpFailure {
  return { kind: 'http', sender: 'api', status, code, type: null, param: null, message: 'No.' };
}

describe('a poll that failed', () => {
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

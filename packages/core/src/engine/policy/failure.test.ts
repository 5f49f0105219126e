import { describe, expect, test } from 'vitest';
import { errorOf, type Failure, type HttpFailure } from './failure.ts';

function http(status: number, code: string | null = null): HttpFailure {
  return { kind: 'http', sender: 'api', status, code, type: null, param: null, message: 'No.' };
}

describe('errorOf', () => {
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
    [{ ...http(200), sender: 'other' }, { code: 'invalid_response' }],
    [
      { kind: 'refused', message: 'x' },
      { code: 'connection_refused', message: 'x' },
    ],
    [{ kind: 'lost', message: 'x' }, { code: 'connection_lost' }],
  ])('for %j, returns the server’s code if there is one', (failure, error) => {
    expect(errorOf(failure)).toMatchObject(error);
  });
});

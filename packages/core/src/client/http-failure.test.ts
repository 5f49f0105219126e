import { describe, expect, test } from 'vitest';
import { judgeCreate } from '../engine/policy/failure.ts';
import { httpFailure } from './http-failure.ts';

const none = new Headers();

describe('an answer with an error status', () => {
  test('in the API’s envelope tells code, type, parameter and message', () => {
    const body = JSON.stringify({
      error: { message: 'No.', type: 'invalid_request_error', param: 'input', code: 'bad_input' },
    });
    expect(httpFailure(400, none, body)).toEqual({
      kind: 'http',
      status: 400,
      code: 'bad_input',
      type: 'invalid_request_error',
      param: 'input',
      message: 'No.',
      envelope: true,
    });
  });

  test.each([
    ['a proxy’s page', '<html><title>502</title> internal-host.example</html>'],
    ['nothing', ''],
    ['JSON of another shape', '{"detail":"internal-host.example"}'],
    ['an empty error', '{"error":{}}'],
    ['an error that is text', '{"error":"internal-host.example"}'],
    ['an array', '["internal-host.example"]'],
  ])('with %s is no envelope, and shows its status alone', (_name, body) => {
    const failure = httpFailure(502, none, body);
    expect(failure).toMatchObject({ envelope: false, message: 'HTTP 502', code: null });
    expect(JSON.stringify(failure)).not.toContain('internal-host');
  });

  test('without a message falls back to the code, as gateways send empty messages (bifrost 4413)', () => {
    const body = JSON.stringify({ error: { message: '', code: 'rate_limit_exceeded', type: 'requests' } });
    expect(httpFailure(429, none, body)).toMatchObject({ message: 'rate_limit_exceeded', envelope: true });
    expect(httpFailure(429, none, '{"error":{"type":"requests"}}')).toMatchObject({ message: 'requests' });
  });

  test('that a quota is used up may be said by the type alone, and is final all the same', () => {
    const failure = httpFailure(429, none, '{"error":{"message":"No credit.","type":"insufficient_quota"}}');
    expect(failure.code).toBe('insufficient_quota');
    expect(judgeCreate(failure)).toBe('final');
  });

  test('keeps how long the server asks to wait', () => {
    const failure = httpFailure(503, new Headers({ 'retry-after': '3' }), '');
    expect(failure.retryAfterMs).toBe(3_000);
  });
});

import { describe, expect, test } from 'vitest';
import { judgeCreate } from '../engine/policy/judge-failure.ts';
import type { HttpFailure } from '../engine/policy/failure.ts';
import { readAnswer } from './read-answer.ts';

const json = new Headers({ 'content-type': 'application/json' });

function failureOf(status: number, body: string, headers = json): HttpFailure {
  const answer = readAnswer({ status, headers, text: body });
  if (answer.kind === 'response') throw new Error('the answer was read as a Response object');
  return answer.failure;
}

describe('readAnswer, for an answer of the API,', () => {
  test.each([
    [200, json],
    [201, json],
    [202, json],
    [200, new Headers({ 'content-type': 'text/html' })],
    [200, new Headers()],
  ])('returns a Response object for status %i, regardless of the media type: %j', (status, headers) => {
    const text = JSON.stringify({ id: 'resp_1', object: 'response', status: 'queued', output: [] });
    expect(readAnswer({ status, headers, text })).toMatchObject({
      kind: 'response',
      response: { id: 'resp_1', status: 'queued' },
    });
  });

  test('returns the code, type, parameter and message of an error object', () => {
    const error = { message: 'No.', type: 'invalid_request_error', param: 'input', code: 'bad_input' };
    expect(failureOf(400, JSON.stringify({ error }))).toEqual({
      kind: 'http',
      sender: 'api',
      status: 400,
      code: 'bad_input',
      type: 'invalid_request_error',
      param: 'input',
      message: 'No.',
    });
  });

  test.each([
    { message: 'x', type: null, param: 'prompt', code: 'content_filter', status: 400 },
    { message: 'x', type: 'BadRequestError', param: null, code: 400, status: 400 },
    { code: '404', message: 'Resource not found' },
    { message: 'x', code: 402, metadata: {} },
  ])('recognizes the error objects of Azure, vLLM and OpenRouter: %j', (error) => {
    expect(failureOf(400, JSON.stringify({ error }))).toMatchObject({ sender: 'api', status: 400 });
  });

  test('uses the code as the message if the message is empty, as from gateways (bifrost 4413)', () => {
    const body = JSON.stringify({ error: { message: '', code: 'rate_limit_exceeded', type: 'requests' } });
    expect(failureOf(429, body)).toMatchObject({ message: 'rate_limit_exceeded', sender: 'api' });
    expect(failureOf(429, '{"error":{"type":"requests"}}')).toMatchObject({ message: 'requests' });
  });

  test('an exhausted quota is final, even if only the type of the error names it', () => {
    const failure = failureOf(429, '{"error":{"message":"No credit.","type":"insufficient_quota"}}');
    expect(failure.code).toBe('insufficient_quota');
    expect(judgeCreate(failure, false)).toBe('final');
  });

  test.each<[object, number]>([
    [{ message: 'Provider returned error', code: 502 }, 502],
    [{ message: 'quota exceeded', code: 402 }, 402],
    [{ message: 'x', code: '429' }, 429],
    [{ message: 'x', code: 'rate_limit_exceeded' }, 429],
    [{ message: 'x', code: 'insufficient_quota' }, 429],
    [{ message: 'x', code: 'server_error' }, 500],
    [{ message: 'x', type: 'server_error' }, 500],
    [{ message: 'x', code: 'context_length_exceeded' }, 400],
    [{ message: 'x', code: 'something_new' }, 400],
    [{ message: 'x', code: 7 }, 400],
  ])('derives the status of an error under 200 from its code: %j (OpenRouter)', (error, status) => {
    expect(failureOf(200, JSON.stringify({ error }))).toMatchObject({ sender: 'api', status });
  });
});

describe('readAnswer, for an answer that is not from the API,', () => {
  test.each<[string, number, string, string | undefined]>([
    ['a gateway’s page', 502, '<html><head><title>502 Bad Gateway</title></head></html>', '502 Bad Gateway'],
    ['a captive portal', 200, '<!DOCTYPE html><title>Sign in\n to Wi-Fi</title>', 'Sign in to Wi-Fi'],
    ['a page with only a heading', 404, '<html><h1>Not&nbsp;here &amp; now</h1></html>', 'Not here & now'],
    [
      'a missing Kong route',
      404,
      '{"message":"no Route matched with those values"}',
      'no Route matched with those values',
    ],
    ['an error that is text (Ollama)', 400, '{"error":"model \\"x\\" not found"}', 'model "x" not found'],
    ['FastAPI’s detail (arboris-novel 23)', 404, '{"detail":"Not Found"}', 'Not Found'],
    ['FastAPI’s list', 422, '{"detail":[{"msg":"field required"}]}', 'field required'],
    [
      'API Management',
      401,
      '{"statusCode":401,"message":"Access token is missing"}',
      'Access token is missing',
    ],
    ['OAuth', 401, '{"error":"invalid_token","error_description":"expired"}', 'invalid_token'],
    ['problem+json', 503, '{"type":"about:blank","title":"Service Unavailable"}', 'Service Unavailable'],
    ['plain text', 404, 'default backend - 404', 'default backend - 404'],
    ['a list of errors', 400, '{"errors":[{"message":"bad"},{"message":"worse"}]}', 'bad; worse'],
    ['.NET', 400, '{"Message":"The request is invalid."}', 'The request is invalid.'],
    ['an error that is a list', 400, '{"error":["a","b"]}', 'a; b'],
    ['a message that is a list', 400, '{"message":["a"]}', 'a'],
    ['error_message', 400, '{"error_message":"no"}', 'no'],
    ['Apigee', 500, '{"fault":{"faultstring":"Spike arrest"}}', 'Spike arrest'],
    ['an error within a detail', 400, '{"detail":{"error":{"message":"no"}}}', 'no'],
    [
      'S3',
      403,
      '<?xml version="1.0"?><Error><Code>x</Code><Message>Access Denied</Message></Error>',
      'Access Denied',
    ],
    ['a heading with markup', 404, '<html><h1><b>404</b> Not Found</h1></html>', '404 Not Found'],
    ['an unknown entity', 502, '<title>Bad &constructor; &toString;</title>', 'Bad &constructor; &toString;'],
    ['entities', 502, '<html><title>Bad &mdash; it&#39;s &#x44;own</title></html>', "Bad — it's Down"],
    ['entities above U+FFFF', 502, '<html><title>&#128679; Closed &#x1f6a7;</title></html>', '🚧 Closed 🚧'],
    ['an empty error', 500, '{"error":{}}', undefined],
    ['an error that is null', 500, '{"error":null}', undefined],
    [
      'Google’s front end',
      404,
      '{"error":{"code":404,"message":"Method not found.","status":"NOT_FOUND"}}',
      'Method not found.',
    ],
    ['Google’s list', 400, '[{"error":{"code":400,"message":"bad","status":"INVALID_ARGUMENT"}}]', 'bad'],
    [
      'Strapi',
      404,
      '{"data":null,"error":{"status":404,"name":"NotFoundError","message":"Not Found","details":{}}}',
      'Not Found',
    ],
    ['LoopBack', 404, '{"error":{"statusCode":404,"name":"Error","message":"GET /v1"}}', 'GET /v1'],
    ['Cloudflare’s API', 404, '{"success":false,"errors":[{"code":7003,"message":"no route"}]}', 'no route'],
    ['Spring', 404, '{"timestamp":"1","status":404,"error":"Not Found","path":"/v1"}', 'Not Found'],
    ['Kubernetes', 404, '{"kind":"Status","code":404,"message":"no endpoints"}', 'no endpoints'],
    ['an error that is a flag', 400, '{"error":true,"message":"bad"}', 'bad'],
    ['an error that is a number', 400, '{"error":7,"reason":"bad"}', 'bad'],
    ['nothing', 404, '', undefined],
    ['an array', 400, '["x"]', undefined],
    ['health', 200, '{"status":"ok"}', undefined],
    ['a gateway’s own id', 200, '{"id":"req_1","message":"no Route matched"}', 'no Route matched'],
    ['a truncated Response object', 200, '{"id":"resp_1","status":"que', '{"id":"resp_1","status":"que'],
  ])('puts the text of %s into the message', (_name, status, body, text) => {
    const failure = failureOf(status, body);
    expect(failure).toMatchObject({ sender: 'other', status, code: null });
    expect(failure.message).toContain(`HTTP ${status}`);
    if (text !== undefined) expect(failure.message.endsWith(`: ${text}`)).toBe(true);
  });

  test.each([
    ['text/html', '<p>x</p>', true],
    ['Text/HTML; charset=utf-8', 'x', true],
    ['application/xhtml+xml', 'x', true],
    ['text/plain', '  <!doctype HTML><p>', true],
    ['text/plain', '\uFEFF<!-- a --> <!-- b --><html>', true],
    ['', '<HEAD><title>Sign in</title>', true],
    ['', '<body>', true],
    ['text/plain', 'x <html>', false],
    ['text/xml', '<header>x</header>', false],
    ['text/plain', '<!-- never closed <html>', false],
    ['text/plain', '<!-- x -->'.repeat(5_000), false],
    ['application/json', '{}', false],
  ])('for type %s and body %s, sets page to %s', (type, body, page) => {
    expect(failureOf(200, body, new Headers({ 'content-type': type })).page).toBe(page || undefined);
  });

  test('keeps the delay that the answer asks for', () => {
    const failure = failureOf(503, '', new Headers({ 'retry-after': '3' }));
    expect(failure.retryAfterMs).toBe(3_000);
  });
});

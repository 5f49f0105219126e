import { describe, expect, test } from 'vitest';
import { redact } from './redact.ts';
import { secretsOfBaseURL } from './secrets-of.ts';

test.each([
  [
    'Incorrect API key provided: sk-proj-abc***************wxyz. Find it at …',
    'Incorrect API key provided: [removed]. Find it at …',
  ],
  ['Incorrect API key provided: sk-1234567890abcdef.', 'Incorrect API key provided: [removed].'],
  [
    'Rate limit reached for gpt-4o in organization org-AbCdEf123456 on tokens',
    'Rate limit reached for gpt-4o in organization [removed] on tokens',
  ],
  ['Project proj_abcdef123 has no access', 'Project [removed] has no access'],
  ['sent Authorization: Bearer abc.def-ghi', 'sent Authorization: Bearer [removed]'],
  [
    'TypeError: x is undefined\n    at handler (/srv/app/index.js:1:2)\n    at next',
    'TypeError: x is undefined',
  ],
  ['connect to gateway.internal:8443 failed', 'connect to [removed] failed'],
])('removes secrets: %s', (text, clean) => {
  expect(redact(text, ['gateway.internal:8443', ''])).toBe(clean);
});

describe('removes the host of the API in every spelling (attack: spellings of a name):', () => {
  const known = secretsOfBaseURL(new URL('https://Gateway.internal:8443/v1'));

  test.each([
    ['gateway.internal:8443 failed', '[removed] failed'],
    ['getaddrinfo ENOTFOUND gateway.internal', 'getaddrinfo ENOTFOUND [removed]'],
    ['connect to GATEWAY.Internal failed', 'connect to [removed] failed'],
    ['POST https://gateway.internal:443/v1', 'POST https://[removed]:443/v1'],
    ['https://gateway.internal./v1', 'https://[removed]./v1'],
    ['https://gateway%2einternal/v1', 'https://[removed]/v1'],
    ['https%3A%2F%2Fgateway.internal%3A8443%2Fv1', 'https%3A%2F%2F[removed]%2Fv1'],
    ['%67%61teway%2Einterna%6C is down', '[removed] is down'],
    ['https://joe:pass@gateway.internal/', 'https://[removed]@[removed]/'],
  ])('%s', (text, clean) => {
    expect(redact(text, known)).toBe(clean);
  });

  test.each([
    ['http://[2001:DB8::1]:8080/v1', 'no route to 2001:db8::1', 'no route to [removed]'],
    ['http://[2001:DB8::1]:8080/v1', 'at http://[2001:DB8::1]/x', 'at http://[removed]/x'],
    ['http://[2001:DB8::1]:8080/v1', '[2001:db8::1]:8080', '[removed]'],
    ['http://gateway.internal./v1', 'at gateway.internal', 'at [removed]'],
    ['http://10.0.0.7:4000/v1', 'connect ECONNREFUSED 10.0.0.7:4000', 'connect ECONNREFUSED [removed]'],
    ['http://api:4000/v1', 'the api at api:4000 (http://api/v1)', 'the api at [removed] (http:[removed]/v1)'],
    ['http://api/v1', 'the api is rapid', 'the api is rapid'],
    ['https://x.test/acct-0123456789abcdef/v1', 'of acct-0123456789ABCDEF', 'of [removed]'],
  ])('%s: %s', (baseURL, text, clean) => {
    expect(redact(text, secretsOfBaseURL(new URL(baseURL)))).toBe(clean);
  });
});

test.each([
  ['https://joe@mail.test:pass@x.test/', 'https://[removed]@x.test/'],
  ['https:joe:pass@x.test', 'https:[removed]@x.test'],
  ['https:\\\\joe:pass@x.test', 'https:\\\\[removed]@x.test'],
  ['//joe:pass@x.test', '//[removed]@x.test'],
  ['postgres://joe:p%40ss@db', 'postgres://[removed]@db'],
  ['https%3A%2F%2Fjoe%3Apass%40x.test%2F', 'https%3A%2F%2F[removed]%40x.test%2F'],
  ['https:x.test/?sig=abc', 'https:x.test/?[removed]'],
])('removes credentials from %s', (text, clean) => {
  expect(redact(text, [])).toBe(clean);
});

test('removes overlapping secrets completely', () => {
  expect(redact('key-abcdef-ghi', ['key-abc', 'abcdef', 'def-ghi'])).toBe('[removed]');
  expect(redact('KEY%2Dabc', ['key-abc'])).toBe('[removed]');
  expect(redact('100% of %zz and %2', ['of'])).toBe('100% [removed] %zz and %2');
});

test('keeps harmless text unchanged', () => {
  const text =
    'No tool call found for function call output with call_id call_abc; risk-free task-force at 3:00, org-wide. Basic authentication is not supported; see https://help.test/errors#basic.';
  expect(redact(text, [])).toBe(text);
});

describe('cleans a text in linear time (attack: the API quotes a name of line ends)', () => {
  // A pattern that tries again at each line end needs minutes to search these texts, so the test would time out.
  test.each([
    '\n',
    '\n ',
    ' ',
    'a.',
    'a+',
    'http://',
    'http:',
    '//',
    'x%3a%2f%2f',
    '%73',
    'http://a?',
    'x://a@',
    'sk-',
    'eyJ',
    'Basic ',
    'Bearer ',
    'resp_',
  ])('%j', (piece) => {
    const clean = redact(`refused: ${piece.repeat(100_000)}`, ['secret']);
    expect(clean).toMatch(/^refused: /);
    expect(clean.length).toBeLessThan(5_000);
  });

  test('does not show a part of a secret at the truncated end', () => {
    const secret = 'k'.repeat(100);
    for (let before = 3_950; before < 4_150; before += 1)
      expect(redact(`${'x'.repeat(before)}${secret}`, [secret])).not.toContain('k');
  });

  test.each([
    ['a JSON web token', `eyJhbGciOiJIUzI1NiJ9.${'c'.repeat(60)}.${'d'.repeat(40)}`, /ccc/],
    ['a password', `Basic ${btoa(`user:${'p'.repeat(60)}`)}`, /cHBw/],
  ])('does not show a part of %s at the truncated end', (_name, secret, part) => {
    for (let before = 3_850; before < 4_010; before += 1)
      expect(redact(`${'x'.repeat(before)} ${secret}`, [])).not.toMatch(part);
  });
});

import { describe, expect, test } from 'vitest';
import { scrub } from './scrub.ts';

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
])('%s', (text, clean) => {
  expect(scrub(text, ['gateway.internal:8443', ''])).toBe(clean);
});

test('what is harmless stays word for word', () => {
  const text =
    'No tool call found for function call output with call_id call_abc; risk-free task-force at 3:00, org-wide. Basic authentication is not supported; see https://help.test/errors#basic.';
  expect(scrub(text, [])).toBe(text);
});

describe('a text is cleaned in time that grows with its length (attack: a name of line ends that the API quotes)', () => {
  // A pattern that tries every line end anew takes minutes for these: the test would not end.
  test.each([
    '\n',
    '\n ',
    ' ',
    'a.',
    'a+',
    'http://',
    'http://a?',
    'x://a@',
    'sk-',
    'eyJ',
    'Basic ',
    'Bearer ',
    'resp_',
  ])('%j', (piece) => {
    const clean = scrub(`refused: ${piece.repeat(100_000)}`, ['secret']);
    expect(clean).toMatch(/^refused: /);
    expect(clean.length).toBeLessThan(5_000);
  });

  test('what is cut off cannot show a part of a secret', () => {
    const secret = 'k'.repeat(100);
    for (let before = 3_950; before < 4_150; before += 1)
      expect(scrub(`${'x'.repeat(before)}${secret}`, [secret])).not.toContain('k');
  });

  test.each([
    ['a JSON web token', `eyJhbGciOiJIUzI1NiJ9.${'c'.repeat(60)}.${'d'.repeat(40)}`, /ccc/],
    ['a password', `Basic ${btoa(`user:${'p'.repeat(60)}`)}`, /cHBw/],
  ])('what is cut off cannot show a part of %s either', (_name, secret, part) => {
    for (let before = 3_850; before < 4_010; before += 1)
      expect(scrub(`${'x'.repeat(before)} ${secret}`, [])).not.toMatch(part);
  });
});

import { expect, test } from 'vitest';
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

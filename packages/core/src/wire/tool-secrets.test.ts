import { expect, test } from 'vitest';
import { redacted } from './redacted.ts';
import { secretTexts, toolSecrets, withoutToolSecrets } from './tool-secrets.ts';

const secret = 'tok-0123456789';

test.each<[string, unknown]>([
  ['extra_headers', { 'X-Key': secret }],
  ['http_headers', { 'X-Key': secret }],
  ['api_key', secret],
  ['apiKey', secret],
  ['access_token', secret],
  ['authorization_token', secret],
  ['auth', { type: 'bearer', token: secret }],
  ['oauth', { client_secret: secret }],
  ['password', secret],
  ['url', `https://mcp.test/?key=${secret}`],
  ['serverUrl', `https://me:${secret}@mcp.test`],
])('a gateway’s `%s` of a hosted tool is a secret, too', (field, value) => {
  const tool = JSON.parse(JSON.stringify({ type: 'mcp', server_label: 'docs', [field]: value }));
  expect(
    JSON.stringify(withoutToolSecrets({ model: 'm', background: true, input: [], tools: [tool] })),
  ).not.toContain(secret);
  expect(secretTexts(toolSecrets([tool]))).toContain(secret);
});

test('what only resembles a secret stays', () => {
  const tool = {
    type: 'file_search',
    filters: { type: 'eq', key: 'department', value: 'sales' },
    max_tokens: 5,
    partition_key: 'a',
  };
  expect(
    JSON.stringify(withoutToolSecrets({ model: 'm', background: true, input: [], tools: [tool] })),
  ).not.toContain(redacted);
});

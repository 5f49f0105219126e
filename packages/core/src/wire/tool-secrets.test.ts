import { expect, test } from 'vitest';
import { redacted } from './secret-values.ts';
import { redactedUrl } from './secret-url.ts';
import { mapSecrets, secretsOf, secretTexts, withoutSecrets } from './tool-secrets.ts';

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
  ['env', { API_KEY: secret, nested: [{ deep: [secret] }] }],
  ['credentials', secret],
  ['tomorrow', [[secret]]],
  ['name_of_what_the_api_learns', { value: secret }],
  ['allowed_tools', { read_only: true, unknown: secret }],
  ['allowed_tools', [{ token: secret }]],
  ['require_approval', { always: { tool_names: ['a'], key: secret } }],
  ['server_label', { token: secret }],
  ['server_url', `https://mcp.test/sse#token=${secret}`],
  ['server_url', { href: secret }],
  ['domain_secrets', [secret]],
])('hides a secret in the field `%s` of a hosted tool', (field, value) => {
  const tool = JSON.parse(JSON.stringify({ type: 'mcp', server_label: 'docs', [field]: value }));
  const request = { model: 'm', tools: [tool] };
  expect(JSON.stringify(withoutSecrets(request))).not.toContain(secret);
  expect(secretTexts(secretsOf(request))).toContain(secret);
});

test.each<[string, object]>([
  ['a header for the gateway', { extra_headers: { 'X-Key': secret } }],
  ['a body for the gateway', { extra_body: { deep: [{ key: secret }] } }],
  ['a gateway’s MCP servers', { mcp_servers: [{ name: 'a', authorization_token: secret }] }],
  [
    'a field of a tool choice in addition to its tool',
    { tool_choice: { type: 'mcp', server_label: 'a', headers: { a: secret } } },
  ],
  [
    'a tool within a choice',
    { tool_choice: { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'mcp', authorization: secret }] } },
  ],
  ['a tool without a type', { tools: [{ key: secret }] }],
  ['a tool of a type that the API does not know', { tools: [{ type: 'x_search', key: secret }] }],
  [
    'a tool whose type is the name of a built-in JavaScript property',
    { tools: [{ type: 'constructor', key: secret }] },
  ],
  [
    'a function’s field that the API does not know',
    { tools: [{ type: 'function', name: 'f', env: { a: secret } }] },
  ],
  [
    'a tool in a namespace',
    { tools: [{ type: 'namespace', name: 'n', tools: [{ type: 'function', key: secret }] }] },
  ],
  [
    'a container’s environment',
    { tools: [{ type: 'code_interpreter', container: { type: 'auto', env: [secret] } }] },
  ],
  ['a value that is not a list of tools', { tools: { type: 'mcp', authorization: secret } }],
])('hides a secret in %s', (_name, fields) => {
  const request = JSON.parse(JSON.stringify({ model: 'm', ...fields }));
  expect(JSON.stringify(withoutSecrets(request))).not.toContain(secret);
  expect(secretTexts(secretsOf(request))).toContain(secret);
});

test('a secret number is restored as a number', () => {
  const request = { model: 'm', extra_body: { pin: 12345678, top_k: 40, on: true, none: null } };
  const secrets = secretsOf(request);
  const saved = withoutSecrets(request);
  expect(saved).toEqual({ model: 'm', extra_body: { pin: redacted, top_k: 40, on: true, none: null } });
  expect(mapSecrets(saved, (place, value) => secrets.get(place) ?? value)).toEqual(request);
});

test('does not change fields that the API knows', () => {
  const tools = [
    {
      type: 'file_search',
      vector_store_ids: ['vs_1'],
      filters: { type: 'and', filters: [{ type: 'eq', key: 'department', value: 'sales' }] },
      ranking_options: { ranker: 'auto', hybrid_search: { embedding_weight: 1, text_weight: 2 } },
    },
    {
      type: 'function',
      name: 'f',
      parameters: { type: 'object', properties: { authorization: { const: 'a' } } },
    },
    {
      type: 'mcp',
      server_label: 'a',
      allowed_tools: ['b'],
      require_approval: { never: { tool_names: ['b'] } },
    },
    { type: 'web_search', user_location: { type: 'approximate', city: 'Rome' } },
    {
      type: 'namespace',
      name: 'n',
      description: 'd',
      tools: [{ type: 'custom', name: 'c', format: { type: 'text' } }],
    },
  ];
  const request = {
    model: 'm',
    metadata: { key: 'value' },
    tool_choice: { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'mcp', server_label: 'a' }] },
    tools,
  };
  expect(withoutSecrets(request)).toEqual(request);
});

test.each([
  ['https://mcp.test/s/NzM4ZGY5YTk4ZmE0/mcp', 'https://mcp.test/s/[redacted]/mcp'],
  ['https://mcp.test/v3/mcp/0f8fad5b-d9cb-469f-a165-70867728950e', 'https://mcp.test/v3/mcp/[redacted]'],
  ['https://mcp.test/model-context-protocol/v1/sse', 'https://mcp.test/model-context-protocol/v1/sse'],
  ['https://very-long-name-of-a-host-9.test:8443/mcp', 'https://very-long-name-of-a-host-9.test:8443/mcp'],
])('shows the path of a server’s URL without tokens: %s', (url, shown) => {
  expect(redactedUrl(url)).toBe(shown);
});

import { expect, test } from 'vitest';
import { secretsOfBaseURL, secretsOfHeader, secretsOfTool } from './secrets-of.ts';

test('treats the whole header and its credentials as secrets', () => {
  expect(secretsOfHeader('Bearer token-0123')).toEqual(['Bearer token-0123', 'token-0123']);
  expect(secretsOfHeader(`Basic ${btoa('joe:long-password')}`)).toEqual(
    expect.arrayContaining(['joe:long-password', 'long-password']),
  );
  expect(secretsOfHeader('beta')).toEqual([]);
});

test('treats the host and the query of the API’s address as secrets', () => {
  expect(secretsOfBaseURL(new URL('https://gateway.test/v1?sig=c2lnbmF0dXJl&version=2'))).toEqual([
    'gateway.test',
    'c2lnbmF0dXJl',
  ]);
});

test('treats every string of a hosted tool as a secret, except plain settings', () => {
  const secrets = secretsOfTool({
    server_label: 'documentation',
    server_url: 'https://joe:p%40ssword@mcp.test/s/token-in-the-path-0123/mcp?key=key-in-the-query',
    authorization: 'token-of-oauth',
    headers: { 'x-api-key': 'key-in-a-header' },
    require_approval: 'never-asked',
    allowed_tools: ['search_documents'],
    vector_store_ids: ['vs_0123456789'],
    filters: { type: 'eq', key: 'tenant', value: 'acme-corporation' },
    container: { type: 'auto', file_ids: ['file-0123456789'] },
    model: 'gpt-image-2.6-flare',
  });
  expect(secrets).toEqual(
    expect.arrayContaining([
      'p%40ssword',
      'p@ssword',
      'mcp.test',
      'token-in-the-path-0123',
      'key-in-the-query',
      'token-of-oauth',
      'key-in-a-header',
      'vs_0123456789',
      'acme-corporation',
      'file-0123456789',
    ]),
  );
  for (const plain of ['documentation', 'never-asked', 'search_documents', 'gpt-image-2.6-flare', 'mcp'])
    expect(secrets).not.toContain(plain);
});

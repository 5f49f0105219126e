import { describe, expect, test } from 'vitest';
import { ConfigurationError } from '../../errors/configuration-error.ts';
import { createProxy } from '../create-proxy.ts';
import { readProxyOptions } from './proxy-config.ts';
import type { ProxyOptions } from './proxy-options.ts';

const good: ProxyOptions = {
  apiKey: 'sk-test',
  secret: 'a secret of the site, long enough',
  authorize: () => 'ann',
  allow: { models: ['m'] },
};

test('accepts the required options alone', () => {
  expect(createProxy(good)).toBeTypeOf('function');
});

describe('rejects an invalid option immediately and names it:', () => {
  test.each<[string, object]>([
    ['apiKey', { apiKey: undefined }],
    ['apiKey', { apiKey: '' }],
    ['apiKey', { apiKey: 'sk-test\n' }],
    ['secret', { secret: undefined }],
    ['secret', { secret: 'short' }],
    ['secret', { secret: [] }],
    ['secret', { secret: [good.secret, 'short'] }],
    ['baseURL', { baseURL: '/v1' }],
    ['baseURL', { baseURL: 'file:///etc/passwd' }],
    ['baseURL', { baseURL: 'https://user:pass@api.test/v1' }],
    ['headers', { headers: { 'bad name': 'x' } }],
    ['headers', { headers: { 'x-name': 'a\nb' } }],
    ['authorize', { authorize: undefined }],
    ['authorize', { authorize: 'ann' }],
    ['allow', { allow: undefined }],
    ['allow.models', { allow: {} }],
    ['allow.models', { allow: { models: [] } }],
    ['allow.models', { allow: { models: 'm' } }],
    ['allow.models', { allow: { models: [''] } }],
    ['allow.include', { allow: { models: ['m'], include: 'x' } }],
    ['allow.maxBodyBytes', { allow: { models: ['m'], maxBodyBytes: 0 } }],
    ['allow.maxOutputTokens', { allow: { models: ['m'], maxOutputTokens: '100' } }],
    ['allow.maxToolCalls', { allow: { models: ['m'], maxToolCalls: -1 } }],
    ['allow.hostedTools.web_search', { allow: { models: ['m'], hostedTools: { web_search: true } } }],
    ['allow.hostedTools.mcp', { allow: { models: ['m'], hostedTools: ['mcp'] } }],
    ['allow.hostedTools.function', { allow: { models: ['m'], hostedTools: ['function'] } }],
    ['allow.hostedTools.mcp:', { allow: { models: ['m'], hostedTools: ['mcp:'] } }],
    ['allow.hostedTools.web search', { allow: { models: ['m'], hostedTools: ['web search'] } }],
    [
      'allow.hostedTools.namespace',
      { allow: { models: ['m'], hostedTools: { namespace: { name: 'n', tools: [] } } } },
    ],
    ['limits.requestsPerMinute', { limits: { requestsPerMinute: 0 } }],
    ['limits.bodyTimeoutMs', { limits: { bodyTimeoutMs: Number.POSITIVE_INFINITY } }],
    ['limits', { limits: 5 }],
    ['limits.requestsPerSecond', { limits: { requestsPerSecond: 1 } }],
    ['limit', { limit: { requestsPerMinute: 1 } }],
    ['allow.hostedTool', { allow: { models: ['m'], hostedTool: ['web_search'] } }],
    ['cors.origin', { cors: { origin: 'https://app.test' } }],
    ['cors.headers', { cors: { origins: ['https://app.test'], headers: 'x-key' } }],
    ['cors.credentials', { cors: { origins: ['https://app.test'], credentials: 'yes' } }],
    ['storage', { storage: new Map() }],
    ['overrides', { overrides: 'store' }],
    ['onError', { onError: console }],
    ['authorizeReference', { authorizeReference: true }],
    ['clock', { clock: Date }],
    ['cors.origins', { cors: {} }],
    ['cors.origins', { cors: { origins: ['https://app.test/'] } }],
    ['cors.origins', { cors: { origins: ['app.test'] } }],
    ['cors.origins', { cors: { origins: ['*'], credentials: true } }],
  ])('%s: %o', (option, changes) => {
    const attempt = (): unknown => createProxy({ ...good, ...changes });
    expect(attempt).toThrow(ConfigurationError);
    expect(attempt).toThrow(expect.objectContaining({ option }));
  });

  test('rejects missing options', () => {
    // @ts-expect-error Options are required.
    expect(() => createProxy()).toThrow(ConfigurationError);
  });
});

test.each([
  { apiKey: 'sk-topsecret with blank' },
  { secret: 'topsecret' },
  { headers: { 'x-key': 'topsecret\nb' } },
  { baseURL: 'https://user:topsecret@api.test' },
])('does not show the secret in the error about %o', (changes) => {
  expect(() => createProxy({ ...good, ...changes })).toThrow(/^(?!.*topsecret)createProxy: /);
});

test('Infinity switches limits off', () => {
  const limits = {
    requestsPerMinute: Number.POSITIVE_INFINITY,
    concurrentResponses: Number.POSITIVE_INFINITY,
  };
  expect(readProxyOptions({ ...good, limits }).limits).toMatchObject(limits);
});

test('accepts the tools of openai 7.59 without parameters, and a namespace of the clients’ functions', () => {
  const hostedTools = ['tool_search', 'namespace', 'programmatic_tool_calling', 'apply_patch', 'local_shell'];
  expect(createProxy({ ...good, allow: { models: ['m'], hostedTools } })).toBeTypeOf('function');
});

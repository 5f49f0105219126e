import { describe, expect, test } from 'vitest';
import { matchRoute } from './route.ts';

describe('matches the end of the path, at any mount path', () => {
  test.each([
    ['/responses', { kind: 'create' }],
    ['/v1/responses', { kind: 'create' }],
    ['/a/b/c/responses', { kind: 'create' }],
    ['/responses/responses', { kind: 'create' }],
    ['/v1/responses/resp_aZ0-_', { kind: 'response', name: 'resp_aZ0-_' }],
    ['/responses/resp_x/cancel', { kind: 'cancel', name: 'resp_x' }],
  ])('%s', (path, route) => {
    expect(matchRoute(path)).toEqual(route);
  });
});

describe('matches no other paths', () => {
  test.each([
    '/',
    '',
    '/v1/files',
    '/v1/models',
    '/Responses',
    '/responses/',
    '/responses/resp_x/',
    '/responses/resp_x/delete',
    '/responses/resp_x/input_items',
    '/responses/compact',
    '/responses/input_tokens',
    '/responses/resp_',
    '/responses/cancel',
    '/responses//cancel',
    '/responses/resp_x/cancel/cancel',
    '/responses/resp_x%2F..%2Ffiles',
    '/responses/resp_x%2fcancel',
    '/responses/resp_..',
    '/responses/resp_x;a=b',
    '/responses/resp_x\u0000',
    '/responses/resp_\u0435',
    `/responses/resp_${'x'.repeat(2_000)}`,
    '/responses;a',
    '/xresponses',
  ])('%s', (path) => {
    expect(matchRoute(path)).toBeUndefined();
  });
});

import { expect, test } from 'vitest';
import { ConfigurationError } from '../../errors/configuration-error.ts';
import { signResponseId, verifyResponseId } from './response-id.ts';

const secret = 'a secret of the site, long enough';
const day = 24 * 3_600_000;

test('verifyResponseId returns the API’s id for its principal, even after a rotation of secrets', async () => {
  const name = await signResponseId('resp_raw', { secret, principal: { id: 'ann' } });
  expect(
    await verifyResponseId(name, {
      secret: ['newer secret, which does not fit it', secret],
      principal: 'ann',
    }),
  ).toBe('resp_raw');
  expect(await verifyResponseId(name, { secret, principal: 'bob' })).toBeUndefined();
});

test('signed ids expire after 30 days, or after responseIdMs', async () => {
  const name = await signResponseId('resp_raw', { secret, principal: 'ann', now: 0 });
  expect(await verifyResponseId(name, { secret, principal: 'ann', now: 30 * day })).toBe('resp_raw');
  expect(await verifyResponseId(name, { secret, principal: 'ann', now: 31 * day })).toBeUndefined();
  expect(
    await verifyResponseId(name, { secret, principal: 'ann', now: day, responseIdMs: day - 1 }),
  ).toBeUndefined();
});

test('rejects an empty principal', async () => {
  await expect(signResponseId('resp_raw', { secret, principal: '' })).rejects.toThrow(ConfigurationError);
});

import { expect, test } from 'vitest';
import { anonymous, principalId } from './principal.ts';

test('a principal is a string, or an object with an id', () => {
  expect(principalId('ann')).toBe('ann');
  expect(principalId({ id: 'ann', plan: 'pro' })).toBe('ann');
  expect(principalId(anonymous())).toBe('anonymous');
});

test.for<unknown>([undefined, null, '', 0, true, {}, { id: '' }, { id: 7 }, { id: { id: 'ann' } }, []])(
  'refuses %o, which a faulty authorize may return',
  (value) => {
    expect(principalId(value)).toBeUndefined();
  },
);

test('refuses an id with half a surrogate pair, because its bytes equal those of another id', () => {
  expect(principalId('ann\ud800')).toBeUndefined();
  expect(principalId('ann\u{1f600}')).toBe('ann\u{1f600}');
});

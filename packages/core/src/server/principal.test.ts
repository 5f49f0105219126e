import { expect, test } from 'vitest';
import { anonymous, principalId } from './principal.ts';

test('a principal is a string, or an object with an id', () => {
  expect(principalId('ann')).toBe('ann');
  expect(principalId({ id: 'ann', plan: 'pro' })).toBe('ann');
  expect(principalId(anonymous())).toBe('anonymous');
});

test.each([undefined, null, '', 0, true, {}, { id: '' }, { id: 7 }, { id: { id: 'ann' } }, []])(
  '%o is nobody: what authorize forgot to return is refused, not let in',
  (value) => {
    expect(principalId(value)).toBeUndefined();
  },
);

test('an id with half a character is nobody: as bytes it would be the same as another one', () => {
  expect(principalId('ann\ud800')).toBeUndefined();
  expect(principalId('ann\u{1f600}')).toBe('ann\u{1f600}');
});

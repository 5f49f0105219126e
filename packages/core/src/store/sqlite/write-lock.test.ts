import { expect, test } from 'vitest';
import { whileBusy } from './write-lock.ts';

const locked = Object.assign(new Error('database is locked'), { code: 'ERR_SQLITE_ERROR', errcode: 5 });
const broken = Object.assign(new Error('disk I/O error'), { code: 'ERR_SQLITE_ERROR', errcode: 10 });

/** An action that fails with these errors, one after the other, and then returns the number of its attempts. */
function failing(...errors: readonly Error[]): () => number {
  let attempts = 0;
  return () => {
    const error = errors[attempts];
    attempts += 1;
    if (error !== undefined) throw error;
    return attempts;
  };
}

test('a read that another process locks out while it opens or closes the file is repeated', () => {
  expect(whileBusy(failing(locked, locked), 5_000, () => true)).toBe(3);
});

test('the wait ends after the busy timeout, if it should end, and with any other error', () => {
  const always = Array.from({ length: 100 }, () => locked);
  expect(() => whileBusy(failing(...always), 50, () => true)).toThrow(locked);
  expect(() => whileBusy(failing(locked), 5_000, () => false)).toThrow(locked);
  expect(() => whileBusy(failing(broken), 5_000, () => true)).toThrow(broken);
});

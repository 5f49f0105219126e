import { expect, test } from 'vitest';
import { forEachAtMost } from './for-each-at-most.ts';

test('performs the entries in order, at most so many at the same time, and begins the next as soon as one has ended', async () => {
  const begun: number[] = [];
  const ends: PromiseWithResolvers<void>[] = [];
  const all = forEachAtMost(2, [0, 1, 2, 3], (entry) => {
    begun.push(entry);
    const end = Promise.withResolvers<void>();
    ends[entry] = end;
    return end.promise;
  });
  expect(begun).toEqual([0, 1]);
  ends[1]?.resolve();
  await expect.poll(() => begun).toEqual([0, 1, 2]);
  ends[2]?.resolve();
  await expect.poll(() => begun).toEqual([0, 1, 2, 3]);
  ends[0]?.resolve();
  ends[3]?.resolve();
  await all;
});

test('rejects with the first error, and performs the entries that other places have not begun', async () => {
  const done: number[] = [];
  const all = forEachAtMost(2, [0, 1, 2, 3], async (entry) => {
    if (entry === 0) throw new Error('The first failed.');
    done.push(entry);
  });
  await expect(all).rejects.toThrow('The first failed.');
  expect(done).toEqual([1, 2, 3]);
});

test('ends without entries', async () => {
  const work = (): Promise<never> => Promise.reject(new Error('There is no entry.'));
  await expect(forEachAtMost(3, [], work)).resolves.toBeUndefined();
});

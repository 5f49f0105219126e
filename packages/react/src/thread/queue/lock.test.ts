// @vitest-environment happy-dom
import { expect, onTestFinished, test, vi } from 'vitest';
import { withFreeLock, withLock } from './lock.ts';

function replaceLocks(locks: unknown): void {
  vi.stubGlobal('navigator', { locks });
  onTestFinished(() => void vi.unstubAllGlobals());
}

function refuse(): Promise<never> {
  return Promise.reject(new DOMException('Denied.', 'SecurityError'));
}

test.each([
  ['has no locks', undefined],
  ['refuses its locks', { request: refuse }],
])('a browser that %s does work one after the other', async (_, locks) => {
  replaceLocks(locks);
  const done: string[] = [];
  const gate = Promise.withResolvers<void>();
  const first = withLock('a', async () => {
    await gate.promise;
    done.push('first');
  });
  const second = withLock('a', async () => void done.push('second'));
  expect(await withFreeLock('a', async () => void done.push('third'))).toBe(false);
  expect(await withFreeLock('b', async () => void done.push('other'))).toBe(true);
  gate.resolve();
  await Promise.all([first, second]);
  expect(done).toEqual(['other', 'first', 'second']);
  expect(await withFreeLock('a', async () => void done.push('last'))).toBe(true);
});

test.each([
  ['has no locks', undefined],
  ['refuses its locks', { request: refuse }],
])('work that fails in a browser that %s does not keep the lock', async (_, locks) => {
  replaceLocks(locks);
  const fail = (): Promise<void> => Promise.reject(new Error('No.'));
  await expect(withLock('c', fail)).rejects.toThrow('No.');
  await expect(withFreeLock('c', fail)).rejects.toThrow('No.');
  expect(await withFreeLock('c', async () => undefined)).toBe(true);
});

test('work that fails with the lock of the browser is done once', async () => {
  let works = 0;
  const request = (_name: string, _options: LockOptions, work: (lock: unknown) => Promise<unknown>) =>
    work({});
  replaceLocks({ request });
  const fail = (): Promise<void> => {
    works += 1;
    return Promise.reject(new Error('No.'));
  };
  await expect(withLock('d', fail)).rejects.toThrow('No.');
  expect(works).toBe(1);
});

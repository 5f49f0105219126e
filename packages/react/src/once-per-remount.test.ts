import { expect, test } from 'vitest';
import { oncePerRemount } from './once-per-remount.ts';

function starts(): { start(input: unknown): number; unmounted(): void } {
  const once = oncePerRemount<unknown, number>();
  let count = 0;
  return { start: (input) => once.run(input, () => (count += 1)), unmounted: once.unmounted };
}

test('returns the first run to an effect that StrictMode runs again', () => {
  const { start, unmounted } = starts();
  expect(start([{ role: 'user' }])).toBe(1);
  unmounted();
  expect(start([{ role: 'user' }])).toBe(1);
});

test('returns the first run only once; the next start starts a run', () => {
  const { start, unmounted } = starts();
  start('a');
  unmounted();
  start('a');
  expect(start('a')).toBe(2);
});

test('two starts without an unmount between them start two runs', () => {
  const { start } = starts();
  expect([start('a'), start('a')]).toEqual([1, 2]);
});

test('a different input starts a second run', () => {
  const { start, unmounted } = starts();
  start('a');
  unmounted();
  expect(start('b')).toBe(2);
});

test('a component that is mounted again later starts a new run', async () => {
  const { start, unmounted } = starts();
  start('a');
  unmounted();
  await Promise.resolve();
  expect(start('a')).toBe(2);
});

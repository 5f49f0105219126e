import { expect, test } from 'vitest';
import { oncePerRemount } from './once-per-remount.ts';

function starts(): { start(input: unknown): number; unmounted(): void } {
  const once = oncePerRemount<unknown, number>();
  let count = 0;
  return { start: (input) => once.run(input, () => (count += 1)), unmounted: once.unmounted };
}

test('an effect that StrictMode runs again gets the run of the first time', () => {
  const { start, unmounted } = starts();
  expect(start([{ role: 'user' }])).toBe(1);
  unmounted();
  expect(start([{ role: 'user' }])).toBe(1);
});

test('it gets it once: what is started after that is meant', () => {
  const { start, unmounted } = starts();
  start('a');
  unmounted();
  start('a');
  expect(start('a')).toBe(2);
});

test('two starts without an unmount between them are two', () => {
  const { start } = starts();
  expect([start('a'), start('a')]).toEqual([1, 2]);
});

test('another input is another run', () => {
  const { start, unmounted } = starts();
  start('a');
  unmounted();
  expect(start('b')).toBe(2);
});

test('a component that is shown again later starts anew', async () => {
  const { start, unmounted } = starts();
  start('a');
  unmounted();
  await Promise.resolve();
  expect(start('a')).toBe(2);
});

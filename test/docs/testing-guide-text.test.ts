import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

test('the first example of the testing guide is the tested code', () => {
  const guide = readFileSync(new URL('../../packages/core/docs/testing.md', import.meta.url), 'utf8');
  const example = readFileSync(new URL('testing-guide.test.ts', import.meta.url), 'utf8');
  expect(/```ts\n(.*?)```/s.exec(guide)?.[1]).toBe(example);
});

import { afterEach, expect, test, vi } from 'vitest';
import { randomId } from './random-id.ts';

afterEach(() => vi.unstubAllGlobals());

test('ids are unique', () => {
  expect(new Set(Array.from({ length: 1_000 }, randomId)).size).toBe(1_000);
});

test('ids are unique on an insecure page, which has no randomUUID', () => {
  const secure = crypto;
  vi.stubGlobal('crypto', {
    getRandomValues: (values: Uint32Array<ArrayBuffer>) => secure.getRandomValues(values),
  });
  expect(new Set(Array.from({ length: 1_000 }, randomId)).size).toBe(1_000);
});

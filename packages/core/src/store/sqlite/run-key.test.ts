import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runIdOfKey, runKey } from './run-key.ts';

test('every id has its own key in valid UTF-8, and is restored from it', () => {
  const half = fc.integer({ min: 0xd800, max: 0xdfff }).map((code) => String.fromCharCode(code));
  const anyId = fc
    .array(fc.oneof(half, fc.constant('\u0000'), fc.string({ unit: 'binary' })))
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(anyId, anyId, (one, other) => {
      expect(runKey(one).isWellFormed()).toBe(true);
      expect(runIdOfKey(runKey(one))).toBe(one);
      expect(runKey(one) === runKey(other)).toBe(one === other);
    }),
  );
});

test.each(['run-1', '', 'Läufer 🏃', '"', '\n'])('an ordinary id is its own key: %j', (runId) => {
  expect(runKey(runId)).toBe(runId);
});

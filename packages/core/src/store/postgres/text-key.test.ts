import fc from 'fast-check';
import { expect, test } from 'vitest';
import { textKey, textOfKey } from './text-key.ts';

test('every text has its own key, without NUL and in valid UTF-8, and is restored from it', () => {
  const half = fc.integer({ min: 0xd800, max: 0xdfff }).map((code) => String.fromCharCode(code));
  const anyText = fc
    .array(fc.oneof(half, fc.constantFrom('\u0000', '\u0001'), fc.string({ unit: 'binary' })))
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(anyText, anyText, (one, other) => {
      const key = textKey(one);
      expect(key.isWellFormed() && !key.includes('\u0000')).toBe(true);
      expect(textOfKey(key)).toBe(one);
      expect(key === textKey(other)).toBe(one === other);
    }),
  );
});

test.each(['run-1', '', 'Läufer 🏃', '"', '\n'])('an ordinary text is its own key: %j', (text) => {
  expect(textKey(text)).toBe(text);
});

test('the key of any id of 512 characters fits into an index', () => {
  for (const unit of ['\u0000', '\ud800', '漢', 'é', '\u{1f3c3}']) {
    const id = unit.repeat(512 / unit.length);
    expect(Buffer.byteLength(textKey(id))).toBeLessThan(2_000);
  }
});

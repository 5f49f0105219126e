import { expect, test } from 'vitest';
import { keptTexts } from './kept-texts.ts';

/** A storage that accepts texts up to a length. */
function fakeStorage(most: number): Storage {
  const texts = new Map<string, string>();
  return {
    length: 0,
    key: () => null,
    clear: () => texts.clear(),
    getItem: (key) => texts.get(key) ?? null,
    removeItem: (key) => void texts.delete(key),
    setItem: (key, text) => {
      if (text.length > most) throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
      texts.set(key, text);
    },
  };
}

test('a text is stored, and removed', () => {
  const storage = fakeStorage(100);
  const texts = keptTexts(() => storage);
  texts.write('a', 'one');
  expect(keptTexts(() => storage).read('a')).toBe('one');
  texts.write('a', null);
  expect(texts.read('a')).toBeNull();
  expect(storage.getItem('a')).toBeNull();
});

test('a blocked storage keeps texts until the page closes', () => {
  const texts = keptTexts(() => {
    throw new DOMException('The operation is insecure.', 'SecurityError');
  });
  expect(texts.read('a')).toBeNull();
  texts.write('a', 'one');
  expect(texts.read('a')).toBe('one');
  texts.write('a', null);
  expect(texts.read('a')).toBeNull();
});

test('a text that is too long for the storage hides the shorter text that was stored', () => {
  const storage = fakeStorage(3);
  const texts = keptTexts(() => storage);
  texts.write('a', 'one');
  texts.write('a', 'seven');
  expect(texts.read('a')).toBe('seven');
  texts.write('a', 'two');
  expect(texts.read('a')).toBe('two');
  expect(storage.getItem('a')).toBe('two');
});

import type { Fault, StyleRule } from '../rule.ts';
import { wordsOf } from '../sentences.ts';

/** Words that begin with a vowel letter and a consonant sound. The next pattern finds the reverse. */
const spokenWithConsonant = /^(?:eu|ewe|one|once|u(?:ni(?!n|m)|s[aeiu]|r[aeiu]|t[aeiou]))/i;
const spokenWithVowel = /^(?:hour|honest|honou?r|heir|8|11\b|18\b)/i;
/** Acronyms that are spelled out and begin with a vowel sound. */
const acronymWithVowel = /^[AEFHILMNORSX]/;

export const article: StyleRule = {
  name: 'article',
  check(sentence) {
    const words = wordsOf(sentence);
    return words.flatMap(({ word, index }, place): Fault[] => {
      const next = words[place + 1];
      if (next === undefined || !/^an?$/i.test(word)) return [];
      // Not an article: “a, b and c”.
      if (sentence.text.slice(index + word.length, next.index) !== ' ') return [];
      const expected = articleBefore(next.word);
      if (expected === undefined || expected === word.toLowerCase()) return [];
      return [{ index, length: word.length, message: `write “${expected} ${next.word}”` }];
    });
  },
};

/** The article before a word, or undefined if it depends on the pronunciation. */
function articleBefore(word: string): 'a' | 'an' | undefined {
  if (!/^[a-z0-9]/i.test(word) || word.length === 1) return undefined;
  if (/^[A-Z]{2}/.test(word)) {
    if (/^[A-Z]{2,4}s?\b/.test(word) && !/^(?:NaN|SQL|UTF|JSON|NTP|LAN)/.test(word))
      return acronymWithVowel.test(word) ? 'an' : 'a';
    return undefined;
  }
  if (spokenWithConsonant.test(word)) return 'a';
  return /^[aeiou]/i.test(word) || spokenWithVowel.test(word) ? 'an' : 'a';
}

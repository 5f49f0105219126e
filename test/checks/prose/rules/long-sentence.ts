import type { StyleRule } from '../rule.ts';
import { wordsOf } from '../sentences.ts';

const limit = 30;

export const longSentence: StyleRule = {
  name: 'long-sentence',
  check(sentence) {
    const words = wordsOf(sentence);
    if (sentence.place !== 'paragraph' || words.length <= limit) return [];
    return [
      {
        index: 0,
        length: sentence.text.length,
        message: `${words.length} words: split it into sentences of at most ${limit}`,
      },
    ];
  },
};

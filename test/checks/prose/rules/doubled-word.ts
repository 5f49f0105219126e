import type { Fault, StyleRule } from '../rule.ts';

export const doubledWord: StyleRule = {
  name: 'doubled-word',
  check: ({ text }) =>
    Array.from(
      text.matchAll(/\b([a-z]+) \1\b(?!-)/gi),
      ({ 0: found, index }): Fault => ({
        index,
        length: found.length,
        message: `“${found}”: remove one word, or rephrase`,
      }),
    ),
};

import type { Fault, StyleRule } from '../rule.ts';

const message =
  'name the thing (“The events that …”, “Data that is not saved …”) in place of a clause with “what”';

/** Clauses with “what” as subjects: the reader has to guess what the thing is. */
export const headlessWhat: StyleRule = {
  name: 'headless-what',
  check({ text, place }) {
    if (place !== 'paragraph' || text.endsWith('?')) return [];
    return Array.from(
      text.matchAll(/(?:^|(?<=[:;] ))what(?=\s)/gi),
      ({ index }): Fault => ({ index, length: 4, message }),
    );
  },
};

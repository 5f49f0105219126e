import type { Fault, StyleRule } from './rule.ts';

/** A phrase to avoid, and the plain alternative. */
export type Phrase = readonly [found: RegExp, instead: string];

/** A rule that finds phrases and names the plain alternative of each. Of overlapping phrases it reports the first. */
export function phraseRule(name: string, phrases: readonly Phrase[]): StyleRule {
  return {
    name,
    check({ text }) {
      const faults = phrases.flatMap(([found, instead]) =>
        Array.from(
          text.matchAll(found),
          ({ 0: phrase, index }): Fault => ({
            index,
            length: phrase.length,
            message: `“${phrase.replaceAll(/\s+/g, ' ').trim()}”: ${instead}`,
          }),
        ),
      );
      let end = 0;
      return faults
        .toSorted((a, b) => a.index - b.index)
        .filter(({ index, length }) => {
          if (index < end) return false;
          end = index + length;
          return true;
        });
    },
  };
}

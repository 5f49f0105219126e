import { phraseRule } from '../phrases.ts';
import type { StyleRule } from '../rule.ts';

/** “also” before a clause or a prepositional phrase. */
export const alsoEven: StyleRule = phraseRule('also-even', [
  [
    /(?<!\b(?:is|are|was|were|can|may|must|will|has|have|do|does|did|but) )\balso (?:where|when|if|while|without|after|before|from|in|of|with|for|by|at|those|that|what|on|under|over|as|through|to)\b/gi,
    'write “even if”, “even without”, or “including …”',
  ],
]);

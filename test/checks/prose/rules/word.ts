import { phraseRule } from '../phrases.ts';
import type { StyleRule } from '../rule.ts';

/** Words for which a plainer or less ambiguous word exists, and former terms of the project. */
export const word: StyleRule = phraseRule('word', [
  [/\blegs?\b/gi, 'the term is “iteration”'],
  [/\bat once\b/gi, 'write “immediately” or “at the same time”: it can mean both'],
  [/\b(?:anew|afresh)\b/gi, 'write “again” or “new”'],
  [/\bbeside\b/gi, 'write “next to”, “in addition to” or “with”'],
  [/\bbesides\b/gi, 'write “in addition (to)”'],
  [/\bsave (?:for|where)\b/gi, 'write “except”'],
  [/\bfurther\b(?! than\b| from\b)/gi, 'write “more”, “other” or “additional”'],
  [/\bmeanwhile\b/gi, 'write when (“while the request is pending”)'],
  [/\b(?:mend|mends|mended|mending)\b/gi, 'write “fix”, “repair” or “recover from”'],
  [/\b(?:wish|wishes|wished)\b/gi, 'write “request” (“cancel request”)'],
  [/\b(?:mere|merely)\b/gi, 'write “only”, or omit it'],
  [/\blikewise\b/gi, 'write “also” or “the same way”'],
  [/\bunasked\b/gi, 'write “without a call” or “without a request”'],
  [
    /\b(?:thereby|thereof|therein|hence|thus|whereby|wherein|lest)\b/gi,
    'write “so”, “by this” or start a new sentence',
  ],
  [/\b(?:gives|gave)\b(?! (?:\w+ )?(?:up|back|away|out)\b)/gi, 'write “returns”, “provides” or “sends”'],
  [/\b(?:seldom|scarcely|nigh)\b/gi, 'write “rarely” or “almost never”'],
  [/\balike\b/gi, 'write “the same” or “equal”'],
  [/(?<!source of )\btruths?\b/gi, 'write “boolean” or “source of truth”'],
  [
    /\b(?:any|no) more(?=[.,;:)]|$| (?:is|are|was|were|by|in|of|and|or)\b)/gi,
    'write “no longer”, or the limit',
  ],
]);

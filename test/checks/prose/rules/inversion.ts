import { phraseRule } from '../phrases.ts';
import type { StyleRule } from '../rule.ts';

/** Sentences that do not begin with their subject, and phrases that hide it. */
export const inversion: StyleRule = phraseRule('inversion', [
  [
    /^(?:Of (?:a|an|the|all|each|these|those|them|it|what|other|others|another|this|that|two|several)|(?:To|For|By|Against) (?:which|whom|what|how|those|them|whose))\b/g,
    'begin with the subject (“The proxy keeps the id of other answers”)',
  ],
  [
    /(?:^|(?<=[:;,] ))(?:so|nor|neither) (?:does|is|do|are|has|have|did|was|were|can|may|must)\b/gi,
    'begin with the subject (“The order of fields is not compared either”)',
  ],
  [/\bthat there (?:is|are|was|were|may|might)\b(?! no\b| a\b| an\b)/gi, 'write “that exists” or “existing”'],
  [/^(?:one|those|others|some) (?:that|which|who)\b/gi, 'repeat the noun (“A run that …”, “Events that …”)'],
  [/\bas far as\b/gi, 'write “if”, “the parts that …” or “while”'],
  [/^As (?:what|who|if|far|long)\b(?!.*,)/g, 'begin with the subject'],
  [
    /\b(?:by|of|with) (?:which|whom)\b/gi,
    'split the sentence, or name the relation (“the id that identifies the run”)',
  ],
]);

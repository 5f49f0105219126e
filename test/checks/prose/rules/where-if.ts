import { phraseRule } from '../phrases.ts';
import type { StyleRule } from '../rule.ts';

/** “where” for a condition. It is fine for a place. */
export const whereIf: StyleRule = phraseRule('where-if', [
  [
    /^Where (?=[^,]*\b(?:is|are|was|were|has|have|had|cannot|does|do|\w+s|\w+ed)\b[^,]*, (?!and\b|or\b|which\b))(?!.*\?$)/g,
    'write “If” or “When” for a condition',
  ],
  [
    /\b(?:undefined|null|absent|empty|true|false|none|only|even|except|but|unless|once|also|fails?|throws|rejects) where\b/gi,
    'write “if” or “when” for a condition',
  ],
  [
    /\bwhere (?=(?:there|nothing|none|no|the (?:API|server|store|client|process|run|tool|request|answer|response|model) (?:is|has|was|does|gives|refuses|cannot|sends)|one|all|that|neither|something|somebody|nobody|possible|needed|both) )/gi,
    'write “if” or “when” for a condition',
  ],
]);

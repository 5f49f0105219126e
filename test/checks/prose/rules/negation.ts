import { phraseRule } from '../phrases.ts';
import type { StyleRule } from '../rule.ts';

/** “no” with a noun where the verb should be negated. */
export const negation: StyleRule = phraseRule('negation', [
  [
    /(?<!\b(?:there|such|it) )\b(?:is|are|was|were|be|been|being) no (?!longer\b|more\b|later\b|earlier\b|less\b|other\b|such\b|\w+er than\b)/gi,
    'negate the verb (“is not a …”), or say what is wrong (“invalid …”)',
  ],
  [
    /(?<!\bthere )\b(?:is|are|was|were|be|been) none\b/gi,
    'write what is missing (“if no … exists”, “is not a …”)',
  ],
  [
    /\b(?:fail|lose|end|start|know|answer|name|run|let|leave|bring|ask|cost|stop|keep|give|count|reach|hear|drop|read|block|wait|drive|restart)s? no (?!longer\b|more than\b|later\b)\w+/gi,
    'negate the verb (“does not fail the call”)',
  ],
  [
    /\b(?:fail|lose|end|know|answer|reach|mean|bring|restart)(?:s|ed|ing)? nothing\b/gi,
    'negate the verb, or write “has no effect”',
  ],
]);

import { phraseRule } from '../phrases.ts';
import type { StyleRule } from '../rule.ts';

/** People as the subjects of what programs do. */
export const person: StyleRule = phraseRule('person', [
  [
    /\b(?:whoever|whomever)\b/gi,
    'name the component or the role (“the process that holds the claim”, “the caller”)',
  ],
  [/\bnobody\b/gi, 'name what is missing (“no process drives the run”, “no listener is registered”)'],
  [
    /\b(?:some|any|every)(?:body|one)\b(?:[’']s)?/gi,
    'name the component or the role (“another client”, “all followers”, “a user”)',
  ],
  [/^who\b(?!.*\?$)/gi, 'name the component or the role (“the caller”, “a client that polls”)'],
]);

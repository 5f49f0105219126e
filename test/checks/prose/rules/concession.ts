import { phraseRule } from '../phrases.ts';
import type { StyleRule } from '../rule.ts';

/** “whatever”, “however often” and similar phrases. */
export const concession: StyleRule = phraseRule('concession', [
  [
    /\b(?:whatever|whichever)\b(?! (?:is|comes|came) (?:less|more|first|later|longer)\b)/gi,
    'write “regardless of …”, “any …” or “all …”',
  ],
  [/\bhowever (?!,)\w+/gi, 'write “regardless of how …”'],
]);

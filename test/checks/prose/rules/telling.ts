import { phraseRule } from '../phrases.ts';
import type { StyleRule } from '../rule.ts';

/** Programs emit, report, return and receive; people talk: “Tell me …” is a prompt. */
export const telling: StyleRule = phraseRule('telling', [
  [/\b(?:tells?|told|telling) (?:\w+ ){0,4}apart\b/gi, 'write “distinguish”'],
  [
    /\b(?:is|are|was|were|be|been) told (?:of|about)\b/gi,
    'write “receives”, “is notified of” or “is called with”',
  ],
  [/\b(?:tell|tells|telling) (?:of|about)\b/gi, 'write “report”, “emit” or “describe”'],
  [/\bcannot tell\b/gi, 'write “cannot determine” or “does not know”'],
  [/\bas told\b/gi, 'write “as configured” or “as requested”'],
  [
    /\b(?:tell|tells|told|telling)\b(?! (?:me|of|about|(?:\w+ ){0,4}apart)\b)(?<!\b(?:cannot tell|as told))/gi,
    'write what happens (“emit”, “publish”, “report”, “send to the model”, “notify”, “state”)',
  ],
  [
    /\b(?:say|says|said|saying) (?:so|otherwise|nothing|no|none|of|which|whether|how|when|who)\b/gi,
    'write what is stated, returned or configured (“if the server sends a delay”, “unless the script sets one”)',
  ],
  [/\b(?:hear|hears|heard|hearing)\b/gi, 'write “receive”, “observe” or “is notified of”'],
  [
    /\b(?:without a word|no word|(?:its|their|own|server's|API's|proxy's) word|word for it|a word (?:about|to|of))\b/gi,
    'write what is sent or stated (“the API’s error”, “without a message”, “JSON cannot represent it”)',
  ],
]);

import { phraseRule } from '../phrases.ts';
import type { StyleRule } from '../rule.ts';

/** Idioms and phrasal verbs with a literal verb that says the same. */
export const idiom: StyleRule = phraseRule('idiom', [
  [/\b(?:go|goes|going|gone|went) on\b/gi, 'write “continue”, “resume” or “keep …ing”'],
  [/\b(?:carry|carries|carried|carrying)\b(?: [^\s.,;:]+){0,4} on\b/gi, 'write “continue”'],
  [
    /\b(?:take|takes|taken|taking|took)\b(?: [^\s.,;:]+){0,3} up\b|\btaking-up\b/gi,
    'write “resume”, “load” or “start driving”',
  ],
  [/\b(?:give|gives|given|giving|gave) (?:\w+ )?up\b/gi, 'write “stop”, “cancel”, “abandon” or “release”'],
  [
    /\b(?:give|gives|given|giving|gave) (?:\w+ )?(?:back|away|out)\b/gi,
    'write “return”, “release” or “send”',
  ],
  [
    /\b(?:come|comes|came|coming) (?:to nothing|by|to pass|of|about)\b/gi,
    'write “fail”, “arrive”, “happen” or “result from”',
  ],
  [/\b(?:come|comes|came|coming) (?:to|out|through)\b/gi, 'write “reach”, “result in” or “be passed on”'],
  [/\bunder way\b/gi, 'write “in progress”, “pending” or “running”'],
  [/\bon (?:its|their|the) way\b/gi, 'write “in flight”, “pending” or “before the response”'],
  [/\bby hand\b/gi, 'write “manually”, or name the method that is called'],
  [/\bin passing\b/gi, 'write “transiently”'],
  [/\b(?:at hand|in hand|to be had|be had|had afresh)\b/gi, 'write “available” or “loaded”'],
  [/\ball the same\b/gi, 'write “anyway”, “still” or “nevertheless”'],
  [/\bfor (?:good|ever)\b/gi, 'write “permanently”, “indefinitely” or “without end”'],
  [/\b(?:work|works|worked|working) off\b/gi, 'write “process” or “handle”'],
  [/\b(?:take|takes|taken|taking|took) (?:\w+ )?for\b(?! granted)/gi, 'write “treat as” or “mistake for”'],
  [
    /\b(?:stand|stands|stood|standing) (?:for|in for|in (?:its|their|the) place|still)\b/gi,
    'write “represent”, “replace” or “stop”',
  ],
  [
    /\b(?:where|as) (?:it|they|he|\w+ \w+) (?:now )?(?:stand|stands|stood)\b/gi,
    'write “in its current state” or “from the last save”',
  ],
  [/\b(?:let|lets|letting) (?:go|in|through|pass|slip)\b/gi, 'write “release”, “allow” or “accept”'],
  [/\b(?:hold|holds|held|holding) back\b/gi, 'write “buffer” or “delay”'],
  [/\b(?:put|puts|putting) off\b/gi, 'write “postpone”'],
  [/\b(?:hand|hands|handed|handing) (?:on|over|out|in)\b/gi, 'write “pass”, “forward” or “return”'],
  [/\b(?:make|makes|made|making) (?:up|out|do|good)\b/gi, 'write “invent”, “create” or “complete”'],
  [/\b(?:look|looks|looked|looking) after\b/gi, 'write “manage” or “drive”'],
  [/\b(?:see|sees|seen|saw) to (?:it\b)?/gi, 'write “ensure”'],
  [/\b(?:do|does|did|doing) without\b/gi, 'write “does not need”'],
  [/\b(?:cut|cuts) (?:short|off)\b/gi, 'write “truncate”, “interrupt” or “end early”'],
  [/\b(?:set|sets) (?:right|out|in|apart)\b/gi, 'write “correct” or “start”'],
  [/\btaken? apart\b|\btakes apart\b|\btook apart\b/gi, 'write “parse” or “split”'],
  [
    /\b(?:live|lives|lived|living) (?:by|on|here|in this)\b/gi,
    'write “depends on”, “is loaded” or “is driven by this runner”',
  ],
  [
    /\b(?:bad moment|whole truth|without more ado|need be|far afield|by heart|in vain|at last|half-way|in one go|in step|at will)\b/gi,
    'write the literal meaning',
  ],
  [/\bthe rest of (?:it|them|what)\b|\band the rest\b/gi, 'name the other parts'],
  [/\bby (?:itself|themselves)\b/gi, 'write “automatically”, “alone” or “without a call”'],
  [/\bas (?:it|one|they) likes?\b/gi, 'write “any value” or “at any time”'],
  [
    /\bas (?:it|they) (?:is|are|was|were)\b(?! \w+ed\b)(?=[.,;:)]| (?:now|then|sent|saved|at)|$)/gi,
    'write “unchanged” or “in its current state”',
  ],
  [/\b(?:miss|misses|missed) (?:it|them|to)\b/gi, 'write “has no observers” or “does not receive”'],
  [/\b(?:see|sees|seen|saw|know|knows|known) (?:it )?(?:coming|again)\b/gi, 'write “predict” or “recognize”'],
  [/\bworth (?!\d)\w+/gi, 'write the reason (“retry, because …”)'],
]);

import type { StyleRule } from './rule.ts';
import { alsoEven } from './rules/also-even.ts';
import { article } from './rules/article.ts';
import { concession } from './rules/concession.ts';
import { doubledWord } from './rules/doubled-word.ts';
import { headlessWhat } from './rules/headless-what.ts';
import { idiom } from './rules/idiom.ts';
import { inversion } from './rules/inversion.ts';
import { longSentence } from './rules/long-sentence.ts';
import { negation } from './rules/negation.ts';
import { passiveHeap } from './rules/passive-heap.ts';
import { person } from './rules/person.ts';
import { telling } from './rules/telling.ts';
import { whereIf } from './rules/where-if.ts';
import { word } from './rules/word.ts';

/** The rules of plain prose. */
export const style: readonly StyleRule[] = [
  person,
  telling,
  idiom,
  word,
  negation,
  headlessWhat,
  whereIf,
  alsoEven,
  inversion,
  concession,
  longSentence,
  doubledWord,
  article,
  passiveHeap,
];

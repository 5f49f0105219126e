import type { TxtParentNode } from '@textlint/ast-node-types';
import type { TextlintRuleModule } from '@textlint/types';
import { type Sentence, sentencesOf } from './sentences.ts';

/** A fault that a rule found in a sentence. */
export interface Fault {
  /** Where it begins in the sentence. */
  readonly index: number;
  readonly length: number;
  /** The plain alternative. */
  readonly message: string;
}

/** A rule of the style. It checks one sentence at a time. */
export interface StyleRule {
  readonly name: string;
  check(sentence: Sentence): Fault[];
}

/** The rule for textlint, which passes paragraphs, headings and table cells to it. */
export function textlintRule({ check }: StyleRule): TextlintRuleModule {
  return (context) => {
    const { RuleError, report, locator } = context;
    const checkNode = (node: TxtParentNode): void => {
      for (const sentence of sentencesOf(node)) {
        for (const { index, length, message } of check(sentence)) {
          const start = sentence.offset + index;
          report(node, new RuleError(message, { padding: locator.range([start, start + length]) }));
        }
      }
    };
    return { Paragraph: checkNode, Header: checkNode, TableCell: checkNode };
  };
}

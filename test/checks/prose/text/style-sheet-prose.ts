import { tokenize, TokenType } from '@csstools/css-tokenizer';
import { addBlockComment } from './comment-prose.ts';
import { type Prose, ProseBuilder } from './prose.ts';

/** The comments of a style sheet. */
export function styleSheetProse(source: string): Prose {
  const prose = new ProseBuilder();
  for (const [type, text, start] of tokenize({ css: source })) {
    if (type === TokenType.Comment) addBlockComment(prose, text, start);
  }
  return prose;
}

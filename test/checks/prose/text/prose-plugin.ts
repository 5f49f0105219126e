import { parse } from '@textlint/markdown-to-ast';
import type { TextlintMessage, TextlintPluginCreator } from '@textlint/types';
import type { Prose } from './prose.ts';
import { proseExtensions, proseOf } from './prose-of.ts';

type Processor = InstanceType<TextlintPluginCreator['Processor']>;

/** Makes textlint read the comments, strings and JSX texts of sources as Markdown. */
export const prosePlugin: TextlintPluginCreator = {
  Processor: class implements Processor {
    /** textlint calls `processor` once to parse a file and once more to report its messages. */
    #prose: Prose | undefined;

    availableExtensions(): string[] {
      return [...proseExtensions];
    }

    processor(): ReturnType<Processor['processor']> {
      return {
        preProcess: (source, filePath = '') => {
          const prose = proseOf(source, filePath);
          this.#prose = prose;
          return { text: prose.text, ast: parse(prose.text) };
        },
        postProcess: (messages, filePath = '') => ({
          messages: messages.map((message) => atOrigin(message, this.#prose)),
          filePath,
        }),
      };
    }
  },
};

/** The message with the range in the source file. textlint's lines and columns are those of the Markdown. */
function atOrigin(message: TextlintMessage, prose: Prose | undefined): TextlintMessage {
  if (prose === undefined) throw new Error('textlint reported messages before it parsed the file.');
  const start = prose.originOf(message.range[0]);
  const end = prose.originOf(message.range[1] - 1) + 1;
  return { ...message, index: start, range: [start, end] };
}

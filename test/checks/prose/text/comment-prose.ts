import type { ProseBuilder } from './prose.ts';

/** A line of a comment without its markers, and where it begins in the file. */
interface CommentLine {
  readonly text: string;
  readonly origin: number;
}

/** Adds the prose of a block comment or docstring; `start` is the offset of its `/*`. */
export function addBlockComment(prose: ProseBuilder, comment: string, start: number): void {
  addLines(prose, contentLines(comment, start));
}

/** Adds adjacent `//` comments as one paragraph. */
export function addLineComments(prose: ProseBuilder, comments: readonly CommentLine[]): void {
  addLines(
    prose,
    comments.map(({ text, origin }) =>
      trimmedLine(
        text.replace(/^\/\/+/, (slashes) => ' '.repeat(slashes.length)),
        origin,
      ),
    ),
  );
}

function contentLines(comment: string, start: number): CommentLine[] {
  const lines: CommentLine[] = [];
  let origin = start;
  for (const line of comment.split('\n')) {
    const content = line.replace(/^\s*(?:\/\*+|\*(?!\/))?|\*+\/\s*$/g, (marker) => ' '.repeat(marker.length));
    lines.push(trimmedLine(content, origin));
    origin += line.length + 1;
  }
  return lines;
}

function trimmedLine(text: string, origin: number): CommentLine {
  const indent = text.length - text.trimStart().length;
  return { text: text.trim(), origin: origin + indent };
}

function addLines(prose: ProseBuilder, lines: readonly CommentLine[]): void {
  let isFenced = false;
  let isExample = false;
  for (const line of lines.flatMap(linesOfTags)) {
    if (line.text.startsWith('```')) {
      isFenced = !isFenced;
      continue;
    }
    if (isFenced) continue;
    const tag = /^@[\w-]+\s*/.exec(line.text)?.[0];
    if (tag !== undefined) {
      isExample = tag.startsWith('@example');
      prose.endParagraph();
    }
    if (isExample) continue;
    // A parameter's name is not part of the sentence that describes it.
    const skipped = (/^@param\s+[\w.]+\s*/.exec(line.text)?.[0] ?? tag ?? '').length;
    prose.add(asMarkdown(line.text.slice(skipped)), line.origin + skipped);
    prose.add('\n', line.origin + line.text.length);
  }
  prose.endParagraph();
}

/** Splits a line at its tags, because a short docstring has text and tags on one line. */
function linesOfTags({ text, origin }: CommentLine): CommentLine[] {
  let start = 0;
  return text.split(/(?<=\s)(?=@(?:default|example|param|returns|throws)\b)/).map((part) => {
    const line = { text: part.trimEnd(), origin: origin + start };
    start += part.length;
    return line;
  });
}

/**
 * Writes `{@link X}` as code. Replaces a leading `<` by a space, because an HTML block would hide the text after it. The
 * length stays the same.
 */
function asMarkdown(line: string): string {
  return line.replaceAll(/\{(@link [^}]*)\}/g, '`$1`').replace(/^</, ' ');
}

import type { TxtNode, TxtParentNode } from '@textlint/ast-node-types';
import { codePlaceholder } from './text/prose.ts';

/** A sentence of a paragraph, heading or table cell. */
export interface Sentence {
  /** The text, with {@link codePlaceholder} for each character of code, and spaces for markup and line breaks. */
  readonly text: string;
  /** Where it begins in the node. */
  readonly offset: number;
  readonly place: 'paragraph' | 'heading' | 'cell';
}

const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });
const known = new WeakMap<TxtNode, readonly Sentence[]>();

/** The sentences of a node, split once for all rules. */
export function sentencesOf(node: TxtParentNode): readonly Sentence[] {
  const seen = known.get(node);
  if (seen !== undefined) return seen;
  const text = plainText(node);
  // A sentence may begin with code: the segmenter must see a capital letter.
  const segments = segmenter.segment(text.replaceAll(codePlaceholder, 'X'));
  const sentences = Array.from(segments, ({ segment, index }) => {
    const end = index + segment.trimEnd().length;
    const offset = index + segment.length - segment.trimStart().length;
    return { text: text.slice(offset, end), offset, place: placeOf(node) };
  }).filter((sentence) => sentence.text !== '');
  known.set(node, sentences);
  return sentences;
}

function placeOf({ type }: TxtNode): Sentence['place'] {
  if (type === 'Header') return 'heading';
  return type === 'TableCell' ? 'cell' : 'paragraph';
}

/** The text of a node, with the length of its Markdown, so that offsets are the same in both. */
function plainText(node: TxtParentNode): string {
  const characters = Array.from({ length: node.raw.length }, () => ' ');
  const begin = node.range[0];
  function visit(child: TxtNode): void {
    const [start, end] = [child.range[0] - begin, child.range[1] - begin];
    if (child.type === 'Str') {
      for (let index = start; index < end; index += 1) {
        characters[index] = (node.raw[index] ?? ' ').replace(/\s/, ' ');
      }
    } else if (child.type === 'Code') characters.fill(codePlaceholder, start, end);
    else if (isParent(child)) for (const inner of child.children) visit(inner);
  }
  visit(node);
  // The rules ignore quoted words and the names of files.
  return characters
    .join('')
    .replaceAll(/“[^”]*”|[\w./@-]+\.(?:tsx?|css|md|json|html)\b/g, (name) =>
      codePlaceholder.repeat(name.length),
    );
}

function isParent(node: TxtNode): node is TxtParentNode {
  return 'children' in node;
}

/** The words of a sentence; code counts as one word, and so does a quoted value ('input.type'). */
export function wordsOf({ text }: Sentence): { word: string; index: number }[] {
  return Array.from(
    text.matchAll(/\uE000+|'[\w.]+'|[\p{L}\p{N}][\p{L}\p{N}'’-]*/gu),
    ({ 0: word, index }) => ({
      word,
      index,
    }),
  );
}

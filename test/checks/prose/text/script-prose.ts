import { type ESTree, parseSync, Visitor } from 'rolldown/utils';
import { addBlockComment, addLineComments } from './comment-prose.ts';
import { isSentence } from './is-sentence.ts';
import { addJsxText } from './jsx-prose.ts';
import { addString, addTemplate } from './literal-prose.ts';
import { type Prose, ProseBuilder } from './prose.ts';

type Comment = ReturnType<typeof parseSync>['comments'][number];

/** Adds one comment, string or JSX text to the collected prose. */
interface Piece {
  readonly start: number;
  addTo(prose: ProseBuilder): void;
}

/** The comments, the test names, the JSX texts and the strings that read as sentences. */
export function scriptProse(source: string, filePath: string): Prose {
  const { program, comments } = parseSync(filePath, source);
  const pieces = [...commentPieces(comments, source), ...textPieces(program, source)];
  const prose = new ProseBuilder();
  for (const piece of pieces.toSorted((a, b) => a.start - b.start)) {
    piece.addTo(prose);
    prose.endParagraph();
  }
  return prose;
}

function commentPieces(comments: readonly Comment[], source: string): Piece[] {
  const pieces: Piece[] = [];
  let group: Comment[] = [];
  for (const comment of comments) {
    const last = group.at(-1);
    if (comment.type === 'Block') {
      const text = source.slice(comment.start, comment.end);
      pieces.push({ start: comment.start, addTo: (prose) => addBlockComment(prose, text, comment.start) });
    } else if (last !== undefined && /^\s*\n\s*$/.test(source.slice(last.end, comment.start))) {
      group.push(comment);
    } else {
      const lines = [comment];
      group = lines;
      pieces.push({
        start: comment.start,
        addTo: (prose) =>
          addLineComments(
            prose,
            lines.map(({ start, end }) => ({ text: source.slice(start, end), origin: start })),
          ),
      });
    }
  }
  return pieces;
}

function textPieces(program: ESTree.Program, source: string): Piece[] {
  const pieces: Piece[] = [];
  /** Strings that are not prose, such as the paths of imports. */
  const skipped = new Set<ESTree.Node>();
  /** Strings that people read, even short ones. */
  const shown = new Set<ESTree.Node>();
  let endOfJsx = 0;

  function jsx(node: ESTree.JSXElement | ESTree.JSXFragment): void {
    const hasText = node.children.some((child) => child.type === 'JSXText' && child.value.trim() !== '');
    if (!hasText || node.start < endOfJsx) return;
    endOfJsx = node.end;
    pieces.push({ start: node.start, addTo: (prose) => addJsxText(prose, node, source) });
  }

  new Visitor({
    ImportDeclaration: ({ source: from }) => void skipped.add(from),
    ExportNamedDeclaration: ({ source: from }) => void (from === null || skipped.add(from)),
    ExportAllDeclaration: ({ source: from }) => void skipped.add(from),
    ImportExpression: ({ source: from }) => void skipped.add(from),
    TSLiteralType: ({ literal }) => void skipped.add(literal),
    TaggedTemplateExpression: ({ quasi }) => void skipped.add(quasi),
    CallExpression({ callee, arguments: [title] }) {
      if (title !== undefined && isTestFunction(callee)) shown.add(title);
    },
    JSXAttribute({ name, value }) {
      const isShown =
        name.type === 'JSXIdentifier' && /^(?:aria-label|title|placeholder|alt|label)$/.test(name.name);
      if (value !== null && isShown) shown.add(value);
    },
    JSXElement: jsx,
    JSXFragment: jsx,
    Literal(node) {
      if (typeof node.value !== 'string' || skipped.has(node)) return;
      if (!shown.has(node) && !isSentence(node.value)) return;
      pieces.push({ start: node.start, addTo: (prose) => addString(prose, node, source) });
    },
    TemplateLiteral(node) {
      if (skipped.has(node)) return;
      if (!shown.has(node) && !isSentence(node.quasis.map(({ value }) => value.cooked ?? '').join('x')))
        return;
      pieces.push({ start: node.start, addTo: (prose) => addTemplate(prose, node, source) });
    },
  }).visit(program);
  return pieces;
}

/** `it(…)`, `describe.skip(…)`, `test.each([…])(…)`. */
function isTestFunction(callee: ESTree.Node): boolean {
  switch (callee.type) {
    case 'Identifier':
      return /^(?:it|test|describe|bench)$/.test(callee.name);
    case 'MemberExpression':
      return isTestFunction(callee.object);
    case 'CallExpression':
      return isTestFunction(callee.callee);
    default:
      return false;
  }
}

import type { ESTree } from 'rolldown/utils';
import { addString } from './literal-prose.ts';
import { codePlaceholder, type ProseBuilder } from './prose.ts';

/** Adds the text of an element and of the elements inside, as a reader of the page sees it. */
export function addJsxText(
  prose: ProseBuilder,
  { children }: ESTree.JSXElement | ESTree.JSXFragment,
  source: string,
): void {
  for (const child of children) {
    switch (child.type) {
      case 'JSXText':
        addLines(prose, source.slice(child.start, child.end), child.start);
        break;
      case 'JSXElement':
      case 'JSXFragment':
        addElement(prose, child, source);
        break;
      case 'JSXExpressionContainer':
        addExpression(prose, child.expression, source);
        break;
      case 'JSXSpreadChild':
        break;
    }
  }
}

function addElement(
  prose: ProseBuilder,
  element: ESTree.JSXElement | ESTree.JSXFragment,
  source: string,
): void {
  const name = element.type === 'JSXElement' ? element.openingElement.name : undefined;
  const isCode = name?.type === 'JSXIdentifier' && /^(?:code|kbd|samp)$/.test(name.name);
  if (isCode) prose.substitute(codePlaceholder, element.start);
  else addJsxText(prose, element, source);
}

function addExpression(prose: ProseBuilder, expression: ESTree.Node, source: string): void {
  if (expression.type === 'JSXEmptyExpression') return;
  if (expression.type === 'Literal' && typeof expression.value === 'string')
    addString(prose, expression, source);
  else prose.substitute(codePlaceholder, expression.start);
}

/** Adds lines without their indentation, which Markdown would read as code. */
function addLines(prose: ProseBuilder, text: string, origin: number): void {
  let offset = 0;
  for (const line of text.split(/(?<=\n)/)) {
    const indent = offset === 0 ? 0 : line.length - line.trimStart().length;
    prose.add(line.slice(indent), origin + offset + indent);
    offset += line.length;
  }
}

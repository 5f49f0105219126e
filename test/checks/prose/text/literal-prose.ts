import type { ESTree } from 'rolldown/utils';
import { codePlaceholder, type ProseBuilder } from './prose.ts';

/** Adds the text of a string literal. */
export function addString(prose: ProseBuilder, { start, end }: ESTree.Span, source: string): void {
  addEscaped(prose, source.slice(start + 1, end - 1), start + 1);
}

/** Adds the text of a template, with a placeholder for each of its expressions. */
export function addTemplate(prose: ProseBuilder, template: ESTree.TemplateLiteral, source: string): void {
  for (const [index, { value, start }] of template.quasis.entries()) {
    addEscaped(prose, value.raw, source.indexOf(value.raw, start));
    const expression = template.expressions[index];
    if (expression !== undefined) prose.substitute(codePlaceholder, expression.start);
  }
}

/** Adds the source of a string, in which characters may be escape sequences. */
function addEscaped(prose: ProseBuilder, raw: string, origin: number): void {
  let end = 0;
  for (const { 0: escape, index } of raw.matchAll(/\\(?:u\{[^}]*\}|u....|x..|\r?\n|.)/g)) {
    prose.add(withoutBlocks(raw.slice(end, index)), origin + end);
    prose.substitute(unescaped(escape), origin + index);
    end = index + escape.length;
  }
  prose.add(withoutBlocks(raw.slice(end)), origin + end);
}

function unescaped(escape: string): string {
  if (/^\\[nrt]$/.test(escape)) return '\n';
  return /^\\[^ux\s]$/.test(escape) ? escape.slice(1) : ' ';
}

/** Removes beginnings of HTML blocks and fenced code, which would hide the text after them. Keeps the length. */
function withoutBlocks(text: string): string {
  return text.replaceAll(/^\s*</gm, (begin) => ' '.repeat(begin.length)).replaceAll('```', '   ');
}

import type { Part } from '@longhaul/core';

/** The texts of the parts, as paragraphs. */
export function textOfParts(parts: readonly Part[]): string {
  return parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n\n');
}

/** The answer of a turn, as text: its final texts, or all of its texts if the model labels none as final. */
export function answerText(parts: readonly Part[]): string {
  const last = parts.findLast((part) => part.type === 'text');
  if (last === undefined) return '';
  const finals = parts.filter(
    (part) => part.type === 'text' && part.iteration === last.iteration && part.phase !== 'commentary',
  );
  return textOfParts(finals);
}

/** The first words of a text, for a title. */
export function firstWords(text: string, most = 80): string {
  const line = text.trim().replace(/\s+/g, ' ');
  if (line.length <= most) return line;
  const cut = line.slice(0, most);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), most / 2))} …`;
}

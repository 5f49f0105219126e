import type { InputItem, Part, RunInput } from '@longhaul/core';

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

function contentOf(part: Part): InputItem | undefined {
  if (part.type === 'image') return { role: 'user', content: [{ type: 'input_image', image_url: part.url }] };
  if (part.type !== 'file') return undefined;
  const { fileId, filename, url } = part;
  if (fileId !== undefined) return { role: 'user', content: [{ type: 'input_file', file_id: fileId }] };
  if (url === undefined) return undefined;
  const isInline = url.startsWith('data:');
  return {
    role: 'user',
    content: [
      isInline
        ? { type: 'input_file', filename: filename ?? 'file', file_data: url }
        : { type: 'input_file', file_url: url },
    ],
  };
}

/** The input of an edited question: the new text, and the files of the old one. */
export function editedInput(parts: readonly Part[], text: string): RunInput {
  const files = parts.map(contentOf).filter((item) => item !== undefined);
  return files.length === 0 ? text : [...files, { role: 'user', content: text }];
}

/** The first words of a text, for a title. */
export function firstWords(text: string, most = 80): string {
  const line = text.trim().replace(/\s+/g, ' ');
  if (line.length <= most) return line;
  const cut = line.slice(0, most);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), most / 2))} …`;
}

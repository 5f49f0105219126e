import type { OutputItem } from '@longhaul/core';

function textsOf(parts: unknown): string[] {
  if (!Array.isArray(parts)) return [];
  return parts.flatMap((part: unknown) =>
    typeof part === 'object' && part !== null && 'text' in part && typeof part.text === 'string'
      ? [part.text]
      : [],
  );
}

/** Returns the text of a message item, as received so far. */
export function messageTextOf(item: OutputItem): string {
  return textsOf(item['content']).join('');
}

/** The summary of a reasoning item: its parts as paragraphs. */
export function reasoningSummaryOf(item: OutputItem): string {
  return textsOf(item['summary']).join('\n\n');
}

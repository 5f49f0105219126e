import type { InputItem } from '@longhaul/core';

function contentText(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((part: unknown) =>
      typeof part === 'object' && part !== null && 'text' in part && typeof part.text === 'string'
        ? part.text
        : '',
    )
    .join('');
}

/** Returns the input of a run as text: the input itself, or its last user message. */
export function inputText(input: string | readonly InputItem[]): string {
  if (typeof input === 'string') return input;
  return contentText(input.findLast((item) => item['role'] === 'user')?.['content']);
}

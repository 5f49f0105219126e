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

/** What a run was asked, as text: the input, or its last user message. */
export function inputText(input: string | readonly InputItem[]): string {
  if (typeof input === 'string') return input;
  return contentText(input.findLast((item) => item['role'] === 'user')?.['content']);
}

import type { RunInput } from '@longhaul/core';

type Item = Exclude<RunInput, string>[number];

function isOfUser(item: Item): boolean {
  return 'role' in item && item.role === 'user';
}

/** The content of a message without its texts. */
function filesOf(item: Item): readonly unknown[] {
  const content: unknown = 'content' in item ? item.content : undefined;
  const parts: readonly unknown[] = Array.isArray(content) ? content : [];
  return parts.filter(
    (part) => typeof part === 'object' && part !== null && 'type' in part && part.type !== 'input_text',
  );
}

/**
 * The input of an edited question. A text replaces the texts of the old one and keeps its files. A list replaces all of
 * it.
 */
export function editedInput(old: RunInput, edited: RunInput): RunInput {
  if (typeof old === 'string' || typeof edited !== 'string') return edited;
  const kept = old.flatMap((item): readonly Item[] => {
    if (!isOfUser(item)) return [item];
    const files = filesOf(item);
    return files.length === 0 ? [] : [Object.assign({}, item, { content: files })];
  });
  return kept.length === 0 ? edited : [...kept, { role: 'user', content: edited }];
}

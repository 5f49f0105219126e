import { useState } from 'react';
import { keptTexts } from '../storage/kept-texts.ts';

/** Drafts of this tab: two tabs with the same conversation have a draft each. Attached files are not kept. */
const drafts = keptTexts(() => sessionStorage);

/**
 * A text that is kept while it is typed, so that a reload does not lose it. An empty text removes it.
 *
 * @param place The same in each render: a conversation, or a start page
 */
export function useDraft(
  place: string,
): readonly [text: string, change: (next: string | ((text: string) => string)) => void] {
  const key = `longhaul-demo.draft.${place}`;
  const [text, setText] = useState(() => drafts.read(key) ?? '');
  const change = (next: string | ((text: string) => string)): void => {
    // The text of this render may be older than the draft, for example after a failed send.
    const changed = typeof next === 'string' ? next : next(drafts.read(key) ?? '');
    drafts.write(key, changed === '' ? null : changed);
    setText(changed);
  };
  return [text, change];
}

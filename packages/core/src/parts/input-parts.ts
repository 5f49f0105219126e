import { isJsonObject, textOf } from '../wire/json.ts';
import { contentParts, isItem } from './content-parts.ts';
import { memo } from './keep.ts';
import { makePart } from './make-part.ts';
import type { Part } from './part.ts';

/** The input of a view, or one that a page sends: its items may have the types of the `openai` package. */
type Input = string | readonly object[];
type Parts = readonly Part<never>[];

/** The number of texts whose parts are kept: more than the turns that a page shows together. */
const keptTexts = 50;
const ofTexts = new Map<string, Parts>();
const ofLists = memo<Parts>();

/**
 * Returns the parts of a run's input, in order, for display: `inputParts(view.input)`. It also takes the
 * input of a waiting message: `inputParts(thread.queue[0].input)`. A text is one `text` part. The
 * messages of a list become `text`, `image` and `file` parts. An image that is sent as the id of a file is a `file`. Parts
 * of messages that are not the user's have a `role`. All other items are `other` parts. All parts are done.
 *
 * The same input returns the same array. The parts of an item that two lists contain are the same objects.
 */
export function inputParts(input: Input): readonly Part<never>[] {
  if (typeof input !== 'string') return ofLists(input, () => makeInputParts(input, 'input', 0));
  // A text has no identity, so the parts of the last texts are kept.
  const parts = ofTexts.get(input) ?? makeInputParts(input, 'input', 0);
  ofTexts.delete(input);
  ofTexts.set(input, parts);
  for (const oldest of ofTexts.keys()) {
    if (ofTexts.size <= keptTexts) break;
    ofTexts.delete(oldest);
  }
  return parts;
}

/** @param prefix The part of the keys that identifies the input within its run. */
export function makeInputParts(input: Input, prefix: string, iteration: number): Parts {
  const items = typeof input === 'string' ? [{ content: input }] : input;
  return items.flatMap((item, index) => {
    if (!isJsonObject(item)) return [];
    const { type = 'message', role, content } = item;
    const at = { key: `${prefix}/${index}`, iteration, done: true };
    if (type === 'message')
      return contentParts(content, item, { ...at, role: role === 'user' ? undefined : textOf(role) });
    return isItem(item) ? [makePart(item, 'other', at, { item })] : [];
  });
}

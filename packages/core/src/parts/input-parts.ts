import type { RunView } from '../engine/view/run-view.ts';
import { defined } from '../wire/defined.ts';
import { textOf } from '../wire/json.ts';
import { keepPart } from './keep-part.ts';
import { messageParts } from './message-parts.ts';
import type { Part } from './part.ts';

type Input = RunView['input'];
type Parts = readonly Part<never>[];

/** The number of texts whose parts are kept: more than the turns that a page shows at once. */
const keptTexts = 50;
const ofTexts = new Map<string, Parts>();
const ofLists = new WeakMap<object, Parts>();

/**
 * Returns the parts of a run's input, in order, for display: `inputParts(view.input)`. A text is one `text` part. The
 * messages of a list give `text`, `image` and `file` parts. An image that is given by the id of a file is a `file`. Parts
 * of messages that are not the user's have a `role`. All other items are `other` parts. All parts are done.
 *
 * The same input gives the same array. An item that two lists contain gives the same parts.
 */
export function inputParts(input: Input): readonly Part<never>[] {
  if (typeof input !== 'string') {
    let parts = ofLists.get(input);
    if (parts === undefined) ofLists.set(input, (parts = makeInputParts(input, 'input', 0)));
    return parts;
  }
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
  const items = typeof input === 'string' ? [{ role: 'user', content: input }] : input;
  return items.flatMap((item, index): Parts => {
    const at = { key: `${prefix}/${index}`, iteration, done: true };
    const role = textOf(item['role']);
    const { type = role === undefined ? 'item_reference' : 'message' } = item;
    if (type !== 'message')
      return [keepPart(item, { type: 'other', item: { ...item, type }, ...at } as const)];
    return messageParts(item, { ...at, ...defined({ role: role === 'user' ? undefined : role }) });
  });
}

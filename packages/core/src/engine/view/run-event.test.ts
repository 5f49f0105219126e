import { expect, test } from 'vitest';
import { mergeDeltas } from './run-event.ts';

const text = { type: 'text.delta', iteration: 0, outputIndex: 1, contentIndex: 0, delta: 'Hel' } as const;
const args = {
  type: 'item.delta',
  iteration: 0,
  outputIndex: 1,
  field: 'summary',
  index: 0,
  delta: 'A',
} as const;

test('merges two deltas of the same text', () => {
  expect(mergeDeltas(text, { ...text, delta: 'lo' })).toEqual({ ...text, delta: 'Hello' });
  expect(mergeDeltas(args, { ...args, delta: 'B' })).toEqual({ ...args, delta: 'AB' });
});

test.each([
  ['another iteration', text, { ...text, iteration: 1 }],
  ['another item', text, { ...text, outputIndex: 2 }],
  ['another part', text, { ...text, contentIndex: 1 }],
  ['another iteration', args, { ...args, iteration: 1 }],
  ['another item', args, { ...args, outputIndex: 2 }],
  ['another field', args, { ...args, field: 'reasoning' as const }],
  ['another part', args, { ...args, index: 1 }],
  ['another kind', text, args],
  ['another kind', args, text],
])('does not merge a delta of %s', (_name, last, later) => {
  expect(mergeDeltas(last, later)).toBeUndefined();
});

test('replaces an image by a later image of the same item', () => {
  const image = { type: 'item.image', iteration: 0, outputIndex: 1, image: 'YQ==', format: 'png' } as const;
  const later = { ...image, image: 'Yg==' };
  expect(mergeDeltas(image, later)).toBe(later);
  expect(mergeDeltas(image, { ...later, outputIndex: 2 })).toBeUndefined();
  expect(mergeDeltas(image, { ...later, iteration: 1 })).toBeUndefined();
});

test('does not merge other events', () => {
  const warning = { type: 'warning', code: 'odd', message: 'Odd.' } as const;
  expect(mergeDeltas(warning, warning)).toBeUndefined();
  expect(mergeDeltas(warning, text)).toBeUndefined();
});

import { createParser } from 'eventsource-parser';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { EventReader, type SentEvent } from './event-reader.ts';

function read(...pieces: readonly string[]): { readonly events: SentEvent[]; readonly comments: number } {
  const events: SentEvent[] = [];
  let comments = 0;
  const reader = new EventReader(
    (event) => events.push(event),
    () => {
      comments += 1;
    },
  );
  for (const piece of pieces) reader.feed(piece);
  return { events, comments };
}

function readByLibrary(...pieces: readonly string[]): {
  readonly events: SentEvent[];
  readonly comments: number;
} {
  const events: SentEvent[] = [];
  let comments = 0;
  const parser = createParser({
    onEvent: ({ event, data, id }) => events.push({ event, data, id }),
    onComment: () => {
      comments += 1;
    },
  });
  for (const piece of pieces) parser.feed(piece);
  return { events, comments };
}

const line = fc.constantFrom(
  'data: {"n":1}',
  'data:two',
  'data:  spaces',
  'data',
  'data:',
  'event: response.created',
  'event:',
  'id: 7',
  'id',
  'retry: 5',
  ': comment',
  ':',
  'other: field',
  'no colon',
  ' data: indented',
  'data: a: b',
  '',
  '',
);
const lineEnd = fc.constantFrom('\n', '\r', '\r\n');

test('reads what eventsource-parser reads, wherever the text is divided', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(line, lineEnd), { maxLength: 30 }),
      fc.array(fc.nat(400), { maxLength: 8 }),
      fc.constantFrom('', '\uFEFF'),
      (lines, cuts, mark) => {
        const text = mark + lines.flat().join('');
        const at = [0, ...cuts.filter((cut) => cut < text.length).toSorted((a, b) => a - b), text.length];
        const pieces = at.slice(1).map((end, index) => text.slice(at[index], end));
        expect(read(...pieces)).toEqual(readByLibrary(...pieces));
      },
    ),
    { numRuns: 2_000 },
  );
});

test('counts the lines and characters of an event until its blank line', () => {
  const reader = new EventReader(() => undefined);
  reader.feed('data: a\n: comment\nevent: b\nda');
  expect([reader.openLines, reader.openLength]).toEqual([2, 19]);
  reader.feed('ta: c\n');
  expect([reader.openLines, reader.openLength]).toEqual([3, 25]);
  reader.feed('\n');
  expect([reader.openLines, reader.openLength]).toEqual([0, 0]);
});

test('reads a long line in linear time', () => {
  const piece = 'x'.repeat(16_384);
  const { events } = read('data: ', ...Array.from({ length: 2_000 }, () => piece), '\n\n');
  expect(events[0]?.data).toHaveLength(2_000 * piece.length);
});

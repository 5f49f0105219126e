import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RunNotice } from '../../run-store.ts';
import { MessageParts } from './message-parts.ts';
import { longestMessage, readMessage, readNotices } from './notice-text.ts';
import { mostWaitingBytes, OutgoingNotices } from './outgoing-notices.ts';

function live(message: string, runId = 'run-1'): RunNotice {
  return { type: 'live', runId, message };
}

/** Takes everything, `most` messages at a time. */
function takeAll(outgoing: OutgoingNotices, most = 8): string[] {
  const messages: string[] = [];
  while (!outgoing.isEmpty) {
    const taken = outgoing.take(most);
    expect(taken.length).toBeLessThanOrEqual(most);
    messages.push(...taken);
  }
  return messages;
}

/** The notices in these messages, as another store reads them. */
function received(messages: readonly string[], parts = new MessageParts()): RunNotice[] {
  return messages.flatMap((text) => {
    const message = readMessage(text);
    const whole = message && parts.add(message);
    return whole === undefined ? [] : readNotices(whole);
  });
}

test('any notices arrive in order, in messages below the limit', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 50 }),
    fc.string({ minLength: 2_000, maxLength: 9_000 }),
  );
  fc.assert(
    fc.property(fc.array(text, { maxLength: 30 }), fc.integer({ min: 1, max: 5 }), (texts, most) => {
      const outgoing = new OutgoingNotices('store-1');
      const notices = texts.map((one) => live(one));
      for (const notice of notices) outgoing.add(notice);
      const messages = takeAll(outgoing, most);
      for (const message of messages) expect(Buffer.byteLength(message)).toBeLessThanOrEqual(longestMessage);
      expect(received(messages)).toEqual(notices);
    }),
    { numRuns: 30 },
  );
});

test('a long text of characters with several bytes is cut between characters', () => {
  const outgoing = new OutgoingNotices('store-1');
  const notice = live('漢🏃é'.repeat(3_000));
  outgoing.add(notice);
  const messages = takeAll(outgoing);
  expect(messages.length).toBeGreaterThan(10);
  for (const message of messages) expect(message.isWellFormed()).toBe(true);
  expect(received(messages)).toEqual([notice]);
});

test('many short notices share a message, and a change of a run is sent once', () => {
  const outgoing = new OutgoingNotices('store-1');
  for (let count = 0; count < 40; count += 1) {
    outgoing.add({ type: 'saved', runId: `run-${count % 4}` });
    outgoing.add(live('text'));
  }
  const messages = takeAll(outgoing);
  expect(messages).toHaveLength(1);
  const notices = received(messages);
  expect(notices.filter(({ type }) => type === 'saved')).toHaveLength(4);
  expect(notices.filter(({ type }) => type === 'live')).toHaveLength(40);
});

test('changes are sent before live text that waits', () => {
  const outgoing = new OutgoingNotices('store-1');
  for (let count = 0; count < 100; count += 1) outgoing.add(live('x'.repeat(2_000)));
  outgoing.take(8);
  outgoing.add({ type: 'posted', runId: 'run-1' });
  expect(received(outgoing.take(1))[0]).toEqual({ type: 'posted', runId: 'run-1' });
});

test('live text beyond the limit is dropped, and changes are not', () => {
  const outgoing = new OutgoingNotices('store-1');
  const bytes = 100_000;
  for (let count = 0; count < 100; count += 1) outgoing.add(live('x'.repeat(bytes)));
  outgoing.add({ type: 'saved', runId: 'run-1' });
  const notices = received(takeAll(outgoing));
  expect(notices.filter(({ type }) => type === 'live')).toHaveLength(
    Math.floor(mostWaitingBytes / (bytes + 100)),
  );
  expect(notices).toContainEqual({ type: 'saved', runId: 'run-1' });
  outgoing.add(live('again'));
  expect(received(takeAll(outgoing))).toEqual([live('again')]);
});

test('a notice with a lost part is dropped, and the others arrive', () => {
  const outgoing = new OutgoingNotices('store-1');
  outgoing.add(live('x'.repeat(10_000)));
  outgoing.add(live('y'.repeat(10_000)));
  const messages = takeAll(outgoing);
  const parts = new MessageParts();
  expect(received(messages.toSpliced(2, 1), parts)).toEqual([live('y'.repeat(10_000))]);
});

test('parts may arrive in another order, and twice', () => {
  const outgoing = new OutgoingNotices('store-1');
  const notice = live('x'.repeat(10_000));
  outgoing.add(notice);
  const messages = takeAll(outgoing);
  expect(received([...messages.slice(1), ...messages.slice(1), ...messages.slice(0, 1)])).toEqual([notice]);
});

test('incomplete messages need limited memory', () => {
  const parts = new MessageParts();
  for (let number = 0; number < 1_000; number += 1)
    parts.add({ from: 'store-1', number, part: 0, parts: 2, text: 'x'.repeat(10_000) });
  // The first ones were dropped; the last ones can still be completed.
  const last = { from: 'store-1', part: 1, parts: 2, text: 'end' };
  expect(parts.add({ ...last, number: 0 })).toBeUndefined();
  expect(parts.add({ ...last, number: 999 })).toContain('end');
});

test.each(['', 'probe 1', 'a.b.c', 'store.1.0.1', `store.1.0.1\n{"type":"later"}\nnull\n{`])(
  'damaged messages and those of later versions contain no notices: %j',
  (text) => {
    expect(received([text])).toEqual([]);
  },
);

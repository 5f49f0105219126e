// @vitest-environment happy-dom
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { addToQueue, keepInQueue, removeFromQueue } from './queue-changes.ts';
import { readQueue } from './queue-storage.ts';

beforeEach(() => localStorage.clear());

function replaceStorage(replacement: unknown): void {
  vi.stubGlobal('localStorage', replacement);
  onTestFinished(() => void vi.unstubAllGlobals());
}

/** A storage with changes of some methods. */
function storageWith(changes: Partial<Storage>): Storage {
  const stored = localStorage;
  return {
    getItem: (key) => stored.getItem(key),
    setItem: (key, value) => stored.setItem(key, value),
    removeItem: (key) => stored.removeItem(key),
    key: (index) => stored.key(index),
    clear: () => stored.clear(),
    length: stored.length,
    ...changes,
  };
}

function idsOf(threadId: string): readonly string[] {
  return readQueue(threadId).entries.map(({ id }) => id);
}

function failFull(): never {
  throw new DOMException('Full.', 'QuotaExceededError');
}

test('a tab overwrote the inputs that another tab had added at the same time', () => {
  addToQueue('t', { id: 'of another tab', input: 'One.' });
  // In this process, the browser does not show the change of the other one yet.
  replaceStorage(storageWith({ getItem: () => null, key: () => null, length: 0 }));
  addToQueue('t', { id: 'of this tab', input: 'Two.' });
  removeFromQueue('t', 'steered');
  vi.unstubAllGlobals();
  expect(idsOf('t').toSorted()).toEqual(['of another tab', 'of this tab']);
  expect(readQueue('t').removed).toEqual(['steered']);
});

test('inputs of the same millisecond are sent in the order of their calls', () => {
  vi.spyOn(Date, 'now').mockReturnValue(5);
  onTestFinished(() => void vi.restoreAllMocks());
  for (const id of ['c', 'a', 'b']) addToQueue('t', { id, input: 'x' });
  keepInQueue(
    't',
    [
      { id: 'z', input: 'x' },
      { id: 'y', input: 'x' },
    ],
    undefined,
  );
  expect(idsOf('t')).toEqual(['z', 'y', 'c', 'a', 'b']);
});

test('ids with any character are separate', () => {
  for (const threadId of ['t', 't/input', 't%2Finput', '\ud800'])
    for (const id of ['a', 'a/b', 'a%2Fb', '😀']) addToQueue(threadId, { id, input: threadId });
  expect(idsOf('t/input')).toEqual(['a', 'a/b', 'a%2Fb', '😀']);
  removeFromQueue('t/input', 'a/b');
  expect(idsOf('t/input')).toEqual(['a', 'a%2Fb', '😀']);
  expect(idsOf('t')).toHaveLength(4);
});

test.each([
  ['is null', () => null],
  ['is missing', () => undefined],
  [
    'refuses each call',
    () => {
      const refuse = (): never => {
        throw new DOMException('Denied.', 'SecurityError');
      };
      return storageWith({ getItem: refuse, setItem: refuse, removeItem: refuse, key: refuse });
    },
  ],
])('the queue of a page whose storage %s stays in the page', (_, storage) => {
  replaceStorage(storage());
  const threadId = `blocked ${_}`;
  addToQueue(threadId, { id: 'a', input: 'One.' });
  keepInQueue(threadId, [{ id: 'steered', input: 'Zero.' }], undefined);
  expect(idsOf(threadId)).toEqual(['steered', 'a']);
  for (const id of ['a', 'steered']) removeFromQueue(threadId, id);
  expect(idsOf(threadId)).toEqual([]);
});

test('steered inputs blocked the queue of a page whose storage was full', () => {
  replaceStorage(storageWith({ setItem: failFull }));
  expect(() => addToQueue('full', { id: 'a', input: 'One.' })).toThrow(/storage of the page is full/);
  keepInQueue(
    'full',
    [
      { id: 'b', input: 'Two.' },
      { id: 'c', input: 'Three.' },
    ],
    'ann',
  );
  expect(readQueue('full').entries).toMatchObject([
    { id: 'b', owner: 'ann' },
    { id: 'c', owner: 'ann' },
  ]);
  for (const id of ['b', 'c']) removeFromQueue('full', id);
  expect(readQueue('full')).toMatchObject({ entries: [], removed: ['b', 'c'] });
});

test('at most 100 removed inputs of a thread are remembered, the newest ones', () => {
  const now = vi.spyOn(Date, 'now');
  onTestFinished(() => void vi.restoreAllMocks());
  for (let index = 0; index < 120; index += 1) {
    now.mockReturnValue(1_000 + index);
    removeFromQueue('t', `${index}`);
  }
  const { removed } = readQueue('t');
  expect(removed).toHaveLength(100);
  expect(removed.at(0)).toBe('20');
  expect(removed.at(-1)).toBe('119');
});

test('a component that read the queue before it subscribed was rendered again and again', () => {
  addToQueue('t', { id: 'a', input: 'One.' });
  expect(readQueue('t')).toBe(readQueue('t'));
  const before = readQueue('t');
  addToQueue('t', { id: 'b', input: 'Two.' });
  expect(readQueue('t')).not.toBe(before);
  expect(readQueue('t')).toBe(readQueue('t'));
});

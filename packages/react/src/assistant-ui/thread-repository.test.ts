import { type ThreadMessage, useExternalStoreRuntime } from '@assistant-ui/react';
import { emptyView, type Part, type RunStatus, type RunView, type ToolCallStatus } from '@longhaul/core';
import { renderHook } from '@testing-library/react';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ThreadTurn } from '../thread/tree/thread-turn.ts';
import { messageInput } from './message-input.ts';
import { selectedRun, threadRepository, type VersionInputs } from './thread-repository.ts';
import { messageStatus } from './turn-messages.ts';

const callStatuses: readonly ToolCallStatus[] = [
  'pending',
  'awaiting_approval',
  'awaiting_output',
  'running',
  'completed',
  'failed',
  'denied',
  'timed_out',
  'interrupted',
  'cancelled',
];
const statuses: readonly RunStatus[] = [
  'queued',
  'in_progress',
  'running_tools',
  'requires_action',
  'cancelling',
  'completed',
  'incomplete',
  'failed',
  'cancelled',
];

const text = fc.stringMatching(/^[a-z ]{1,9}$/);
const place = { iteration: fc.nat(3), done: fc.boolean() };
const textPart = fc.record({
  type: fc.constant('text' as const),
  text,
  annotations: fc.constant([]),
  ...place,
});
const callPart = fc
  .record({ status: fc.constantFrom(...callStatuses), callId: fc.uuid(), ...place })
  .map(({ status, callId, ...at }) => ({
    type: 'tool' as const,
    call: { callId, name: 'look', rawArguments: '{"at":"A', status, iteration: at.iteration },
    ...at,
  }));
const hostedPart = fc.record({
  type: fc.constant('hosted_tool' as const),
  name: fc.constant('web_search'),
  status: fc.constantFrom('searching', 'completed', 'failed'),
  item: fc.constant({ type: 'web_search_call', id: 'ws_1', action: { query: 'q' } }),
  ...place,
});
const filePart = fc.record(
  { type: fc.constant('file' as const), fileId: text, filename: text, ...place },
  { requiredKeys: ['type', 'iteration', 'done'] },
);
const imagePart = fc.record({
  type: fc.constant('image' as const),
  url: fc.constant('https://example.com/a.png'),
  partial: fc.boolean(),
  ...place,
});
const plainPart = fc.oneof(
  textPart,
  callPart,
  hostedPart,
  filePart,
  imagePart,
  fc.record({ type: fc.constantFrom('reasoning' as const, 'refusal' as const), text, ...place }),
  fc.record({ type: fc.constant('other' as const), item: fc.constant({ type: 'compaction' }), ...place }),
);
const addedPart = fc.array(textPart, { minLength: 1, maxLength: 2 }).map((parts) => ({
  type: 'input' as const,
  iteration: 0,
  done: true,
  parts: parts.map((part, index) => ({ ...part, key: `added/${index}` })),
}));

function keyed(parts: readonly Omit<Part, 'key'>[], prefix: string): Part[] {
  return parts.map((part, index) => ({ ...part, key: `${prefix}/${index}` }) as Part);
}

interface Drawn {
  readonly input: readonly string[];
  readonly parts: readonly Omit<Part, 'key'>[];
  readonly status: RunStatus;
  readonly others: readonly { readonly asks: number; readonly known: boolean }[];
  readonly at: number;
}

const drawnTurns: fc.Arbitrary<Drawn[]> = fc.array(
  fc.record({
    input: fc.array(text, { minLength: 1, maxLength: 2 }),
    parts: fc.array(fc.oneof({ weight: 9, arbitrary: plainPart }, addedPart), { maxLength: 6 }),
    status: fc.constantFrom(...statuses),
    // 0: the same question.
    others: fc.array(fc.record({ asks: fc.nat(2), known: fc.boolean() }), { maxLength: 3 }),
    at: fc.nat(3),
  }),
  { maxLength: 5 },
);

interface Thread {
  readonly turns: readonly ThreadTurn[];
  readonly inputs: VersionInputs;
}

function threadOf(drawn: readonly Drawn[]): Thread {
  const inputs = new Map<string, readonly Part<never>[]>();
  const turns = drawn.map(({ input, parts, status, others, at }, number): ThreadTurn => {
    const runId = `run-${number}`;
    const asked = keyed(
      input.map((one) => ({ type: 'text', text: one, annotations: [], iteration: 0, done: true })),
      'input',
    ) as Part<never>[];
    const siblings = others.map(({ asks, known }, index) => {
      const id = `${runId}-${index}`;
      const question =
        asks === 0 ? structuredClone(asked) : asked.slice(0, 1).map((part) => ({ ...part, key: `q${asks}` }));
      if (known) inputs.set(id, question);
      return id;
    });
    const index = Math.min(at, siblings.length);
    siblings.splice(index, 0, runId);
    const run: RunView = { ...emptyView, runId, status };
    return { runId, input: asked, parts: keyed(parts, 'part'), status, run, siblings, index };
  });
  return { turns, inputs };
}

/** The messages of the shown path. */
function pathOf({ turns, inputs }: Thread): readonly ThreadMessage[] {
  const { repository } = threadRepository(turns, inputs);
  const byId = new Map(repository.messages.map((entry) => [entry.message.id, entry]));
  const path: ThreadMessage[] = [];
  for (let id = repository.headId ?? null; id !== null; ) {
    const entry = byId.get(id);
    if (entry === undefined) throw new Error(`There is no message ${id}.`);
    path.unshift(entry.message);
    id = entry.parentId;
  }
  return path;
}

const anyThread = drawnTurns.map(threadOf);

describe('the messages of a thread', () => {
  test('every part of every type has a place, in the order of the turn', () => {
    fc.assert(
      fc.property(anyThread, (thread) => {
        const shown = pathOf(thread).flatMap(({ content }) =>
          content.map((part) =>
            'toolCallId' in part ? part.toolCallId : 'id' in part ? part.id : undefined,
          ),
        );
        const expected = thread.turns.flatMap(({ input, parts }) => [
          ...input.map(({ key }) => key),
          ...parts.flatMap((part) => {
            if (part.type === 'tool') return part.call.callId;
            return part.type === 'input' ? part.parts.map(({ key }) => key) : part.key;
          }),
        ]);
        expect(shown).toEqual(expected);
      }),
    );
  });

  test('the ids of messages are unique, a message follows its parent, and an answer is the last message', () => {
    fc.assert(
      fc.property(anyThread, (thread) => {
        const { messages } = threadRepository(thread.turns, thread.inputs).repository;
        const seen = new Set<string | null>([null]);
        for (const { parentId, message } of messages) {
          expect(seen.has(parentId)).toBe(true);
          expect(seen.has(message.id)).toBe(false);
          seen.add(message.id);
        }
        expect(pathOf(thread).at(-1)?.role ?? 'assistant').toBe('assistant');
      }),
    );
  });

  test('an unchanged turn has the same messages after another turn was added', () => {
    fc.assert(
      fc.property(anyThread, drawnTurns, (thread, more) => {
        const before = pathOf(thread);
        const added = threadOf(more).turns.map((turn) => ({
          ...turn,
          runId: `more-${turn.runId}`,
          siblings: [`more-${turn.runId}`],
        }));
        const after = pathOf({ ...thread, turns: [...thread.turns, ...added] });
        expect(after.slice(0, before.length).every((message, index) => message === before[index])).toBe(true);
      }),
    );
  });

  test('every version of a turn is a branch, and its path selects its run', () => {
    fc.assert(
      fc.property(anyThread, ({ turns, inputs }) => {
        const thread = threadRepository(turns, inputs);
        const byId = new Map(thread.repository.messages.map((entry) => [entry.message.id, entry]));
        for (const runId of turns.flatMap(({ siblings }) => siblings)) {
          const path: ThreadMessage[] = [];
          for (let id: string | null = runId; id !== null; ) {
            const entry = byId.get(id);
            // An answer that begins with added input has its text in a later message.
            if (entry === undefined) return;
            path.unshift(entry.message);
            id = entry.parentId;
          }
          const isShown = turns.some((turn) => turn.runId === runId);
          expect(selectedRun(path, thread)).toBe(isShown ? undefined : runId);
        }
      }),
    );
  });

  test('the status of a message ends when its run ends', () => {
    expect(statuses.map((status) => messageStatus({ ...emptyView, status }).type)).toEqual([
      'running',
      'running',
      'running',
      'running',
      'running',
      'complete',
      'incomplete',
      'incomplete',
      'incomplete',
    ]);
  });

  test('a question that is edited without a change is the same input', () => {
    fc.assert(
      fc.property(anyThread, ({ turns, inputs }) => {
        for (const { message } of threadRepository(turns, inputs).repository.messages) {
          if (message.role !== 'user' || message.content.length === 0) continue;
          const sent = messageInput(message);
          const texts = typeof sent === 'string' ? [sent] : sent.map((item) => Reflect.get(item, 'content'));
          expect(texts).toEqual(message.content.map((part) => (part.type === 'text' ? part.text : '')));
        }
      }),
    );
  });

  test("assistant-ui's own repository accepts the messages and their branches", () => {
    fc.assert(
      fc.property(anyThread, anyThread, (first, second) => {
        const { result, rerender } = renderHook(
          ({ turns, inputs }: Thread) =>
            useExternalStoreRuntime<ThreadMessage>({
              messageRepository: threadRepository(turns, inputs).repository,
              isRunning: false,
              setMessages: () => undefined,
              onNew: async () => undefined,
            }),
          { initialProps: first },
        );
        for (const thread of [first, second, first]) {
          rerender(thread);
          expect(result.current.thread.getState().messages.map(({ id }) => id)).toEqual(
            pathOf(thread).map(({ id }) => id),
          );
        }
      }),
      { numRuns: 30 },
    );
  });
});

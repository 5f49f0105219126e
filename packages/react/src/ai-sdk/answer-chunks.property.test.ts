import { readUIMessageStream } from 'ai';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { answerChunks, isCall, type ShownAnswer } from './answer-chunks.ts';
import type { ChatChunk, ChatMessage, ChatPart } from './chat-message.ts';
import type { CallPart } from './tool-part.ts';

const words = fc.constantFrom('', 'a', 'ab', 'abc', 'b', 'abd');
const about = fc.constantFrom<Pick<Extract<ChatPart, { type: 'text' }>, 'providerMetadata'>>(
  {},
  {},
  { providerMetadata: { longhaul: { phase: 'commentary' } } },
  { providerMetadata: { longhaul: { phase: 'final_answer' } } },
);
const textState = fc.constantFrom<'streaming' | 'done'>('streaming', 'done');

const text: fc.Arbitrary<ChatPart> = fc
  .tuple(words, textState, about)
  .map(([shown, state, more]): ChatPart => ({ type: 'text', text: shown, state, ...more }));
const reasoning: fc.Arbitrary<ChatPart> = fc
  .tuple(words, textState, fc.constantFrom('r1', 'r2'))
  .map(([shown, state, id]): ChatPart => ({ type: 'reasoning', id, text: shown, state }));
const source = fc.constantFrom<ChatPart>(
  { type: 'source-url', sourceId: 'https://a.test/', url: 'https://a.test/', title: 'A' },
  { type: 'source-url', sourceId: 'https://b.test/', url: 'https://b.test/' },
  { type: 'source-document', sourceId: 'f', mediaType: 'application/pdf', title: 'F', filename: 'f.pdf' },
  { type: 'file', mediaType: 'image/png', url: 'data:image/png;base64,AA==' },
  { type: 'steering-message', id: 's1', parts: [{ type: 'text', text: 'More.' }] },
);

/** The states of one call, in the order in which a run has them. */
function statesOf(step: number, toolCallId: string, isHosted: boolean): readonly CallPart[] {
  const name = isHosted
    ? ({ type: 'dynamic-tool', toolName: 'search', providerExecuted: true } as const)
    : ({ type: 'tool-look' } as const);
  const call = { ...name, toolCallId };
  const input = { at: toolCallId };
  const id = `${step}/${toolCallId}`;
  return [
    { ...call, state: 'input-streaming', input: undefined, rawInput: '' },
    { ...call, state: 'input-streaming', input: undefined, rawInput: '{"at":' },
    { ...call, state: 'input-streaming', input: undefined, rawInput: '{"at":"x"}' },
    { ...call, state: 'input-available', input },
    { ...call, state: 'approval-requested', input, approval: { id, descriptor: { cost: 1 } } },
    { ...call, state: 'output-available', input, output: { saw: 1 } },
    { ...call, state: 'output-error', input, errorText: 'No.' },
    {
      ...call,
      state: 'output-denied',
      input,
      approval: { id, approved: false, reason: 'Not now.', descriptor: { cost: 1 } },
    },
  ];
}

/** A step, and how each call of the step ends. */
interface Step {
  readonly versions: readonly (readonly ChatPart[])[];
}

const finalStates = fc.constantFrom(5, 6, 7);
const anyPart = fc.oneof(text, reasoning, source);

/** The versions of a step's parts while it streams, including those that replace each other, and then the states of its calls. */
function stepOf(index: number): fc.Arbitrary<Step> {
  const callIds = fc.subarray([`${index}-a`, `${index}-b`]);
  return fc
    .record({
      drafts: fc.array(fc.array(anyPart, { maxLength: 4 }), { maxLength: 4 }),
      parts: fc.array(anyPart, { maxLength: 3 }),
      calls: callIds,
      isHosted: fc.boolean(),
      progress: fc.array(fc.constantFrom(0, 1, 2, 3, 4), { maxLength: 4 }),
      end: finalStates,
    })
    .map(({ drafts, parts, calls, isHosted, progress, end }) => {
      const states = [...progress.toSorted((a, b) => a - b), end];
      const withCalls = states.map((at) => [
        ...parts,
        ...calls.flatMap((toolCallId) => statesOf(index, toolCallId, isHosted)[at] ?? []),
      ]);
      return { versions: [...drafts, ...withCalls] };
    });
}

/** The answers of a run, one after the other. Only the last step of an answer changes. */
const answers: fc.Arbitrary<readonly (readonly ChatPart[])[]> = fc
  .tuple(stepOf(0), stepOf(1), stepOf(2), fc.integer({ min: 1, max: 3 }))
  .map(([...all]) => {
    const steps = [all[0], all[1], all[2]].slice(0, all[3]);
    return steps.flatMap(({ versions }, index) => {
      const before = steps
        .slice(0, index)
        .flatMap((step): ChatPart[] => [{ type: 'step-start' }, ...(step.versions.at(-1) ?? [])]);
      return versions.map((parts): ChatPart[] => [...before, { type: 'step-start' }, ...parts]);
    });
  });

/** The message that the AI SDK makes of these chunks. */
async function read(chunks: readonly ChatChunk[], message?: ChatMessage): Promise<ChatMessage | undefined> {
  const errors: unknown[] = [];
  let last = message;
  const messages = readUIMessageStream<ChatMessage>({
    stream: new ReadableStream({
      start(controller) {
        for (const chunk of chunks) controller.enqueue(chunk);
        controller.close();
      },
    }),
    ...(message && { message }),
    onError: (error) => errors.push(error),
  });
  for await (const next of messages) last = next;
  expect(errors).toEqual([]);
  return last;
}

const finish: ChatChunk = { type: 'finish', messageMetadata: { runId: 'run', status: 'completed' } };

/** The parts without what a stream adds: the partial input, and the approval of a call that was approved. */
function comparable(parts: readonly ChatPart[] | undefined): unknown {
  return parts?.map((part) => {
    if (!isCall(part)) return part;
    if (part.state === 'input-streaming') return { ...part, input: undefined, rawInput: part.rawInput ?? '' };
    if (part.state !== 'output-available' && part.state !== 'output-error') return part;
    return { ...part, approval: undefined };
  });
}

/** The answer after the chunks of all versions from `from` on. */
function stream(
  versions: readonly (readonly ChatPart[])[],
  shown: ShownAnswer,
): { readonly chunks: readonly ChatChunk[]; readonly shown: ShownAnswer } {
  const chunks: ChatChunk[] = [];
  let now = shown;
  for (const version of versions) {
    const update = answerChunks(now, version);
    chunks.push(...update.chunks);
    now = update.shown;
  }
  return { chunks, shown: now };
}

const nothing: ShownAnswer = { parts: [], open: new Set() };

test('a message that has read all chunks of a run is the message of its last answer', async () => {
  await fc.assert(
    fc.asyncProperty(answers, fc.array(fc.boolean(), { maxLength: 12 }), async (all, skipped) => {
      // A slow reader does not see all versions.
      const seen = all.filter((_version, index) => index === all.length - 1 || skipped[index] !== true);
      const { chunks } = stream(seen, nothing);
      const message = await read([{ type: 'start', messageId: 'm' }, ...chunks, finish]);
      expect(comparable(message?.parts)).toEqual(comparable(all.at(-1)));
    }),
    { numRuns: 400 },
  );
});

test('a message that was loaded in the middle of a run is continued to the same message', async () => {
  await fc.assert(
    fc.asyncProperty(answers, fc.nat(), async (all, place) => {
      const at = place % all.length;
      const loaded: ChatMessage = {
        id: 'm',
        role: 'assistant',
        parts: structuredClone([...(all[at] ?? [])]),
      };
      const { chunks } = stream(all.slice(at), { parts: structuredClone(loaded.parts), open: new Set() });
      const message = await read([{ type: 'start', messageId: 'm' }, ...chunks, finish], loaded);
      expect(comparable(message?.parts)).toEqual(comparable(all.at(-1)));
    }),
    { numRuns: 400 },
  );
});

test('the chunks of an answer that did not change are empty', () => {
  fc.assert(
    fc.property(answers, (all) => {
      const { shown } = stream(all, nothing);
      expect(answerChunks(shown, structuredClone([...(all.at(-1) ?? [])])).chunks).toEqual([]);
    }),
  );
});

test('an answer that loses its last steps, as after a damaged store, is not changed', () => {
  const { shown } = stream([[{ type: 'step-start' }, { type: 'text', text: 'Hi', state: 'done' }]], nothing);
  expect(answerChunks(shown, []).chunks).toEqual([]);
});

import { createRunner, defineAgent, fetchClient, type Run, tool } from '@longhaul/core';
import {
  createEmulator,
  type EmulatorOptions,
  type Iteration,
  manualClock,
  type ManualClock,
} from '@longhaul/core/testing';
import { readUIMessageStream } from 'ai';
import * as fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import * as z from 'zod';
import { HandDrivenRunner } from '../../test-support/hand-driven-runner.ts';
import { weather } from '../../test-support/weather.ts';
import { answerStream } from './answer-stream.ts';
import type { ChatChunk, ChatMessage } from './chat-message.ts';
import { turnMessages } from './turn-messages.ts';

const look = tool({
  name: 'look',
  parameters: z.object({ at: z.string() }),
  execute: ({ at }) => `saw ${at}`,
});
const fail = tool({
  name: 'fail',
  parameters: z.object({}),
  execute: () => {
    throw new Error('It is dark.');
  },
});
const agent = defineAgent({ name: 'guide', model: 'gpt-6-astra', tools: [look, fail] });

const annotations = [
  { type: 'url_citation', url: 'https://a.test/', title: 'A', start_index: 0, end_index: 5 },
  { type: 'url_citation', url: 'https://a.test/', title: 'A', start_index: 6, end_index: 9 },
  { type: 'file_citation', file_id: 'file_1', filename: 'notes.txt', index: 3 },
  { type: 'container_file_citation', container_id: 'cntr_1', file_id: 'cfile_1', filename: 'map.pdf' },
];
const script: EmulatorOptions['script'] = [
  {
    reasoning: 'I have to look at it from several sides.',
    messages: [{ text: 'I will look.', phase: 'commentary' }],
    calls: [
      { name: 'look', arguments: { at: 'the sea' }, callId: 'call_1' },
      { name: 'fail', arguments: {}, callId: 'call_2' },
    ],
  },
  { calls: [{ name: 'look', arguments: { at: 'the hills' }, callId: 'call_1' }] },
  {
    items: [
      { type: 'web_search_call', status: 'completed', action: { type: 'search', query: 'sea' } },
      { type: 'image_generation_call', status: 'completed', result: 'aW1n', revised_prompt: 'The sea' },
      {
        ...{ type: 'message', role: 'assistant', status: 'completed' },
        content: [{ type: 'output_text', text: 'It is blue, and the hills are green.', annotations }],
      },
    ],
  },
];

/** Reads a stream as `useChat` does. */
async function readAll(stream: ReadableStream<ChatChunk>): Promise<ChatMessage | undefined> {
  let last: ChatMessage | undefined;
  const messages = readUIMessageStream<ChatMessage>({ stream, terminateOnError: true });
  for await (const message of messages) last = message;
  return last;
}

function start(options: Partial<EmulatorOptions> = {}): { readonly run: Run; readonly clock: ManualClock } {
  const clock = manualClock(1_000_000);
  const emulator = createEmulator({ script, clock, queuedMs: 200, runMs: 2_000, ...options });
  const client = fetchClient({ baseURL: 'http://openai.test/v1', fetch: emulator.fetch });
  const runner = createRunner({ client, clock, mode: 'stream' });
  onTestFinished(() => runner.close({ graceMs: 0 }));
  return { run: runner.start(agent, 'Look.'), clock };
}

const place = (run: Run) => ({ messageId: run.id, earlier: [], shown: [], decided: new Set<string>() });

/** Lets time pass in small steps until the promise settles. */
async function during<T>(clock: ManualClock, promise: Promise<T>): Promise<T> {
  let isSettled = false;
  const settled = promise.finally(() => (isSettled = true));
  settled.catch(() => undefined);
  while (!isSettled) await clock.advance(50);
  return settled;
}

const answerOf = (run: Run): ChatMessage | undefined => turnMessages([run.view]).at(-1);

test('the message has the parts of all iterations, with sources, citations and files', async () => {
  const { run, clock } = start();
  const message = await during(clock, readAll(answerStream(run, place(run))));
  expect(message).toEqual(answerOf(run));
  const [url] = annotations;
  expect(message?.parts).toMatchObject([
    { type: 'step-start' },
    { type: 'reasoning', text: 'I have to look at it from several sides.', state: 'done' },
    { type: 'text', text: 'I will look.', providerMetadata: { longhaul: { phase: 'commentary' } } },
    { type: 'tool-look', toolCallId: 'call_1', state: 'output-available', output: 'saw the sea' },
    { type: 'tool-fail', toolCallId: 'call_2', state: 'output-error', errorText: 'It is dark.' },
    { type: 'step-start' },
    // A server may repeat the ids of calls. They are unique in a message.
    {
      type: 'tool-look',
      toolCallId: `${run.id}/1/call_1`,
      input: { at: 'the hills' },
      output: 'saw the hills',
    },
    { type: 'step-start' },
    {
      ...{ type: 'dynamic-tool', toolName: 'web_search', providerExecuted: true, state: 'output-available' },
      input: { action: { query: 'sea' } },
    },
    { type: 'dynamic-tool', toolName: 'image_generation' },
    { type: 'file', mediaType: 'image/png', url: 'data:image/png;base64,aW1n' },
    {
      type: 'text',
      citations: [
        { source: { url: url?.url }, startIndex: 0, endIndex: 5 },
        { source: { url: url?.url }, startIndex: 6, endIndex: 9 },
        { source: { id: 'file_1' } },
        { source: { id: 'cfile_1' } },
      ],
    },
    { type: 'source-url', url: 'https://a.test/', title: 'A' },
    { type: 'source-document', sourceId: 'file_1', filename: 'notes.txt' },
    { type: 'source-document', sourceId: 'cfile_1', title: 'map.pdf' },
    { type: 'source-document', sourceId: 'cfile_1' },
  ]);
});

describe('a stream of the API that breaks leads to the same message', () => {
  const faults: Readonly<Record<string, NonNullable<EmulatorOptions['faults']>>> = {
    'and continues': [{ fault: 'drop-after-event', n: 6, times: 4 }],
    'and starts again, because its events have no numbers': [
      { fault: 'unsequenced-events' },
      { fault: 'drop-after-event', n: 8, times: 4 },
    ],
    'and is polled': [{ fault: 'stream-expired' }, { fault: 'drop-after-event', n: 8, times: 4 }],
  };
  test.each(Object.keys(faults))('%s', async (name) => {
    const { run, clock } = start({ faults: faults[name] ?? [] });
    const message = await during(clock, readAll(answerStream(run, place(run))));
    expect(message).toEqual(answerOf(run));
    expect(message?.metadata?.status).toBe('completed');
  });

  test('and a response that fails is replaced by that of the next attempt', async () => {
    const { run, clock } = start({
      faults: [{ fault: 'fail', times: 1 }],
    });
    const chunks: ChatChunk[] = [];
    const stream = answerStream(run, place(run)).pipeThrough(
      new TransformStream<ChatChunk, ChatChunk>({
        transform(chunk, controller) {
          chunks.push(chunk);
          controller.enqueue(chunk);
        },
      }),
    );
    const message = await during(clock, readAll(stream));
    expect(message).toEqual(answerOf(run));
    const types = chunks.map(({ type }) => type);
    expect(types).toContain('reset-step');
    // `onToolCall` is not called for the calls of the response that has failed.
    expect(types.filter((type) => type === 'tool-input-available')).toHaveLength(5);
  });
});

const words = fc.constantFrom('The sea.', 'It is blue, and the hills are green.', 'Wait.');
const iteration: fc.Arbitrary<Iteration> = fc.record(
  {
    summary: fc.array(words, { minLength: 1, maxLength: 3 }),
    messages: fc.array(
      fc.record({ text: words, phase: fc.constantFrom('commentary', 'final_answer', null) }),
      { maxLength: 2 },
    ),
    text: words,
    refusal: words,
    items: fc.subarray([
      { type: 'web_search_call', action: { type: 'search', query: 'sea' } },
      { type: 'code_interpreter_call', code: '1 + 1', container_id: 'c', outputs: [] },
      { type: 'image_generation_call', result: 'aW1n' },
    ]),
  },
  { requiredKeys: [] },
);
const calls = fc.array(
  fc.record({ name: fc.constantFrom('look', 'fail', 'unknown'), arguments: fc.constant({ at: 'the sea' }) }),
  { minLength: 1, maxLength: 3 },
);
const anyFault = fc.constantFrom<NonNullable<EmulatorOptions['faults']>[number]>(
  { fault: 'drop-after-event', n: 4, times: 3 },
  { fault: 'unsequenced-events' },
  { fault: 'gap', n: 5, size: 2, times: 2 },
  { fault: 'eof-without-terminal', times: 2 },
  { fault: 'fail', times: 1 },
  { fault: 'rotating-item-ids' },
);

test('with any answers and faults, the message that was streamed is the message that is loaded', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(iteration, calls), { maxLength: 2 }),
      iteration,
      fc.uniqueArray(anyFault, { maxLength: 2, selector: ({ fault }) => fault }),
      async (steps, last, faults) => {
        const all = [...steps.map(([one, made]) => ({ ...one, calls: made })), { text: 'Done.', ...last }];
        const { run, clock } = start({ script: all, faults });
        const reading = readAll(answerStream(run, place(run))).catch((error: unknown) => error);
        const message = await during(clock, reading);
        if (run.view.status === 'failed') expect(message).toEqual(new Error(run.view.error?.message));
        else expect(message).toEqual(answerOf(run));
      },
    ),
    { numRuns: 60 },
  );
});

test('input that was steered is in the message, in the step that has received it', async () => {
  const { run, clock } = start();
  const reading = readAll(answerStream(run, place(run)));
  await during(clock, run.steer('And the woods?', { steerId: 's1' }));
  const message = await during(clock, reading);
  expect(message).toEqual(answerOf(run));
  const at = message?.parts.findIndex(({ type }) => type === 'steering-message') ?? 0;
  expect(message?.parts.slice(at - 1, at + 1)).toEqual([
    { type: 'step-start' },
    { type: 'steering-message', id: 's1', parts: [{ type: 'text', text: 'And the woods?' }] },
  ]);
});

test('a stream that is cancelled or aborted stops observing the run, and does not change it', async () => {
  const runner = new HandDrivenRunner();
  const run = runner.start(weather, 'Umbrella?');
  const aborting = new AbortController();
  const aborted = answerStream(run, place(run), aborting.signal).getReader();
  const left = answerStream(run, place(run)).getReader();
  await aborted.read();
  await left.read();
  expect(run.listeners).toBe(2);
  aborting.abort();
  await left.cancel();
  await Promise.resolve();
  expect(run.listeners).toBe(0);
  expect(run.asked).toEqual([]);
  expect(run.view.status).toBe('queued');
});

test('a run that stops being driven ends the stream with the reason as an error', async () => {
  const { run, clock } = start();
  const reading = expect(readAll(answerStream(run, place(run)))).rejects.toThrow(/detached/);
  await clock.advance(500);
  await during(clock, run.detach({ graceMs: 0 }));
  await during(clock, reading);
});

test('a run that is cancelled ends the message as interrupted, so that a chat sends nothing automatically', async () => {
  const { run, clock } = start();
  const chunks: ChatChunk[] = [];
  const reading = (async () => {
    for await (const chunk of answerStream(run, place(run))) chunks.push(chunk);
  })();
  await clock.advance(800);
  await during(clock, run.cancel());
  await during(clock, reading);
  expect(chunks.at(-1)).toMatchObject({ type: 'finish', finishReason: 'interrupted' });
});

import { createRunner, defineAgent, fetchClient, type Runner } from '@longhaul/core';
import { createEmulator, manualClock, type Iteration, type Script } from '@longhaul/core/testing';
import { expect, test } from 'vitest';
import { agent as support, decide, openQuestions } from './examples/approve.ts';
import { answer } from './examples/cancel.ts';
import { edit, say, transcript } from './examples/conversation.ts';
import { explain } from './examples/explain.ts';
import { streamText } from './examples/stream-text.ts';
import { getWeather } from './examples/zod-mini-tool.ts';

/** An API in memory, and a runner that uses it, with a manual clock. */
function setUp(script: Script, limits = {}) {
  const clock = manualClock();
  const emulator = createEmulator({ script, clock });
  const client = fetchClient({ baseURL: 'http://openai.test/v1', fetch: emulator.fetch });
  const runner: Runner = createRunner({ client, clock, limits });
  return { clock, emulator, runner };
}

const essayist = defineAgent({ name: 'essay', model: 'gpt-6-astra' });

test('streaming: the streamed pieces add up to the text of the result', async () => {
  const { clock, runner } = setUp([{ text: 'Patience is bitter, but its fruit is sweet.' }]);
  const pieces: string[] = [];
  const text = streamText(runner.start(essayist, 'On patience.'), (piece) => pieces.push(piece));
  await clock.advance(60_000);
  expect(await text).toBe('Patience is bitter, but its fruit is sweet.');
  expect(pieces.length).toBeGreaterThan(3);
  expect(pieces.join('')).toBe(`${await text}\n`);
});

test('schemas: a tool with a schema of zod/mini is called, and the error of a call names its wrong value', async () => {
  const calls = [
    { name: 'get_weather', arguments: { city: 'Paris', days: null }, callId: 'good' },
    { name: 'get_weather', arguments: { city: 'Paris', days: 'two' }, callId: 'wrong' },
  ];
  const { clock, emulator, runner } = setUp([{ calls }, { text: 'Sunny.' }]);
  const agent = defineAgent({ name: 'weather', model: 'gpt-6-astra', tools: [getWeather] });
  const run = runner.start(agent, 'Weather in Paris?');
  await clock.advance(120_000);
  expect(run.view.toolCalls.map(({ output }) => output)).toEqual(['Paris: sunny for 1 days', undefined]);
  expect(run.view.toolCalls[1]?.error?.message).toContain('days: Invalid input: expected');
  expect(emulator.requests[0]?.body).toMatchObject({
    tools: [{ parameters: { required: ['city', 'days'], properties: { days: { minimum: 1 } } } }],
  });
});

test('approvals: calls that need a person wait, and a decision of the next day takes effect', async () => {
  const calls = [
    { name: 'refund', arguments: { orderId: 'a', amount: 20 }, callId: 'small' },
    { name: 'refund', arguments: { orderId: 'b', amount: 900 }, callId: 'large' },
    { name: 'ask_customer', arguments: { question: 'Which one?' }, callId: 'question' },
  ];
  const { clock, runner } = setUp([{ calls }, { text: 'Settled.' }]);
  const run = runner.start(support, 'My orders are broken.');
  await clock.advance(60_000);
  expect(openQuestions(run)).toEqual([
    'large: refund is awaiting_approval',
    'question: ask_customer is awaiting_output',
  ]);
  await clock.advance(86_400_000);
  await decide(runner, run.id, [], ['large']);
  await run.submitToolOutput('question', 'The blue one.');
  await clock.advance(60_000);
  expect((await run.result()).text).toBe('Settled.');
  expect(run.view.toolCalls.map(({ status }) => status)).toEqual(['completed', 'denied', 'completed']);
});

test('cancelling: an aborted signal cancels the run’s response at the server, and another run completes', async () => {
  const { clock, runner, emulator } = setUp([{ text: 'Yes.', runMs: 60_000 }]);
  const left = new AbortController();
  const [aborted, answered] = [
    answer(runner, essayist, 'Why?', left.signal),
    answer(runner, essayist, 'Really?', new AbortController().signal),
  ];
  await clock.advance(1_000);
  left.abort();
  await clock.advance(120_000);
  expect([await aborted, await answered]).toEqual([undefined, 'Yes.']);
  expect(emulator.requests.filter(({ path }) => path.endsWith('/cancel'))).toHaveLength(1);
});

test('conversations: says, edits, and reads the transcript of the branch', async () => {
  const { clock, runner } = setUp(({ userText, items }) => ({ text: `${userText} (${items.length} items)` }));
  const during = async <T>(work: Promise<T>): Promise<T> => {
    await clock.advance(60_000);
    return await work;
  };
  const first = await during(say(runner, essayist, 'Hello.'));
  const second = await during(say(runner, essayist, 'Why?', first));
  const edited = await during(edit(runner, essayist, 'How?', second));
  expect(await transcript(runner, edited)).toBe(
    'You: Hello.\nAgent: Hello. (1 items)\nYou: How?\nAgent: How? (3 items)',
  );
  expect(edited.threadId).toBe(first.runId);
});

test.each<[string, Iteration, RegExp]>([
  ['failed', { fail: { code: 'image_too_large' } }, /^It failed \(image_too_large\)/],
  [
    'incomplete',
    { incomplete: true, text: 'Once upon a time there was' },
    /^It is incomplete \(max_output_tokens\): Once/,
  ],
  ['limit', { queuedMs: Number.POSITIVE_INFINITY }, /^It reached a limit \(queued_timeout\)/],
])('errors: explains the end of a run: %s', async (_how, iteration, expected) => {
  const { clock, runner } = setUp([iteration]);
  const result = runner.start(essayist, 'On errors.').result().catch(explain);
  await clock.advance(2 * 3_600_000);
  expect(await result).toMatch(expected);
});

test('errors: explains a detached run', async () => {
  const { clock, runner } = setUp([{ text: 'Yes.', runMs: 60_000 }]);
  const run = runner.start(essayist, 'On leaving.');
  await clock.advance(1_000);
  const closed = runner.close();
  await clock.advance(20_000);
  await closed;
  expect(await run.result().catch(explain)).toBe('It no longer runs here (detached). Resume it.');
});

import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { handServer, messageOf, responseOf } from '../../test-support/hand-server.ts';
import { eventsOf } from '../../test-support/scenario.ts';
import { openStream, sseAnswer } from '../../test-support/sse-answer.ts';
import { createRunner } from '../../src/driver/runner/create-runner.ts';
import { viewOf } from '../../src/engine/view/view-of.ts';
import { applyEvent } from '../../src/engine/view/apply-event.ts';
import { emptyView } from '../../src/engine/view/empty-view.ts';
import { memoryStore } from '../../src/store/memory-store.ts';
import { fetchClient } from '../../src/client/fetch-client.ts';
import type { JsonObject } from '../../src/wire/json.ts';

const said = (text: string, more: JsonObject = {}): JsonObject => ({ ...messageOf(text), ...more });
const commentary = (text: string): JsonObject => said(text, { id: 'msg_c', phase: 'commentary' });
const answer = (text: string): JsonObject => said(text, { id: 'msg_f', phase: 'final_answer' });
const search: JsonObject = { id: 'ws_1', type: 'web_search_call', status: 'completed' };
const worker = (text: string): JsonObject => said(text, { agent: { agent_name: '/root/scout' } });

const begun = { type: 'response.created', response: responseOf('resp_1', 'in_progress') };
const ended = (output: readonly JsonObject[]): JsonObject => ({
  type: 'response.completed',
  response: responseOf('resp_1', 'completed', { output }),
});
const added = (output_index: number, item: JsonObject): JsonObject => ({
  type: 'response.output_item.added',
  output_index,
  item: { ...item, status: 'in_progress', content: [] },
});
const delta = (output_index: number, text: string): JsonObject => ({
  type: 'response.output_text.delta',
  output_index,
  content_index: 0,
  delta: text,
});
const done = (output_index: number, item: JsonObject): JsonObject => ({
  type: 'response.output_item.done',
  output_index,
  item,
});

/** The view folded from the events, and the view that another process loads from the store. */
async function shown(output: readonly JsonObject[], schema?: z.ZodType) {
  const store = memoryStore();
  const { start } = handServer(() => responseOf('resp_1', 'completed', { output }), {
    runner: { store },
    ...(schema === undefined ? {} : { agent: { output: schema } }),
  });
  const run = start();
  const view = await run.done();
  const saved = await store.load(run.id);
  if (saved === undefined) throw new Error('The run is not saved.');
  return { run, view, loaded: viewOf(saved.head, saved.items, 'none') };
}

describe('the answer consists of messages without a phase or with `final_answer` (openai-python 3859)', () => {
  test('structured output is parsed only from those messages', async () => {
    const output = [commentary('I will check the evidence.'), search, answer('{"answer":"final"}')];
    const { run, view } = await shown(output, z.object({ answer: z.string() }));
    expect(view).toMatchObject({ status: 'completed', output: { answer: 'final' } });
    expect((await run.result()).output).toEqual({ answer: 'final' });
  });

  test.each<[name: string, output: readonly JsonObject[], text: string]>([
    ['commentary before the answer', [commentary('I will look.'), answer('Final')], 'Final'],
    ['commentary after the answer', [answer('Final'), commentary('That was it.')], 'Final'],
    ['no phase at all', [said('One, '), said('two.')], 'One, two.'],
    ['content that is a text, as in Chat Completions', [said('', { content: 'Final' })], 'Final'],
    ['a phase of null', [commentary('Hm.'), said('Final', { phase: null })], 'Final'],
    ['commentary alone', [commentary('I will look.')], ''],
    ['an answer in two messages', [answer('One, '), search, answer('two.')], 'One, two.'],
  ])(
    'text, result.text and the iteration’s text contain only those messages: %s',
    async (_name, output, text) => {
      const { run, view, loaded } = await shown(output);
      expect((await run.result()).text).toBe(text);
      expect(view).toMatchObject({ text, commentary: '', iterations: [{ text }] });
      expect(loaded).toEqual({ ...view, driver: 'none', updatedAt: loaded.updatedAt });
      expect(view.items).toHaveLength(output.length);
    },
  );

  test('a refusal counts only if it is in the answer', async () => {
    const refusing = { ...commentary(''), content: [{ type: 'refusal', refusal: 'not that way' }] };
    const { view } = await shown([refusing, answer('{"answer":"final"}')], z.object({ answer: z.string() }));
    expect(view).toMatchObject({ status: 'completed', output: { answer: 'final' } });
    expect((await shown([refusing])).view).toMatchObject({ status: 'failed', error: { code: 'refusal' } });
  });
});

describe('while a response streams (openai-python 3859)', () => {
  test('commentary has its own field, and text.delta contains only the answer', async () => {
    const stream = openStream();
    const server = handServer(() => stream.answer, { runner: { mode: 'stream' } });
    const run = server.start();
    const see = async (...events: readonly JsonObject[]): Promise<readonly [string, string]> => {
      stream.write(...events);
      await server.clock.advance(0);
      return [run.view.commentary, run.view.text];
    };
    await server.clock.advance(0);
    expect(await see(begun, added(0, commentary('')), delta(0, 'I will '))).toEqual(['I will ', '']);
    expect(await see(delta(0, 'look.'))).toEqual(['I will look.', '']);
    expect(await see(done(0, commentary('I will look.')))).toEqual(['I will look.', '']);
    expect(await see(added(1, commentary('')), delta(1, 'Found.'))).toEqual(['Found.', '']);
    expect(await see(added(2, answer('')), delta(2, 'Fin'))).toEqual(['Found.', 'Fin']);
    expect(run.view.items.map(({ item }) => item['content'])).toMatchObject([
      [{ text: 'I will look.' }],
      [{ text: 'Found.' }],
      [{ text: 'Fin' }],
    ]);
    const output = [commentary('I will look.'), commentary('Found.'), answer('Final')];
    expect(await see(delta(2, 'al'), ended(output))).toEqual(['', 'Final']);
    const events = await eventsOf(run);
    const deltas = events.flatMap((event) => (event.type === 'text.delta' ? [event.delta] : []));
    expect(deltas.join('')).toBe('Final');
    expect(events.reduce(applyEvent, emptyView)).toEqual(run.view);
  });

  test('a message whose phase `commentary` arrives only at its end is removed from the answer', async () => {
    const stream = openStream();
    const server = handServer(() => stream.answer, { runner: { mode: 'stream' } });
    const run = server.start();
    await server.clock.advance(0);
    stream.write(begun, added(0, said('')), delta(0, 'I will look.'));
    await server.clock.advance(0);
    expect(run.view.text).toBe('I will look.');
    stream.write(done(0, commentary('I will look.')), added(1, answer('')), delta(1, 'Final'));
    await server.clock.advance(0);
    expect(run.view).toMatchObject({ text: 'Final', commentary: 'I will look.' });
  });

  test('a stream that is read again from its start produces the same view', async () => {
    const events = [begun, added(0, commentary('')), delta(0, 'Hm.'), done(0, commentary('Hm.'))];
    const rest = [added(1, answer('')), delta(1, 'Final'), ended([commentary('Hm.'), answer('Final')])];
    const store = memoryStore();
    const answers = [sseAnswer(events), sseAnswer([...events, ...rest])];
    const fetch = async (): Promise<Response> => answers.shift() ?? new Response(null, { status: 500 });
    const { agent, clock } = handServer(() => ({}));
    const client = fetchClient({ baseURL: 'http://server.test/v1', fetch });
    const options = { client, clock, store, agents: [agent], random: () => 0.5 };
    const first = createRunner(options);
    const { id } = first.start(agent, 'Hi');
    await clock.advance(0);
    await Promise.all([first.close({ graceMs: 0 }), clock.advance(10_000)]);
    const run = await createRunner(options).resume(agent, id);
    await clock.advance(0);
    await clock.advance(1_000);
    expect(run.view).toMatchObject({ status: 'completed', text: 'Final', commentary: '' });
  });
});

describe('other agents of a multi-agent response (openai 7.59, beta)', () => {
  test('the text is that of the root agent, and other texts are shown under their agent', async () => {
    const rooted = said('Done.', { agent: { agent_name: '/root' } });
    const { view, loaded } = await shown([worker('I found '), said('All '), worker('it.'), rooted]);
    expect(view).toMatchObject({ text: 'All Done.', agentTexts: { '/root/scout': 'I found it.' } });
    expect(view.iterations[0]).toMatchObject({ agentTexts: { '/root/scout': 'I found it.' } });
    expect(loaded).toEqual({ ...view, driver: 'none', updatedAt: loaded.updatedAt });
  });

  test.each(['constructor', '__proto__', 'toString'])('may have the name %s', async (agent_name) => {
    const by = (text: string): JsonObject => said(text, { agent: { agent_name } });
    const stream = openStream();
    const server = handServer(() => stream.answer, { runner: { mode: 'stream' } });
    const run = server.start();
    await server.clock.advance(0);
    stream.write(begun, added(0, by('')), delta(0, 'I found'), delta(0, ' it.'));
    await server.clock.advance(0);
    expect(Object.entries(run.view.agentTexts)).toEqual([[agent_name, 'I found it.']]);
    stream.write(ended([by('I found it.'), said('All done.')]));
    await server.clock.advance(0);
    expect(Object.entries(run.view.agentTexts)).toEqual([[agent_name, 'I found it.']]);
  });

  test.each(['constructor', '__proto__'])('an event and an item of type %s are ignored', async (name) => {
    const stream = openStream();
    const server = handServer(() => stream.answer, { runner: { mode: 'stream' } });
    const run = server.start();
    await server.clock.advance(0);
    stream.write(begun, { ...delta(0, 'x'), type: name }, added(0, { type: name, id: 'x_1' }));
    stream.write(ended([{ type: name, id: 'x_1', call_id: 'call_1' }, said('All done.')]));
    await server.clock.advance(0);
    expect(run.view).toMatchObject({ status: 'completed', text: 'All done.', toolCalls: [] });
  });

  test('are shown under their agent while they stream', async () => {
    const stream = openStream();
    const server = handServer(() => stream.answer, { runner: { mode: 'stream' } });
    const run = server.start();
    await server.clock.advance(0);
    stream.write(begun, added(0, worker('')), added(1, said('')), delta(0, 'I found'), delta(1, 'All'));
    await server.clock.advance(0);
    expect(run.view).toMatchObject({ text: 'All', agentTexts: { '/root/scout': 'I found' }, commentary: '' });
    stream.write(delta(0, ' it.'), ended([worker('I found it.'), said('All done.')]));
    await server.clock.advance(0);
    expect(run.view).toMatchObject({ text: 'All done.', agentTexts: { '/root/scout': 'I found it.' } });
  });
});

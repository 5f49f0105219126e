import OpenAI from 'openai';
import { toResponseInputItems } from 'openai/lib/responses/ResponseInputItems';
import { describe, expect, test } from 'vitest';
import { createEmulator, manualClock, type EmulatorOptions } from '../index.ts';

function api(options: Partial<EmulatorOptions> = {}) {
  const clock = manualClock(1_790_000_000_000);
  const emulator = createEmulator({
    script: [{ calls: [{ name: 'f', callId: 'call_x' }] }, { text: 'Done' }],
    clock,
    queuedMs: 0,
    runMs: 0,
    ...options,
  });
  return { clock, emulator, client: new OpenAI({ fetch: emulator.fetch, apiKey: 'test', maxRetries: 0 }) };
}

const joke = { type: 'message', role: 'user', content: 'Tell me a joke' } as const;
const output = { type: 'function_call_output', call_id: 'call_x', output: '1' } as const;
const types = (items: readonly { readonly type: string }[]): readonly string[] =>
  items.map(({ type }) => type);

describe('conversations, through the client of `openai` (openai-dotnet recordings)', () => {
  test('are created, read, changed and deleted', async () => {
    const { client } = api();
    const made = await client.conversations.create({ metadata: { topic: 'test' }, items: [joke] });
    expect(made).toEqual({
      id: expect.stringMatching(/^conv_[0-9a-f]{48}$/),
      object: 'conversation',
      created_at: 1_790_000_000,
      metadata: { topic: 'test' },
    });
    expect(await client.conversations.retrieve(made.id)).toEqual(made);
    const changed = { ...made, metadata: { purpose: 'x' } };
    expect(await client.conversations.update(made.id, { metadata: { purpose: 'x' } })).toEqual(changed);
    expect(await client.conversations.retrieve(made.id)).toEqual(changed);
    expect(await client.conversations.delete(made.id)).toEqual({
      id: made.id,
      object: 'conversation.deleted',
      deleted: true,
    });
    await expect(client.conversations.retrieve(made.id)).rejects.toMatchObject({ status: 404 });
    expect(await client.conversations.create()).toMatchObject({ metadata: {} });
  });

  test('have items, which are listed newest first, in pages', async () => {
    const { client } = api();
    const { id } = await client.conversations.create({ items: [joke] });
    const added = await client.conversations.items.create(id, {
      items: [{ role: 'user', content: [{ type: 'input_text', text: 'Another' }] }],
    });
    const another = {
      id: expect.stringMatching(new RegExp(`^msg_[0-9a-f]{32}${id.slice(-16)}$`)),
      type: 'message',
      status: 'completed',
      content: [{ type: 'input_text', text: 'Another' }],
      role: 'user',
    };
    const itemId = added.first_id;
    expect(added).toEqual({
      object: 'list',
      data: [another],
      first_id: itemId,
      has_more: false,
      last_id: itemId,
    });
    expect(await client.conversations.items.retrieve(itemId, { conversation_id: id })).toEqual(another);
    const page = await client.conversations.items.list(id, { limit: 1 });
    expect(page.data).toEqual([another]);
    expect(page.hasNextPage()).toBe(true);
    expect((await page.getNextPage()).data).toMatchObject([
      { content: [{ type: 'input_text', text: 'Tell me a joke' }] },
    ]);
    expect(await client.conversations.items.delete(itemId, { conversation_id: id })).toMatchObject({ id });
    expect((await client.conversations.items.list(id)).data).toHaveLength(1);
    const lost = client.conversations.items.retrieve(itemId, { conversation_id: id });
    await expect(lost).rejects.toMatchObject({ status: 404 });
  });

  test('provide their items to a create, and contain its items after its response has completed', async () => {
    const { client, clock } = api({ queuedMs: 10, runMs: 10 });
    const { id } = await client.conversations.create({ items: [joke] });
    const request = { model: 'gpt-4o', conversation: id, background: true } as const;
    const first = await client.responses.create({ ...request, input: 'And another' });
    expect(first).toMatchObject({ status: 'queued', conversation: { id } });
    expect((await client.conversations.items.list(id)).data).toHaveLength(1);
    const busy = client.responses.create({ ...request, conversation: { id }, input: 'Hello?' });
    await expect(busy).rejects.toMatchObject({
      status: 400,
      code: 'conversation_locked',
      param: 'conversation',
      message: expect.stringContaining('Another process is currently operating on this conversation.'),
    });
    await clock.advance(20);
    const { data } = await client.conversations.items.list(id, { order: 'asc' });
    expect(types(data)).toEqual(['message', 'message', 'function_call']);
    await expect(client.responses.create({ ...request, input: 'Hm' })).rejects.toMatchObject({
      message: expect.stringContaining('No tool output found for function call call_x.'),
    });
    const { id: second } = await client.responses.create({ ...request, input: [output] });
    await clock.advance(20);
    expect(await client.responses.retrieve(second)).toMatchObject({ output_text: 'Done' });
    const after = await client.conversations.items.list(id, { order: 'asc' });
    expect(types(after.data)).toEqual([
      'message',
      'message',
      'function_call',
      'function_call_output',
      'message',
    ]);
    expect(second.slice(5, 21), 'ids of a conversation share its prefix').toBe(id.slice(-16));
  });

  test('do not contain items of a failed or cancelled response', async () => {
    const { client, clock } = api({ script: [{ fail: { code: 'server_error' } }], runMs: 10 });
    const { id } = await client.conversations.create();
    const request = { model: 'gpt-4o', conversation: id, background: true, input: 'Hi' } as const;
    const failed = await client.responses.create(request);
    await clock.advance(10);
    expect(await client.responses.retrieve(failed.id)).toMatchObject({ status: 'failed' });
    const cancelled = await client.responses.create(request);
    await client.responses.cancel(cancelled.id);
    expect((await client.conversations.items.list(id)).data).toEqual([]);
  });

  test('are restored from a snapshot', async () => {
    const { client, emulator } = api();
    const { id } = await client.conversations.create({ items: [joke] });
    await client.responses.create({ model: 'gpt-4o', conversation: id, input: 'Hi' });
    const later = api();
    later.emulator.restore(JSON.parse(JSON.stringify(emulator.snapshot())));
    expect((await later.client.conversations.items.list(id)).data).toHaveLength(3);
    const next = { model: 'gpt-4o', conversation: id, input: [output] };
    expect(await later.client.responses.create(next)).toMatchObject({ output_text: 'Done' });
  });

  test.each<[string, (client: OpenAI, id: string) => PromiseLike<unknown>, object]>([
    ['an unknown conversation', (client) => client.conversations.retrieve('conv_x'), { status: 404 }],
    [
      'a create in an unknown conversation',
      (client) => client.responses.create({ model: 'gpt-4o', input: 'Hi', conversation: 'conv_x' }),
      { status: 404, message: expect.stringContaining("Conversation with id 'conv_x' not found.") },
    ],
    [
      'a create with a previous response too',
      (client, id) =>
        client.responses.create({
          model: 'gpt-4o',
          input: 'Hi',
          conversation: id,
          previous_response_id: 'resp_x',
        }),
      { status: 400, code: 'mutually_exclusive_parameters' },
    ],
    [
      'more than 20 items in one request',
      (client, id) =>
        client.conversations.items.create(id, { items: Array.from({ length: 21 }, () => joke) }),
      { status: 400, param: 'items', code: 'array_above_max_length' },
    ],
    [
      'an item of an unknown type',
      (client) => client.post('/conversations', { body: { items: [{ type: 'bogus' }] } }),
      { status: 400, param: 'items[0]', code: 'invalid_value' },
    ],
  ])('%s is refused', async (_name, ask, expected) => {
    const { client } = api();
    const { id } = await client.conversations.create();
    await expect(Promise.resolve(ask(client, id))).rejects.toMatchObject(expected);
  });
});

describe('compaction, through the client of `openai` (openai-dotnet and vercel/ai recordings)', () => {
  test('/responses/compact returns the user’s messages, then one opaque item', async () => {
    const { client } = api({ script: [{ text: 'A page' }, { text: 'Blue now' }] });
    const first = await client.responses.create({ model: 'gpt-4o', input: 'Make a page' });
    const compacted = await client.responses.compact({
      model: 'gpt-4o',
      input: [{ role: 'user', content: 'Make a page' }, ...toResponseInputItems(first.output)],
    });
    expect(compacted).toEqual({
      id: expect.stringMatching(/^resp_[0-9a-f]{16}01/),
      object: 'response.compaction',
      created_at: 1_790_000_000,
      output: [
        {
          id: expect.stringMatching(/^msg_[0-9a-f]{16}01/),
          type: 'message',
          status: 'completed',
          content: [{ type: 'input_text', text: 'Make a page' }],
          role: 'user',
        },
        {
          id: expect.stringMatching(/^cmp_[0-9a-f]{16}01/),
          type: 'compaction',
          encrypted_content: expect.stringMatching(/^gAAAAA/),
        },
      ],
      usage: expect.objectContaining({ total_tokens: expect.any(Number) }),
    });
    await expect(client.responses.retrieve(compacted.id)).rejects.toMatchObject({ status: 404 });
  });

  test('after a compaction the next iteration answers, because the compacted items count as part of the conversation', async () => {
    const { client } = api();
    const first = await client.responses.create({ model: 'gpt-4o', input: 'Go', store: false });
    const { output: items } = await client.responses.compact({
      model: 'gpt-4o',
      input: [{ role: 'user', content: 'Go' }, ...toResponseInputItems(first.output), output],
    });
    const compaction = toResponseInputItems(items).filter((item) => item.type === 'compaction');
    const stripped = compaction.map(({ id: _id, ...item }) => item);
    for (const kept of [compaction, stripped]) {
      const input = [...kept, { role: 'user' as const, content: 'And?' }];
      expect(await client.responses.create({ model: 'gpt-4o', input })).toMatchObject({
        output_text: 'Done',
      });
    }
  });

  test('compacts the chain of a previous response, and refuses an unknown previous response', async () => {
    const { client } = api();
    const { id } = await client.responses.create({ model: 'gpt-4o', input: 'Go' });
    const compacted = await client.responses.compact({ model: 'gpt-4o', previous_response_id: id });
    expect(types(compacted.output)).toEqual(['message', 'compaction']);
    const lost = client.responses.compact({ model: 'gpt-4o', previous_response_id: 'resp_x' });
    await expect(lost).rejects.toMatchObject({ code: 'previous_response_not_found' });
    await expect(client.responses.compact({ model: 'gpt-4o' })).rejects.toMatchObject({ param: 'input' });
  });

  test('context_management compacts when the threshold is reached, at the end of the output', async () => {
    const { client } = api({ script: [{ calls: [{ name: 'f', callId: 'call_x' }] }, { text: 'Done' }] });
    const request = {
      model: 'gpt-4o',
      store: false,
      context_management: [{ type: 'compaction', compact_threshold: 100 }],
    };
    const small = await client.responses.create({ ...request, input: 'Go' });
    expect(types(small.output)).toEqual(['function_call']);
    const long = await client.responses.create({ ...request, input: 'Go '.repeat(200) });
    expect(types(long.output)).toEqual(['function_call', 'compaction']);
    // The compaction contains the call, so only the call's output must follow.
    const [, compaction] = toResponseInputItems(long.output);
    const kept = compaction === undefined ? [] : [compaction];
    const next = await client.responses.create({ ...request, input: [...kept, output] });
    expect(next).toMatchObject({ output_text: 'Done' });
    const wrong = { ...request, input: 'Go', context_management: [{ type: 'bogus' }] };
    await expect(client.responses.create(wrong)).rejects.toMatchObject({
      param: 'context_management[0].type',
      code: 'invalid_value',
    });
  });

  test('a trigger in the input adds a compaction to the output', async () => {
    const { client } = api({ script: [{ text: 'Hi' }] });
    const input = [{ role: 'user' as const, content: 'Go' }, { type: 'compaction_trigger' as const }];
    const { output: items } = await client.responses.create({ model: 'gpt-4o', input });
    expect(types(items)).toEqual(['message', 'compaction']);
  });
});

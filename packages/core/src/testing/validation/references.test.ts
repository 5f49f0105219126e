import { toResponseInputItems } from 'openai/lib/responses/ResponseInputItems';
import type { ResponseOutputItem } from 'openai/resources/responses/responses';
import { expect, test } from 'vitest';
import { createEmulator, type Iteration } from '../index.ts';

function api(script: Iteration[]) {
  const emulator = createEmulator({ script, queuedMs: 0, runMs: 0 });
  return async (body: object): Promise<{ status: number; output: ResponseOutputItem[]; error?: object }> => {
    const init = { method: 'POST', body: JSON.stringify({ model: 'gpt-4o', input: 'Hi', ...body }) };
    const response = await emulator.fetch('/v1/responses', init);
    return { ...(await response.json()), status: response.status };
  };
}

const user = { role: 'user', content: 'Hi' };
const output = { type: 'function_call_output', call_id: 'call_x', output: 'done' };

test.each([{}, { type: null }])('a reference needs no type: %j', async (type) => {
  const create = api([{ calls: [{ name: 'f', callId: 'call_x' }], reasoning: true }, { text: 'Done' }]);
  const { output: items } = await create({});
  const references = items.map(({ id }) => ({ id, ...type }));
  expect(await create({ input: [user, ...references, output] })).toMatchObject({
    status: 200,
    output: [{ type: 'message', content: [{ text: 'Done' }] }],
  });
  expect(await create({ input: [user, { id: 'rs_x', ...type }] })).toMatchObject({ status: 404 });
  expect(await create({ input: [user, { id: 5, ...type }] })).toMatchObject({
    status: 400,
    error: { param: 'input[1].type' },
  });
});

const provided = { type: 'additional_tools', role: 'system', tools: [] };

test.each<[string, Iteration]>([
  ['before a message', { reasoning: true, items: [provided], text: 'Done' }],
  [
    'before a call',
    { reasoning: true, items: [provided, provided], calls: [{ name: 'f', callId: 'call_x' }] },
  ],
  ['at the end', { reasoning: true, items: [provided] }],
])(
  'reasoning may be replayed without the additional_tools that `openai` omits: %s',
  async (_name, iteration) => {
    const create = api([iteration, { text: 'Done' }]);
    const { output: items } = await create({});
    expect(items.map(({ type }) => type)).toContain('additional_tools');
    const answers = iteration.calls === undefined ? [] : [output];
    const replayed = toResponseInputItems(items);
    expect(replayed).not.toContainEqual(expect.objectContaining({ type: 'additional_tools' }));
    expect(await create({ input: [user, ...replayed, ...answers, user] })).toMatchObject({ status: 200 });
    expect(await create({ input: [user, ...items, ...answers, user] })).toMatchObject({ status: 200 });
  },
);

test('reasoning before additional_tools must be sent with the message after them', async () => {
  const create = api([{ reasoning: true, items: [provided], text: 'Done' }, { text: 'Done' }]);
  const { output: items } = await create({});
  expect(await create({ input: [user, items[0], user] })).toMatchObject({ status: 400 });
});

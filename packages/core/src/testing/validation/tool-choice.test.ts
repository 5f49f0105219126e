import { expect, test } from 'vitest';
import { createEmulator } from '../index.ts';

async function create(tool: object, type: string): Promise<Response> {
  const emulator = createEmulator({ script: [{ text: 'Hi' }], queuedMs: 0, runMs: 0 });
  const body = { model: 'gpt-4o', input: 'Hi', tools: [tool], tool_choice: { type } };
  return await emulator.fetch('/v1/responses', { method: 'POST', body: JSON.stringify(body) });
}

const preview = {
  type: 'computer_use_preview',
  display_height: 1,
  display_width: 1,
  environment: 'browser',
};

test.each<[string, object]>([
  ['computer_use', { type: 'computer' }],
  ['computer_use_preview', { type: 'computer' }],
  ['computer', preview],
  ['computer_use', preview],
  ['web_search_preview', { type: 'web_search_preview_2025_03_11' }],
  ['web_search_preview_2025_03_11', { type: 'web_search_preview' }],
])('the choice %s selects the tool %j, whose type is named differently', async (type, tool) => {
  expect((await create(tool, type)).status).toBe(200);
});

test.each<[string, object]>([
  ['computer_use', { type: 'web_search' }],
  ['web_search', { type: 'computer' }],
  ['computer_call', { type: 'computer' }],
])('the choice %s finds no tool in %j', async (type, tool) => {
  const response = await create(tool, type);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    error: { message: `Tool choice '${type}' not found in 'tools' parameter.`, param: 'tool_choice' },
  });
});

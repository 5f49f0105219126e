import OpenAI from 'openai';
import { expect, test } from 'vitest';
import { createEmulator } from './index.ts';

test('the streaming helper of `openai` accumulates the visible reasoning of a model', async () => {
  const content = [{ type: 'reasoning_text', text: 'Let me see' }];
  const items = [{ type: 'reasoning', summary: [], content }];
  const { fetch } = createEmulator({ script: [{ items, text: 'Hi' }], queuedMs: 0, runMs: 0 });
  const client = new OpenAI({ apiKey: 'test', fetch });
  const stream = client.responses.stream({ model: 'gpt-oss-120b', input: 'Hi' });
  expect(await stream.finalResponse()).toMatchObject({ output_text: 'Hi', output: [{ content }, {}] });
});

import { createRunner, defineAgent, fetchClient, tool } from '@longhaul/core';
import { createEmulator } from '@longhaul/core/testing';
import { serveEmulator } from '@longhaul/core/testing/node';

/** The size of each tool's output, in characters. */
const outputSize = 2_000;
export const parameters = {
  type: 'object',
  properties: { index: { type: 'number' } },
  required: ['index'],
  additionalProperties: false,
} as const;
export const toolName = 'read_page';
export const model = 'gpt-6-astra';
export const question = 'Read every page, then count how many you read.';

export function pageText(index: number): string {
  return `${index} `.padEnd(outputSize, 'abcdefghij ');
}

/** Emulates a conversation of `iterations`. Each except the last calls the tool for one page. */
export function emulatorOf(iterations: number): ReturnType<typeof createEmulator> {
  return createEmulator({
    queuedMs: 0,
    runMs: 0,
    keepRequests: 1,
    script: ({ iterationIndex }) =>
      iterationIndex < iterations - 1
        ? { calls: [{ name: toolName, arguments: { index: iterationIndex } }] }
        : { text: `There were ${iterations - 1}.` },
  });
}

/** A fetch that counts the bytes of request bodies. */
function countingFetch(): { readonly fetch: typeof fetch; bytes: number } {
  const counter = {
    bytes: 0,
    fetch: (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
      if (typeof init?.body === 'string') counter.bytes += Buffer.byteLength(init.body);
      return fetch(input, init);
    },
  };
  return counter;
}

/** Runs a contestant with its own server, checks that it completed, and returns the number of bytes that it sent. */
export async function sendIterations(
  iterations: number,
  contestant: (baseURL: string, send: typeof fetch, iterations: number) => Promise<string>,
): Promise<number> {
  const emulator = emulatorOf(iterations);
  await using server = await serveEmulator(emulator);
  const counter = countingFetch();
  const text = await contestant(server.url, counter.fetch, iterations);
  if (text !== `There were ${iterations - 1}.`)
    throw new Error(`The run ended with ${JSON.stringify(text)}.`);
  if (emulator.generations !== iterations)
    throw new Error(`The server generated ${emulator.generations} responses for ${iterations} iterations.`);
  return counter.bytes;
}

/** A minimal loop of requests and tool calls, which sends the same fields as Longhaul. */
export async function bareLoop(baseURL: string, send: typeof fetch, iterations: number): Promise<string> {
  const runId = crypto.randomUUID();
  let input: unknown[] = [{ role: 'user', content: question }];
  let previous: string | undefined;
  for (let iteration = 0; iteration < iterations; iteration += 1) {
    const answer = await send(`${baseURL}/responses`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer bench' },
      body: JSON.stringify({
        model,
        input,
        ...(previous === undefined ? {} : { previous_response_id: previous }),
        tools: [{ type: 'function', name: toolName, parameters, strict: true }],
        background: false,
        metadata: { longhaul_run_id: runId, longhaul_iteration: String(iteration) },
      }),
    });
    const response = await answer.json();
    previous = response.id;
    input = [];
    for (const item of response.output) {
      if (item.type === 'message') return item.content[0].text;
      if (item.type !== 'function_call') continue;
      const { index } = JSON.parse(item.arguments);
      input.push({ type: 'function_call_output', call_id: item.call_id, output: pageText(index) });
    }
  }
  throw new Error('The bare loop did not end.');
}

export const readPage = tool({
  name: toolName,
  parameters: { jsonSchema: parameters, validate: (value) => value as { index: number } },
  execute: ({ index }) => pageText(index),
});

export async function longhaulLoop(baseURL: string, send: typeof fetch, iterations: number): Promise<string> {
  const agent = defineAgent({
    name: 'bench',
    model,
    tools: [readPage],
    background: false,
    maxIterations: iterations,
  });
  const client = fetchClient({ baseURL, apiKey: 'bench', fetch: send });
  const runner = createRunner({ client, mode: 'poll', continuation: 'chain' });
  const { text } = await runner.start(agent, question).result();
  return text;
}

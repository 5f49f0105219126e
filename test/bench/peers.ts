import { createOpenAI } from '@ai-sdk/openai';
import { Agent, OpenAIProvider, Runner, tool as agentsTool } from '@openai/agents';
import { generateText, isStepCount, jsonSchema, tool as aiTool } from 'ai';
import OpenAI from 'openai';
import { model, pageText, parameters, question, toolName } from './iterations.ts';

/** `ai` with its provider for the Responses API, as in its documentation. */
export async function aiLoop(baseURL: string, send: typeof fetch, iterations: number): Promise<string> {
  const openai = createOpenAI({ baseURL, apiKey: 'bench', fetch: send });
  const readPage = aiTool({
    inputSchema: jsonSchema<{ index: number }>({ ...parameters, required: [...parameters.required] }),
    strict: true,
    execute: ({ index }) => pageText(index),
  });
  const { text } = await generateText({
    model: openai.responses(model),
    tools: { [toolName]: readPage },
    stopWhen: isStepCount(iterations),
    prompt: question,
  });
  return text;
}

/** `@openai/agents`, as in its documentation. Traces are off, because they would be sent to OpenAI. */
export async function agentsLoop(baseURL: string, send: typeof fetch, iterations: number): Promise<string> {
  const openAIClient = new OpenAI({ baseURL, apiKey: 'bench', fetch: send });
  const runner = new Runner({ modelProvider: new OpenAIProvider({ openAIClient }), tracingDisabled: true });
  const readPage = agentsTool({
    name: toolName,
    description: '',
    parameters: { ...parameters, required: [...parameters.required] },
    strict: true,
    execute: (input) => pageText((input as { index: number }).index),
  });
  const agent = new Agent({ name: 'bench', instructions: '', model, tools: [readPage] });
  const { finalOutput } = await runner.run(agent, question, { maxTurns: iterations });
  return finalOutput ?? '';
}

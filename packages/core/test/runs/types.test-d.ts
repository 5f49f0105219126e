import OpenAI from 'openai';
import type { Responses } from 'openai/resources/responses/responses';
import { describe, expectTypeOf, test } from 'vitest';
import * as z from 'zod';
import {
  createRunner,
  customTool,
  defineAgent,
  tool,
  type Agent,
  type AgentTool,
  type Run,
  type Runner,
  type RunEvent,
  type RunResult,
  type RunStatus,
  type RunView,
  type ToolContext,
} from '../../src/index.ts';

interface User {
  readonly name: string;
}

const search = tool({
  name: 'search',
  parameters: z.object({ query: z.string(), pages: z.string().transform(Number).optional() }),
  execute: ({ query, pages }, { context }: ToolContext<User>) => {
    expectTypeOf(pages).toEqualTypeOf<number | undefined>();
    expectTypeOf(context).toEqualTypeOf<User>();
    return { hits: query.length, at: new Date() };
  },
  needsApproval: ({ pages }, { context }) => pages === 3 && context.name !== 'ada',
  approvalView: ({ pages }) => {
    expectTypeOf(pages).toEqualTypeOf<number | undefined>();
    return { pages };
  },
});
const ask = tool({ name: 'ask', parameters: z.object({ question: z.string() }) });
const raw = tool({
  name: 'raw',
  parameters: { jsonSchema: { type: 'object' }, validate: (value) => ({ text: String(value) }) },
  strict: false,
  execute: ({ text }) => text.length,
});
const sql = customTool({ name: 'sql', execute: (input) => input.split(';') });
const agent = defineAgent({
  name: 'a',
  model: 'm',
  tools: [
    search,
    ask,
    raw,
    sql,
    { type: 'custom', name: 'plain', format: { type: 'text' } },
    { type: 'web_search' },
  ],
  output: z.object({ until: z.string().transform((text) => new Date(text)) }),
});

declare const runner: Runner;
declare const run: Run<typeof agent>;

describe('a tool', () => {
  test('types the arguments by its schema’s output, and the context by its declaration', () => {
    expectTypeOf(tool({ name: 't', parameters: z.object({}), execute: () => {} }).name).toEqualTypeOf<'t'>();
    // @ts-expect-error The schema is missing.
    tool({ name: 't', execute: () => 'ok' });
    // @ts-expect-error The option does not exist.
    tool({ name: 't', parameters: z.object({}), run: () => 'ok' });
  });

  test('may report any value as progress, including an interface', () => {
    interface Done {
      readonly done: number;
    }
    const half: Done = { done: 0.5 };
    const reporting = tool({
      name: 't',
      parameters: z.object({}),
      execute: (_none, { progress }) => progress(half),
    });
    expectTypeOf(reporting).toExtend<AgentTool>();
  });
});

describe('an agent', () => {
  test('takes OpenAI’s own tools, as literals and as the openai package types them', () => {
    expectTypeOf<
      | Responses.WebSearchTool
      | Responses.FileSearchTool
      | Responses.Tool.Mcp
      | Responses.Tool.CodeInterpreter
      | Responses.Tool.ImageGeneration
      | Responses.CustomTool
    >().toExtend<AgentTool>();
    defineAgent({
      name: 'a',
      model: 'm',
      tools: [
        { type: 'mcp', server_label: 's', server_url: 'https://s', require_approval: 'always' },
        { type: 'file_search', vector_store_ids: ['v'] },
        { type: 'code_interpreter', container: { type: 'auto' } },
      ],
    });
    // @ts-expect-error A tool needs a type.
    defineAgent({ name: 'a', model: 'm', tools: [{ name: 'web_search' }] });
  });

  test('takes request parameters as the openai package types them', () => {
    const reasoning: OpenAI.Reasoning = { effort: 'high' };
    expectTypeOf(
      defineAgent({ name: 'a', model: 'm', request: { reasoning, tool_choice: 'required' } }),
    ).toExtend<Agent>();
  });

  test('prepareRequest may change the request, or return nothing, synchronously or not', () => {
    defineAgent({
      name: 'a',
      model: 'm',
      prepareRequest: (request) => {
        expectTypeOf(request.model).toBeString();
        return { ...request, model: 'n' };
      },
    });
    defineAgent({
      name: 'a',
      model: 'm',
      prepareRequest: async (request, { iteration }) => {
        if (iteration > 2) return { ...request, input: [...request.input, { role: 'user', content: 'On' }] };
        return undefined;
      },
    });
    defineAgent({ name: 'a', model: 'm', prepareRequest: () => {} });
  });

  test('of any kind is an Agent', () => {
    expectTypeOf(agent).toExtend<Agent>();
    expectTypeOf(defineAgent({ name: 'a', model: 'm' })).toExtend<Agent>();
  });
});

test('a runner takes an OpenAI instance without a cast', () => {
  expectTypeOf(createRunner({ client: new OpenAI() })).toExtend<Runner>();
  // @ts-expect-error The option does not exist.
  createRunner({ client: new OpenAI(), pollling: {} });
});

describe('a run', () => {
  test('is started with text, with items as the openai package types them, and with the tools’ context', () => {
    const items: Responses.ResponseInput = [{ role: 'user', content: 'Hi' }];
    expectTypeOf(runner.start(agent, items, { context: { name: 'ada' } })).toEqualTypeOf<typeof run>();
    runner.start(agent, [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hi' }] }]);
    // @ts-expect-error `search` requires a user in its context.
    runner.start(agent, 'Hi', { context: { admin: true } });
    expectTypeOf(run).toExtend<Run>();
  });

  test('accepts options that are undefined', () => {
    const query: { readonly run?: string } = {};
    const signal: AbortSignal | undefined = undefined;
    runner.start(agent, 'Hi', { runId: query.run, signal, limits: { runMs: undefined } });
    createRunner({ client: new OpenAI(), store: undefined, tools: undefined, limits: undefined });
    expectTypeOf(runner.list({ agent: query.run })).resolves.toExtend<readonly { runId: string }[]>();
  });

  test('shows its calls as a union by name', () => {
    for (const call of run.view.toolCalls) {
      expectTypeOf(call.name).toEqualTypeOf<'search' | 'ask' | 'raw' | 'sql' | 'plain'>();
      if (call.name === 'search') {
        // The model's JSON, before the schema's transforms, and the result as JSON.
        expectTypeOf(call.arguments).toEqualTypeOf<
          { query: string; pages?: string | undefined } | undefined
        >();
        expectTypeOf(call.output).toEqualTypeOf<{ readonly hits: number; readonly at: string } | undefined>();
      }
      if (call.name === 'ask') expectTypeOf(call.output).toBeUnknown();
      if (call.name === 'raw') expectTypeOf(call.arguments).toBeUnknown();
      if (call.name === 'plain') expectTypeOf(call.arguments).toEqualTypeOf<string | undefined>();
      if (call.name === 'sql') expectTypeOf(call.output).toEqualTypeOf<readonly string[] | undefined>();
    }
  });

  test('returns the output as its schema parses it, and has JSON in its view', async () => {
    const result = await run.result();
    expectTypeOf(result).toEqualTypeOf<RunResult<typeof agent>>();
    expectTypeOf(result.output).toEqualTypeOf<{ until: Date }>();
    expectTypeOf(run.view.output).toEqualTypeOf<{ until: string } | undefined>();
    expectTypeOf(
      (await runner.start(defineAgent({ name: 'a', model: 'm' }), 'Hi').result()).output,
    ).toEqualTypeOf<undefined>();
  });

  test('accepts any output for a call that is answered from outside', () => {
    interface Row {
      readonly id: number;
    }
    const row: Row = { id: 1 };
    expectTypeOf(run.submitToolOutput('call', row)).toEqualTypeOf<Promise<void>>();
    void run.respond([
      { type: 'approve', callId: 'a' },
      { type: 'deny', callId: 'b', reason: 'No.' },
      { type: 'output', callId: 'c', output: row },
      { type: 'error', callId: 'd', message: 'Gone.' },
    ]);
    // @ts-expect-error A decision names a call.
    void run.respond([{ type: 'approve' }]);
  });

  test('has events and a view that code without the agent’s types can read', async () => {
    expectTypeOf(run.events({ after: 3 })).toEqualTypeOf<AsyncIterable<RunEvent>>();
    for await (const event of run.events()) {
      expectTypeOf(event.seq).toBeNumber();
      expectTypeOf(event.at).toBeNumber();
      if (event.type === 'text.delta') expectTypeOf(event.delta).toBeString();
    }
    expectTypeOf(run.view).toExtend<RunView>();
    expectTypeOf(run.view.status).toEqualTypeOf<RunStatus>();
    expectTypeOf(run.view.waiting?.nextPollAt).toEqualTypeOf<number | undefined>();
  });
});

import type {
  ErrorView,
  Part,
  ToolCallOf,
  RunError,
  RunResult,
  RunStatus,
  RunSummary,
  RunView,
  Run,
  Runner,
  RunViewOf,
  ToolCallView,
} from '@longhaul/core';
import { defineAgent, inputParts, tool } from '@longhaul/core';
import { agentRef } from '@longhaul/core/remote';
import { QueryClient, useMutation, useQueries, useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { describe, expectTypeOf, test } from 'vitest';
import * as z from 'zod';
import {
  agentRunKeys,
  agentRunListOptions,
  agentRunOptions,
  cancelRunMutationOptions,
  respondMutationOptions,
  startRunMutationOptions,
  useAgentRun,
  useAgentRuns,
  useAgentRunStatus,
  useAgentThread,
  useSuspenseAgentRun,
  useToolCall,
} from './index.ts';

declare const runner: Runner;
const client = new QueryClient();

const getWeather = tool({
  name: 'get_weather',
  parameters: z.object({ city: z.string(), days: z.number().optional() }),
  execute: (_args, _context: { readonly context: { user: string } }) => ({ tempC: 21, at: new Date() }),
});
const book = tool({ name: 'book', parameters: z.object({ seats: z.number() }), execute: () => 'booked' });
const weather = defineAgent({
  name: 'weather',
  model: 'gpt-6-astra',
  tools: [getWeather, book],
  output: z.object({ umbrella: z.boolean(), until: z.string().transform((text) => new Date(text)) }),
});
const plain = defineAgent({ name: 'plain', model: 'gpt-6-astra' });

type Weather = typeof weather;

describe('useAgentRun', () => {
  test('infers tool names, arguments and results from the agent', () => {
    const run = useAgentRun({ agent: weather });
    for (const call of run.toolCalls) {
      expectTypeOf(call.name).toEqualTypeOf<'get_weather' | 'book'>();
      if (call.name === 'get_weather') {
        expectTypeOf(call.arguments).toEqualTypeOf<{ city: string; days?: number | undefined } | undefined>();
        // The output of a tool is shown as JSON.
        expectTypeOf(call.output).toEqualTypeOf<
          { readonly tempC: number; readonly at: string } | undefined
        >();
      } else {
        expectTypeOf(call.arguments).toEqualTypeOf<{ seats: number } | undefined>();
        expectTypeOf(call.output).toEqualTypeOf<string | undefined>();
      }
    }
    // @ts-expect-error The agent has no such tool.
    void run.toolCalls.filter((call) => call.name === 'cancel_flight');
  });

  test('infers the output from its schema: as JSON before transforms, and in onSuccess after them', () => {
    expectTypeOf(useAgentRun({ agent: weather }).output).toEqualTypeOf<
      { umbrella: boolean; until: string } | undefined
    >();
    expectTypeOf(useAgentRun({ agent: plain }).output).toEqualTypeOf<undefined>();
  });

  test('returns the view, the status and the query', () => {
    const run = useAgentRun({ agent: weather });
    expectTypeOf(run.status).toEqualTypeOf<RunStatus | 'idle'>();
    expectTypeOf(run.view).toEqualTypeOf<RunViewOf<Weather> | undefined>();
    expectTypeOf(run.query.data).toEqualTypeOf<RunViewOf<Weather> | undefined>();
    expectTypeOf(run.error).toEqualTypeOf<ErrorView | undefined>();
    expectTypeOf(run.start('Hi')).toEqualTypeOf<Run<Weather>>();
    expectTypeOf(run.cancel()).toEqualTypeOf<Promise<RunViewOf<Weather>>>();
  });

  test('types its callbacks by the agent', () => {
    useAgentRun({
      agent: weather,
      onSuccess: (result) => expectTypeOf(result).toEqualTypeOf<RunResult<Weather>>(),
      onError: (error) => expectTypeOf(error).toEqualTypeOf<RunError>(),
      onSettled: (result, error) => {
        expectTypeOf(result?.output).toEqualTypeOf<{ umbrella: boolean; until: Date } | undefined>();
        expectTypeOf(error).toEqualTypeOf<RunError | null>();
      },
      onToolCall: (call) => expectTypeOf(call.name).toEqualTypeOf<'get_weather' | 'book'>(),
    });
  });

  test('accepts the context that the tools need', () => {
    type Options = Parameters<typeof useAgentRun<Weather>>[0];
    expectTypeOf<Options['context']>().toEqualTypeOf<{ user: string } | undefined>();
    useAgentRun({ agent: weather, context: { user: 'ada' } });
    // @ts-expect-error get_weather needs a user.
    useAgentRun({ agent: weather, context: { admin: true } });
    // @ts-expect-error get_weather needs a user.
    useAgentRun({ agent: weather }).start('Hi', { context: { admin: true } });
  });

  test('accepts an undefined runId, and rejects unknown options', () => {
    const params = new URLSearchParams();
    const runId = params.get('run') ?? undefined;
    expectTypeOf(useAgentRun({ agent: weather, runId, resume: 'auto' }).runId).toEqualTypeOf<
      string | undefined
    >();
    // @ts-expect-error `resume` is 'auto' or false.
    useAgentRun({ agent: weather, resume: 'manual' });
    // @ts-expect-error Use `send` to continue the shown run.
    useAgentRun({ agent: weather }).start('Hi', { continueFrom: 'r' });
    // @ts-expect-error An agent is needed.
    useAgentRun({ runId: 'r' });
  });
});

describe('a reference to an agent of a server', () => {
  const reference = agentRef<Weather>('weather');

  test('has the calls of the agent, and its output as JSON, because the server transforms it', () => {
    const run = useAgentRun({
      agent: reference,
      runId: 'r',
      onSuccess: ({ output }) => expectTypeOf(output).toEqualTypeOf<{ umbrella: boolean; until: string }>(),
    });
    expectTypeOf(run.view).toEqualTypeOf<RunViewOf<Weather> | undefined>();
    expectTypeOf(run.output).toEqualTypeOf<{ umbrella: boolean; until: string } | undefined>();
    expectTypeOf(useSuspenseAgentRun({ agent: reference, runId: 'r' }).view).toEqualTypeOf<
      RunViewOf<Weather>
    >();
    expectTypeOf(useToolCall<typeof reference>('r', 'c')?.name).toEqualTypeOf<
      'get_weather' | 'book' | undefined
    >();
    const start = useMutation(startRunMutationOptions(runner, reference));
    expectTypeOf(start.data).toEqualTypeOf<Run<typeof reference> | undefined>();
    // @ts-expect-error The agent has another name.
    agentRef<Weather>('travel');
  });
});

test('useSuspenseAgentRun always has a run', () => {
  const run = useSuspenseAgentRun({ agent: weather, runId: 'r' });
  expectTypeOf(run.view).toEqualTypeOf<RunViewOf<Weather>>();
  expectTypeOf(run.status).toEqualTypeOf<RunStatus>();
  // @ts-expect-error `runId` is required.
  useSuspenseAgentRun({ agent: weather });
});

describe('options factories', () => {
  test('type data by the agent, in every hook and loader', async () => {
    const options = agentRunOptions(runner, 'r', { agent: weather });
    expectTypeOf(useQuery(options).data).toEqualTypeOf<RunViewOf<Weather> | undefined>();
    expectTypeOf(useSuspenseQuery(options).data).toEqualTypeOf<RunViewOf<Weather>>();
    expectTypeOf(useQueries({ queries: [options] })[0].data).toEqualTypeOf<RunViewOf<Weather> | undefined>();
    expectTypeOf(await client.query(options)).toEqualTypeOf<RunViewOf<Weather>>();
    expectTypeOf(client.getQueryData(options.queryKey)).toEqualTypeOf<RunViewOf<Weather> | undefined>();
    expectTypeOf(useQuery({ ...options, select: (view) => view.text }).data).toEqualTypeOf<
      string | undefined
    >();
    expectTypeOf(useQuery(agentRunOptions(runner, 'r')).data).toEqualTypeOf<RunView | undefined>();
  });

  test('type lists', async () => {
    expectTypeOf(useAgentRuns({ status: 'failed' }).data).toEqualTypeOf<RunSummary[] | undefined>();
    expectTypeOf(await client.query(agentRunListOptions(runner))).toEqualTypeOf<RunSummary[]>();
    // @ts-expect-error There is no such status.
    useAgentRuns({ status: 'done' });
    expectTypeOf(agentRunKeys.detail('r')).toExtend<readonly unknown[]>();
  });

  test('type mutations', () => {
    const start = useMutation(startRunMutationOptions(runner, weather));
    expectTypeOf(start.data).toEqualTypeOf<Run<Weather> | undefined>();
    start.mutate('Hi');
    start.mutate([{ type: 'message', role: 'user', content: 'Hi' }]);
    start.mutate({ input: 'Hi', continueFrom: 'r', context: { user: 'ada' } });
    // @ts-expect-error get_weather needs a user.
    start.mutate({ input: 'Hi', context: { admin: true } });
    expectTypeOf(useMutation(cancelRunMutationOptions(runner)).data).toEqualTypeOf<RunView | undefined>();
    useMutation(respondMutationOptions(runner)).mutate({
      runId: 'r',
      decisions: [{ type: 'approve', callId: 'c' }],
    });
  });
});

test('narrow hooks', () => {
  expectTypeOf(useAgentRunStatus('r')).toEqualTypeOf<RunStatus | 'idle'>();
  expectTypeOf(useToolCall('r', 'c')).toEqualTypeOf<ToolCallView | undefined>();
  expectTypeOf(useToolCall<Weather>('r', 'c')?.name).toEqualTypeOf<'get_weather' | 'book' | undefined>();
});

describe('useAgentThread', () => {
  test('one component renders the parts of questions, of answers and of waiting inputs', () => {
    const thread = useAgentThread({ agent: weather });
    const [turn] = thread.turns;
    const [entry] = thread.queue;
    if (turn === undefined || entry === undefined) return;
    expectTypeOf(turn.input).toExtend<readonly Part<ToolCallOf<Weather>>[]>();
    expectTypeOf(turn.parts).toExtend<readonly Part<ToolCallOf<Weather>>[]>();
    expectTypeOf(inputParts(entry.input)).toExtend<readonly Part<ToolCallOf<Weather>>[]>();
  });
});

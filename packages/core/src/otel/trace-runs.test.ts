import { SpanStatusCode } from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { defineAgent } from '../agent/define-agent.ts';
import { tool } from '../agent/tool.ts';
import { fetchClient } from '../client/fetch-client.ts';
import { createRunner } from '../driver/runner/create-runner.ts';
import type { Fault } from '../testing/faults/fault.ts';
import type { Iteration } from '../testing/script/iteration.ts';
import type { Run } from '../run/run.ts';
import { createEmulator } from '../testing/emulator.ts';
import { manualClock } from '../testing/manual-clock.ts';
import { traceRuns } from './trace-runs.ts';

function traced(script: readonly Iteration[], faults: readonly Fault[] = []) {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const clock = manualClock();
  const emulator = createEmulator({ script, faults, clock });
  const client = fetchClient({ baseURL: 'http://openai.test/v1', fetch: emulator.fetch });
  const runner = createRunner({ client, clock });
  const stop = traceRuns(runner, { tracer: provider.getTracer('test') });
  /** Starts a run, and advances the clock to its end. */
  const run = async (input: string): Promise<Run> => {
    const started = runner.start(agent, input);
    await clock.advance(60_000);
    return started;
  };
  return { clock, exporter, runner, run, stop };
}

const lookUp = tool({
  name: 'look_up',
  parameters: z.object({ word: z.string() }),
  execute: ({ word }) => {
    if (word === 'secret') throw new Error('no such word');
    return word.length;
  },
});
const agent = defineAgent({ name: 'reader', model: 'gpt-6-astra', tools: [lookUp] });

test('a run is one span, with a child for each create and each tool execution', async () => {
  const { exporter, run: runOf } = traced([
    {
      calls: [
        { name: 'look_up', arguments: { word: 'long' } },
        { name: 'look_up', arguments: { word: 'secret' } },
      ],
    },
    { text: 'Four letters.' },
  ]);
  const { usage, runId } = await (await runOf('How long is "long"?')).result();
  // The tracer reads the events asynchronously, after the run.
  await expect.poll(() => exporter.getFinishedSpans().length).toBe(5);
  const spans = exporter.getFinishedSpans();
  expect(spans.map((span) => span.name).toSorted()).toEqual([
    'chat gpt-6-astra',
    'chat gpt-6-astra',
    'execute_tool look_up',
    'execute_tool look_up',
    'invoke_agent reader',
  ]);
  const run = spans.find((span) => span.name === 'invoke_agent reader');
  expect(run?.attributes).toMatchObject({
    'gen_ai.operation.name': 'invoke_agent',
    'gen_ai.agent.name': 'reader',
    'gen_ai.usage.input_tokens': usage.inputTokens,
    'longhaul.run.id': runId,
    'longhaul.run.status': 'completed',
  });
  const children = spans.filter((span) => span !== run);
  expect(new Set(children.map((span) => span.parentSpanContext?.spanId))).toEqual(
    new Set([run?.spanContext().spanId]),
  );
  const failed = children.filter((span) => span.attributes['error.type'] !== undefined);
  expect(failed.map((span) => [span.name, span.attributes['error.type']])).toEqual([
    ['execute_tool look_up', 'failed'],
  ]);
  // Questions and answers may be private.
  expect(JSON.stringify(spans.map((span) => [span.attributes, span.events]))).not.toMatch(
    /How long|Four letters/,
  );
});

test('each create is one span, and only the span of the failed response has an error', async () => {
  const { exporter, run } = traced([{ text: 'Hi' }], [{ fault: 'fail', code: 'server_error' }]);
  await run('Hello');
  await expect.poll(() => exporter.getFinishedSpans().length).toBe(3);
  const creates = exporter.getFinishedSpans().filter((span) => span.name.startsWith('chat'));
  expect(creates.map((span) => [span.attributes['longhaul.attempt'], span.attributes['error.type']])).toEqual(
    [
      [0, 'server_error'],
      [1, undefined],
    ],
  );
});

test('a failed run has an error on its span, and later runs have no spans after tracing is stopped', async () => {
  const {
    exporter,
    runner,
    run: runOf,
    stop,
  } = traced([{ fail: { code: 'insufficient_quota', message: 'no credit' } }]);
  await runOf('Hello');
  await expect.poll(() => exporter.getFinishedSpans().length).toBe(2);
  const run = exporter.getFinishedSpans().find((span) => span.name === 'invoke_agent reader');
  expect(run?.status.code).toBe(SpanStatusCode.ERROR);
  expect(run?.attributes['error.type']).toBe('insufficient_quota');
  stop();
  await runOf('Hello');
  await runner.close();
  expect(exporter.getFinishedSpans()).toHaveLength(2);
});

test('a run that is detached and resumed with the same runner has a second trace', async () => {
  const { clock, exporter, runner } = traced([{ text: 'Hi', runMs: 60_000 }]);
  const run = runner.start(agent, 'Hello');
  await clock.advance(5_000);
  await run.detach({ graceMs: 0 });
  await expect.poll(() => exporter.getFinishedSpans().length).toBe(2);
  await runner.resume(agent, run.id);
  await clock.advance(120_000);
  expect(run.view.status).toBe('completed');
  const statuses = () =>
    exporter
      .getFinishedSpans()
      .filter((span) => span.name === 'invoke_agent reader')
      .map((span) => span.attributes['longhaul.run.status']);
  await expect.poll(statuses).toEqual([undefined, 'completed']);
});

test('no span contains a secret of the request, even if the server or a tool quotes it', async () => {
  const secret = 'tok-authorization-1';
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const clock = manualClock();
  const script: readonly Iteration[] = [
    { calls: [{ name: 'quote', arguments: {} }] },
    { fail: { code: 'mcp_error', message: `no ${secret}` } },
  ];
  const emulator = createEmulator({ script, clock });
  const client = fetchClient({ baseURL: 'http://openai.test/v1', fetch: emulator.fetch });
  const quote = tool({
    name: 'quote',
    parameters: z.object({}),
    execute: () => {
      throw new Error(`no ${secret}`);
    },
  });
  const docs = { type: 'mcp', server_label: 'docs', server_url: 'https://mcp.test', authorization: secret };
  const quoting = defineAgent({ name: 'quoting', model: 'gpt-6-astra', tools: [quote, docs] });
  const runner = createRunner({ client, clock });
  traceRuns(runner, { tracer: provider.getTracer('test') });
  runner.start(quoting, 'Hi');
  await clock.advance(60_000);
  await expect.poll(() => exporter.getFinishedSpans().length).toBe(4);
  const recorded = exporter.getFinishedSpans().map(({ name, attributes, status, events }) => {
    return { name, attributes, status, events };
  });
  expect(JSON.stringify(recorded)).toContain('no [redacted]');
  expect(JSON.stringify(recorded)).not.toContain(secret);
});

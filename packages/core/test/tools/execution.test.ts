import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { outputsIn } from '../../test-support/outputs-in.ts';
import { scenario, type ScenarioOptions } from '../../test-support/scenario.ts';
import { tool, type Tool } from '../../src/agent/tool.ts';
import { calling } from '../../test-support/calling-tool.ts';

describe('execution', () => {
  const wait = (
    name: string,
    done: string[],
    ms: number,
    clock: { sleep(ms: number): Promise<void> },
  ): Tool =>
    tool({
      name,
      parameters: z.object({}),
      execute: async () => {
        done.push(`${name} starts`);
        await clock.sleep(ms);
        done.push(`${name} ends`);
        return name;
      },
    });

  function several(runner: ScenarioOptions['runner'] = {}) {
    const done: string[] = [];
    const base = scenario();
    const tools = [
      wait('a', done, 3_000, base.clock),
      wait('b', done, 1_000, base.clock),
      wait('c', done, 2_000, base.clock),
    ];
    const calls = ['a', 'b', 'c'].map((name) => ({ name, callId: `call_${name}` }));
    return {
      ...scenario({ clock: base.clock, script: [{ calls }, { text: 'Done.' }], tools, runner }),
      done,
    };
  }

  test('is parallel, and sends the outputs in the model’s order', async () => {
    const s = several();
    await s.settle(s.start().result());
    expect(s.done).toEqual(['a starts', 'b starts', 'c starts', 'b ends', 'c ends', 'a ends']);
    expect(outputsIn(s.creates()[1])).toEqual({ call_a: 'a', call_b: 'b', call_c: 'c' });
    expect(Object.keys(outputsIn(s.creates()[1]))).toEqual(['call_a', 'call_b', 'call_c']);
  });

  test('is limited by `concurrency`', async () => {
    const s = several({ tools: { concurrency: 1 } });
    await s.settle(s.start().result());
    expect(s.done).toEqual(['a starts', 'a ends', 'b starts', 'b ends', 'c starts', 'c ends']);
  });

  test('ends after the timeout of the tool or the runner, and aborts the tool’s signal', async () => {
    for (const [timeoutMs, runner, expected] of [
      [2_000, { tools: { timeoutMs: 9_000 } }, 2_000],
      [undefined, { tools: { timeoutMs: 9_000 } }, 9_000],
    ] as const) {
      let abortedAt = 0;
      let startedAt = 0;
      const s = calling(
        {},
        {
          ...(timeoutMs === undefined ? {} : { timeoutMs }),
          execute: (_args, { signal }) => {
            startedAt = s.clock.now();
            signal.addEventListener('abort', () => (abortedAt = s.clock.now()));
            return new Promise(() => undefined);
          },
        },
        { runner },
      );
      const run = s.start();
      await s.settle(run.result());
      expect(abortedAt - startedAt).toBe(expected);
      expect(run.view.toolCalls).toMatchObject([{ status: 'timed_out', error: { code: 'timed_out' } }]);
    }
  });

  test('passes ids, an idempotency key, a signal and the context to the tool', async () => {
    const received: unknown[] = [];
    const s = calling(
      {},
      {
        execute: (_args, { signal, callId, runId, idempotencyKey, context }) => {
          received.push([signal.aborted, callId, runId, idempotencyKey, context]);
        },
      },
    );
    await s.settle(s.start('Hi', { runId: 'run_1', context: 'ctx' }).result());
    expect(received).toEqual([[false, 'call_t', 'run_1', 'run_1/0/call_t', 'ctx']]);
  });

  test('continues while other calls wait, and `requires_action` follows when no call runs', async () => {
    const done: string[] = [];
    const base = scenario();
    const tools = [
      wait('slow', done, 30_000, base.clock),
      tool({ name: 'asks', parameters: z.object({}), needsApproval: true, execute: () => 'asked' }),
      tool({ name: 'outside', parameters: z.object({}) }),
    ];
    const calls = ['asks', 'slow', 'outside'].map((name) => ({ name, callId: `call_${name}` }));
    const s = scenario({
      clock: base.clock,
      script: [{ calls }, { text: 'Done.' }],
      tools,
      runner: { mode: 'poll' },
    });
    const run = s.start();
    await s.clock.advance(15_000);
    expect(run.view.status).toBe('running_tools');
    expect(run.view.toolCalls.map(({ status }) => status)).toEqual([
      'awaiting_approval',
      'running',
      'awaiting_output',
    ]);
    await s.clock.advance(60_000);
    expect(run.view.status).toBe('requires_action');
    await run.respond([
      { type: 'approve', callId: 'call_asks' },
      { type: 'output', callId: 'call_outside', output: { from: 'outside' } },
    ]);
    await s.settle(run.result());
    expect(outputsIn(s.creates()[1])).toEqual({
      call_asks: 'asked',
      call_slow: 'slow',
      call_outside: '{"from":"outside"}',
    });
    expect(run.view.toolCalls[2]?.output).toEqual({ from: 'outside' });
  });
});

describe('consecutiveToolErrors', () => {
  const fails = (): never => {
    throw new Error('No.');
  };
  const each = (names: readonly string[]) => [
    ...names.map((name) => ({ calls: [{ name }] })),
    { text: 'Done.' },
  ];
  const tools = [
    tool({ name: 'bad', parameters: z.object({}), execute: fails }),
    tool({ name: 'good', parameters: z.object({}), execute: () => 'ok' }),
    tool({ name: 'outside', parameters: z.object({}) }),
  ];
  const runner = { limits: { consecutiveToolErrors: 2 } };

  test('limits failed calls in a row, and a success resets the count', async () => {
    const s = scenario({ script: each(['bad', 'good', 'bad', 'good', 'bad']), tools, runner });
    expect((await s.settle(s.start().result())).text).toBe('Done.');
    const twice = scenario({ script: each(['bad', 'bad']), tools, runner });
    expect(await twice.rejection(twice.start().result())).toMatchObject({ code: 'tool_errors' });
  });

  test('counts an output from outside as a success', async () => {
    const s = scenario({ script: each(['bad', 'outside', 'bad']), tools, runner });
    const run = s.start();
    await s.clock.advance(60_000);
    const [waiting] = run.view.toolCalls.filter(({ status }) => status === 'awaiting_output');
    await run.submitToolOutput(waiting?.callId ?? '', 'ok');
    expect((await s.settle(run.result())).text).toBe('Done.');
  });

  test('is 5 by default', async () => {
    const s = scenario({ script: each(['bad', 'bad', 'bad', 'bad', 'bad']), tools });
    expect(await s.rejection(s.start().result())).toMatchObject({ code: 'tool_errors' });
    const four = scenario({ script: each(['bad', 'bad', 'bad', 'bad']), tools });
    expect((await four.settle(four.start().result())).text).toBe('Done.');
  });
});

import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { scenario, weatherScript, type Scenario } from '../../test-support/scenario.ts';
import { tool } from '../../src/agent/tool.ts';
import { ConfigurationError } from '../../src/errors/configuration-error.ts';
import { isJsonObject } from '../../src/wire/json.ts';

const celsius = { role: 'user', content: 'In Celsius, please.' };

/** The inputs of the creates, with each item as its type or its text. */
function inputs(s: Scenario): unknown[][] {
  return s
    .creates()
    .map(({ input }) =>
      Array.isArray(input) ? input.filter(isJsonObject).map((item) => item['content'] ?? item['type']) : [],
    );
}

/** A run whose tool waits for a person. */
async function waiting() {
  const ask = tool({ name: 'ask', parameters: z.object({}) });
  const script = [{ calls: [{ name: 'ask', callId: 'call_1' }] }, { text: 'Done.' }];
  const s = scenario({ script, tools: [ask] });
  const run = s.start('Ask.', { runId: 'r' });
  await s.clock.advance(20_000);
  expect(run.view.status).toBe('requires_action');
  return { ...s, run };
}

describe('run.steer', () => {
  test.each(['chain', 'replay'] as const)(
    'sends the input in the next create, once, after the outputs (%s)',
    async (continuation) => {
      const s = scenario({ runner: { continuation } });
      const run = s.start('Umbrella?');
      await s.clock.advance(5_000);
      await s.settle(run.steer('In Celsius, please.', { steerId: 's1' }));
      expect(run.view.steered).toEqual([
        { steerId: 's1', input: 'In Celsius, please.', at: expect.any(Number) },
      ]);
      const { unsent } = await s.settle(run.result());
      expect(unsent).toEqual([]);
      expect(run.view.steered).toMatchObject([{ steerId: 's1', sentIn: 1 }]);
      const sent = ['function_call_output', 'In Celsius, please.'];
      expect(inputs(s)[1]?.slice(-2)).toEqual(sent);
      // The next run does not send it again, except as a part of the replayed conversation.
      const next = s.start('And tomorrow?', { continueFrom: run.id });
      await s.settle(next.done());
      const again = inputs(s)[2]?.filter((one) => one === 'In Celsius, please.');
      expect(again).toHaveLength(continuation === 'chain' ? 0 : 1);
      const loaded = await s.settle(s.reboot().follow(run.id));
      expect(loaded.view).toEqual(run.view);
    },
  );

  test('returns input that came too late as `unsent`, and the run does not send it', async () => {
    const s = scenario({ script: [{ text: 'Take one.' }] });
    const run = s.start('Umbrella?');
    await s.clock.advance(5_000);
    await s.settle(run.steer([celsius]));
    const { unsent, view } = await s.settle(run.result());
    expect(unsent).toEqual(view.steered);
    expect(unsent).toMatchObject([{ input: [celsius] }]);
    expect(s.creates()).toHaveLength(1);
  });

  test('is included in the next create of a run that waits for a person', async () => {
    const s = await waiting();
    await s.settle(s.run.steer('In Celsius, please.'));
    expect(s.run.view.status).toBe('requires_action');
    await s.settle(s.run.submitToolOutput('call_1', 'Yes.'));
    await s.settle(s.run.result());
    expect(inputs(s)[1]).toEqual(['function_call_output', 'In Celsius, please.']);
  });

  test('of a follower reaches the process that drives the run through the inbox', async () => {
    const s = await waiting();
    const follower = await s.settle(s.reboot().follow('r'));
    await s.settle(follower.steer('In Celsius, please.', { steerId: 's1' }));
    expect(follower.view.steered).toMatchObject([{ steerId: 's1' }]);
    await s.settle(follower.steer('In Celsius, please.', { steerId: 's1' }));
    await s.settle(s.run.submitToolOutput('call_1', 'Yes.'));
    await s.settle(s.run.result());
    expect(inputs(s)[1]).toEqual(['function_call_output', 'In Celsius, please.']);
  });

  test('survives a crash after it was saved: the next process sends it once', async () => {
    const s = scenario();
    const run = s.start('Umbrella?', { runId: 'r' });
    await s.clock.advance(5_000);
    await s.settle(run.steer('In Celsius, please.'));
    await s.settle(run.detach({ graceMs: 0 }));
    const resumed = await s.settle(s.reboot().resume(s.agent, 'r'));
    await s.settle(resumed.result());
    expect(inputs(s)).toEqual([['Umbrella?'], ['function_call_output', 'In Celsius, please.']]);
  });

  test('is sent again only with the whole create, if the answer to that create is lost', async () => {
    const s = scenario({ faults: [{ fault: 'reset', iteration: 1 }] });
    const run = s.start('Umbrella?');
    await s.clock.advance(5_000);
    await s.settle(run.steer('In Celsius, please.'));
    await s.settle(run.result());
    expect(inputs(s).slice(1)).toEqual([
      ['function_call_output', 'In Celsius, please.'],
      ['function_call_output', 'In Celsius, please.'],
    ]);
    expect(run.view.steered).toMatchObject([{ sentIn: 1 }]);
  });

  test('with the same id again changes nothing, even with another input or after the end', async () => {
    const s = scenario();
    const run = s.start('Umbrella?');
    await s.clock.advance(5_000);
    await s.settle(run.steer('In Celsius, please.', { steerId: 's1' }));
    const { steered } = run.view;
    await s.settle(run.steer('In Kelvin.', { steerId: 's1' }));
    expect(run.view.steered).toEqual(steered);
    await s.settle(run.result());
    await s.settle(run.steer('In Celsius, please.', { steerId: 's1' }));
    const elsewhere = await s.settle(s.reboot().follow(run.id));
    await s.settle(elsewhere.steer('In Celsius, please.', { steerId: 's1' }));
    expect(run.view.steered).toHaveLength(1);
  });

  test.each(['ended', 'cancelling', 'ended, in another process'])(
    'rejects with `run_over`: %s',
    async (how) => {
      const s = scenario({ faults: [{ fault: 'slow', on: 'cancel', ms: 5_000 }] });
      const run = s.start('Umbrella?');
      if (how === 'cancelling') {
        await s.clock.advance(5_000);
        run.cancel().catch(() => undefined);
        await s.clock.advance(100);
        expect(run.view.status).toBe('cancelling');
      } else await s.settle(run.result());
      const handle = how.includes('another') ? await s.settle(s.reboot().follow(run.id)) : run;
      expect(await s.rejection(handle.steer('Wait.'))).toMatchObject({
        code: 'run_over',
        message: expect.stringContaining(run.id),
      });
    },
  );

  test('takes at most 100 inputs, because each save contains their ids', async () => {
    const s = await waiting();
    for (let count = 0; count < 100; count += 1) await s.settle(s.run.steer(`Note ${count}.`));
    expect(await s.rejection(s.run.steer('One more.'))).toMatchObject({ code: 'steer_limit' });
    await s.settle(s.run.submitToolOutput('call_1', 'Yes.'));
    await s.settle(s.run.result());
    expect(inputs(s)[1]).toHaveLength(101);
  });

  test.each([
    ['', {}],
    [[], {}],
    [[1], {}],
    ['Hi', { steerId: '' }],
    ['Hi', { steerId: 'x'.repeat(65) }],
  ])('rejects the input %o with options %o immediately', async (input, options) => {
    const s = await waiting();
    expect(await s.rejection(Reflect.apply(s.run.steer, s.run, [input, options]))).toBeInstanceOf(
      ConfigurationError,
    );
    expect(s.run.view.steered).toEqual([]);
  });

  test('keeps a copy, so a later change of the caller’s object changes nothing', async () => {
    const s = scenario({ script: weatherScript });
    const run = s.start('Umbrella?');
    await s.clock.advance(5_000);
    const given = { role: 'user', content: 'In Celsius, please.' };
    await s.settle(run.steer([given]));
    given.content = 'Changed.';
    await s.settle(run.result());
    expect(inputs(s)[1]).toContain('In Celsius, please.');
  });
});

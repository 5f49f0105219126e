import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { calling } from '../../test-support/calling-tool.ts';
import { outputsIn } from '../../test-support/outputs-in.ts';
import { eventsOf, scenario, type Scenario } from '../../test-support/scenario.ts';
import { customTool } from '../../src/agent/custom-tool.ts';
import { defineAgent } from '../../src/agent/define-agent.ts';
import { tool, type ToolOptions } from '../../src/agent/tool.ts';
import { applyEvent } from '../../src/engine/view/apply-event.ts';
import { emptyView } from '../../src/engine/view/empty-view.ts';
import type { RunView } from '../../src/engine/view/run-view.ts';
import { viewOf } from '../../src/engine/view/view-of.ts';

const amount = z.object({ amount: z.number(), note: z.string().optional() });
type Options = Partial<ToolOptions<'t', typeof amount, unknown, unknown>>;

/** The model calls `t` once with an amount of 5. */
function paying(options: Options) {
  const t = tool({ name: 't', parameters: amount, needsApproval: true, execute: () => 'paid', ...options });
  return calling({ amount: 5, note: null }, {}, { tools: [t] });
}

/** The view of the run as a process that has not received its events loads it. */
async function savedView({ store }: Scenario, runId: string): Promise<RunView | undefined> {
  const saved = await store.load(runId);
  return saved && viewOf(saved.head, saved.items, 'none');
}

describe('approvalView', () => {
  test('receives the validated arguments once, and its value is shown while the call waits and afterwards', async () => {
    const seen: unknown[] = [];
    const s = paying({
      approvalView: (args) => {
        seen.push(args);
        return { pays: `${args.amount} EUR` };
      },
    });
    const run = s.start();
    const events = eventsOf(run);
    await s.clock.advance(60_000);
    const shown = { pays: '5 EUR' };
    expect(run.view.toolCalls[0]).toMatchObject({ status: 'awaiting_approval', approvalView: shown });
    await run.approve('call_t');
    await s.settle(run.result());
    expect(run.view.toolCalls[0]).toMatchObject({ status: 'completed', approvalView: shown });
    expect(seen).toEqual([{ amount: 5 }]);
    const all = await events;
    expect(all.find(({ type }) => type === 'decision.needed')).toMatchObject({ approvalView: shown });
    expect(all.reduce(applyEvent, emptyView).toolCalls).toEqual(run.view.toolCalls);
  });

  test.each(['while the call waits', 'after the decision'])(
    'is in the view of a saved run, %s',
    async (when) => {
      const s = paying({ approvalView: () => null });
      const run = s.start();
      await s.clock.advance(60_000);
      if (when === 'after the decision') {
        await run.deny('call_t');
        await s.settle(run.result());
      }
      const read = await savedView(s, run.id);
      expect(read?.toolCalls).toEqual(run.view.toolCalls);
      expect(read?.toolCalls[0]).toHaveProperty('approvalView', null);
    },
  );

  test('is not called for a call that needs no approval', async () => {
    const s = paying({ needsApproval: () => false, approvalView: () => 'never shown' });
    const run = s.start();
    await s.settle(run.result());
    expect(run.view.toolCalls[0]).not.toHaveProperty('approvalView');
  });

  test('may be async', async () => {
    const s = paying({ approvalView: async ({ amount: asked }) => ({ pays: asked }) });
    const run = s.start();
    await s.clock.advance(60_000);
    expect(run.view.toolCalls[0]).toMatchObject({ status: 'awaiting_approval', approvalView: { pays: 5 } });
    await s.settle(run.cancel());
  });

  test('receives the text of a custom tool', async () => {
    const t = customTool({
      name: 't',
      needsApproval: true,
      approvalView: (text) => [text],
      execute: () => 'ok',
    });
    const item = { type: 'custom_tool_call', call_id: 'call_t', name: 't', input: 'rm x' };
    const s = scenario({ script: [{ items: [item] }, { text: 'Done.' }], tools: [t] });
    const run = s.start();
    await s.clock.advance(60_000);
    expect(run.view.toolCalls[0]?.approvalView).toEqual(['rm x']);
    await s.settle(run.cancel());
  });

  test.each<[string, () => unknown, string]>([
    [
      'throws',
      () => {
        throw new Error('no rates');
      },
      'no rates',
    ],
    ['returns undefined', () => undefined, 'returned nothing'],
    ['returns a function', () => () => 1, 'returned a function'],
    ['returns a bigint', () => 1n, 'BigInt'],
    ['rejects', () => Promise.reject(new Error('no rates')), 'no rates'],
    ['returns a promise of undefined', () => Promise.resolve(undefined), 'returned nothing'],
  ])('that %s fails the call, as a needsApproval that throws', async (_how, approvalView, message) => {
    const s = paying({ approvalView });
    const run = s.start();
    await s.settle(run.result());
    expect(run.view.toolCalls[0]).toMatchObject({ status: 'failed', error: { code: 'failed' } });
    expect(run.view.toolCalls[0]?.error?.message).toContain(message);
    expect(outputsIn(s.creates()[1])['call_t']).toContain(message);
  });
});

describe('after a resume', () => {
  async function resumed(before: Options, after: Options) {
    const s = paying(before);
    const first = s.start();
    await s.clock.advance(60_000);
    await s.settle(first.detach());
    const t = tool({ name: 't', parameters: amount, needsApproval: true, execute: () => 'paid', ...after });
    const agent = defineAgent({ name: s.agent.name, model: 'm', tools: [t] });
    const run = await s.reboot({ agents: [agent] }).resume(agent, first.id);
    await s.clock.advance(60_000);
    return { ...s, run };
  }

  test('the view of the changed agent replaces the saved one', async () => {
    const s = await resumed({ approvalView: () => 'old' }, { approvalView: () => 'new' });
    expect(s.run.view.toolCalls[0]).toMatchObject({ status: 'awaiting_approval', approvalView: 'new' });
    expect((await savedView(s, s.run.id))?.toolCalls).toEqual(s.run.view.toolCalls);
  });

  test('the saved view stays if the changed agent has none', async () => {
    const s = await resumed({ approvalView: () => 'old' }, {});
    expect(s.run.view.toolCalls[0]).toMatchObject({ status: 'awaiting_approval', approvalView: 'old' });
  });

  test('no second `decision.needed` is emitted for the same view', async () => {
    const s = paying({ approvalView: () => ({ a: 1 }) });
    const first = s.start();
    await s.clock.advance(60_000);
    await s.settle(first.detach());
    const run = await s.reboot().resume(s.agent, first.id);
    const events = eventsOf(run);
    await s.clock.advance(60_000);
    await run.approve('call_t');
    await s.settle(run.result());
    expect((await events).map(({ type }) => type)).not.toContain('decision.needed');
  });
});

describe('at definition', () => {
  const parameters = z.object({});

  test.each([true, () => true])(
    'a private tool with needsApproval requires approvalView',
    (needsApproval) => {
      const options = { name: 't', private: true, needsApproval };
      const message = /^tool "t": `approvalView` must be given for a private tool/;
      expect(() => tool({ ...options, parameters })).toThrow(message);
      expect(() => customTool(options)).toThrow(message);
      expect(tool({ ...options, parameters, approvalView: () => 1 }).private).toBe(true);
    },
  );

  test('approvalView without needsApproval is refused, because it would never be called', () => {
    const options = { name: 't', parameters, approvalView: () => 1 };
    expect(() => tool(options)).toThrow('absent without `needsApproval`');
    expect(tool({ ...options, needsApproval: false }).private).toBe(false);
  });

  test('options of the wrong type are refused', () => {
    const wrong: object[] = [{ private: 'yes' }, { needsApproval: true, approvalView: { a: 1 } }];
    for (const options of wrong)
      expect(() => tool({ name: 't', parameters, ...options })).toThrow('must be a');
  });
});

import { describe, expect, test } from 'vitest';
import { done, hosted, leaks, preparing, secrets, world } from '../../test-support/hosted-tools.ts';
import { responseOf } from '../../test-support/hand-server.ts';
import { eventsOf } from '../../test-support/scenario.ts';
import { defineAgent } from '../../src/agent/define-agent.ts';
import { tool } from '../../src/agent/tool.ts';

describe('secrets that `prepareRequest` sets, in a process that has not sent a create', () => {
  /** Starts a run. A new process with another `prepareRequest` polls it to its end. */
  async function polled(prepare: () => readonly string[] | Promise<never>, polls: string[] = []) {
    const output = [{ type: 'mcp_call', id: 'mcp_1', server_label: 'docs', name: 'n', error: secrets[0] }];
    const w = world(({ method }) =>
      responseOf('resp_1', method === 'GET' ? (polls.shift() ?? 'completed') : 'queued', { output }),
    );
    const first = preparing(() => secrets);
    const runner = w.runner(first);
    const { id } = runner.start(first, 'Hi');
    await w.clock.advance(0);
    await Promise.all([runner.close({ graceMs: 0 }), w.clock.advance(0)]);
    const prepareRequest = async (body: object) => ({ ...body, tools: hosted(await prepare()) });
    const agent = defineAgent({ name: 'a', model: 'm', prepareRequest });
    const run = await w.runner(agent).resume(agent, id);
    await w.clock.advance(120_000);
    return { view: await run.done(), all: [run.snapshot(), await w.store.load(id), await eventsOf(run)] };
  }

  test('are redacted in responses that the process polls', async () => {
    const { view, all } = await polled(() => secrets);
    expect(view).toMatchObject({ status: 'completed', items: [{ item: { error: '[redacted]' } }] });
    expect(leaks(all)).toEqual([]);
  });

  test.each([
    ['throws', () => Promise.reject(new Error('no vault'))],
    ['never resolves', () => Promise.withResolvers<never>().promise],
  ])('do not prevent a poll if prepareRequest %s', async (_name, prepare) => {
    expect((await polled(prepare)).view.status).toBe('completed');
  });

  test('are requested again at the next poll if prepareRequest failed', async () => {
    let asked = 0;
    const prepare = () => {
      asked += 1;
      return asked === 1 ? Promise.reject(new Error('no vault')) : secrets;
    };
    const { view, all } = await polled(prepare, ['in_progress']);
    expect(view.status).toBe('completed');
    expect(asked).toBe(2);
    expect(leaks(all)).toEqual([]);
  });

  test('are redacted in the errors of tools', async () => {
    const pay = tool({
      name: 'pay',
      parameters: { jsonSchema: { type: 'object', properties: {} } },
      needsApproval: true,
      execute: () => {
        throw new Error(`refused: ${secrets[0]}`);
      },
    });
    const call = { id: 'fc_1', type: 'function_call', call_id: 'c', name: 'pay', arguments: '{}' };
    const w = world((_request, count) =>
      count === 1 ? responseOf('resp_1', 'completed', { output: [call] }) : done('resp_2'),
    );
    const prepareRequest = (body: { readonly tools?: readonly unknown[] }) => ({
      ...body,
      tools: [...(body.tools ?? []), ...hosted()],
    });
    const agent = defineAgent({ name: 'a', model: 'm', tools: [pay], prepareRequest });
    const runner = w.runner(agent);
    const { id } = runner.start(agent, 'Hi');
    await w.clock.advance(10_000);
    await Promise.all([runner.close({ graceMs: 0 }), w.clock.advance(0)]);
    const run = await w.runner(agent).resume(agent, id);
    await w.clock.advance(10_000);
    await run.approve('c');
    await w.clock.advance(60_000);
    expect(await run.done()).toMatchObject({ status: 'completed', toolCalls: [{ status: 'failed' }] });
    expect(leaks([run.snapshot(), await w.store.load(id), await eventsOf(run)])).toEqual([]);
    expect(JSON.stringify(w.seen.at(-1)?.body['input'])).toContain('refused: [redacted]');
  });
});

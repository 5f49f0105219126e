import { describe, expect, test } from 'vitest';
import { done, hosted, leaks, preparing, secrets, world } from '../../test-support/hosted-tools.ts';
import { eventsOf } from '../../test-support/scenario.ts';
import type { AgentTool } from '../../src/agent/collect-tools.ts';
import { defineAgent } from '../../src/agent/define-agent.ts';

describe('secrets that prepareRequest sets (mcp-remote 268)', () => {
  const later = secrets.map((secret) => secret.replace('-1', '-2'));

  test('are sent again by a retry in the same process, and not saved', async () => {
    let asked = 0;
    const agent = preparing(() => {
      asked += 1;
      return secrets;
    });
    const w = world((_request, count) =>
      count === 1 ? Response.json({ error: { message: 'busy' } }, { status: 503 }) : done('resp_1'),
    );
    const run = w.runner(agent).start(agent, 'Hi');
    await w.clock.advance(60_000);
    expect((await run.done()).status).toBe('completed');
    expect(w.seen.map(({ body }) => leaks(body))).toEqual([secrets, secrets]);
    expect(asked).toBe(1);
    expect(leaks([run.snapshot(), await w.store.load(run.id), await eventsOf(run)])).toEqual([]);
  });

  test('two servers with the same label are rejected, because the secrets of one would be sent to the other', async () => {
    const server = (token: string): AgentTool => ({
      type: 'mcp',
      server_label: 'docs',
      server_url: 'https://mcp.test/sse',
      authorization: token,
    });
    const two = secrets.slice(0, 2).map(server);
    expect(() => defineAgent({ name: 'a', model: 'm', tools: two })).toThrow(/two MCP servers.*"docs"/);
    const agent = defineAgent({
      name: 'a',
      model: 'm',
      prepareRequest: (request) => ({ ...request, tools: two }),
    });
    const w = world(() => done('resp_1'));
    const view = await w.runner(agent).start(agent, 'Hi').done();
    expect(view).toMatchObject({
      status: 'failed',
      error: { code: 'configuration', message: expect.stringMatching(/two MCP servers.*"docs"/) },
    });
    expect(w.seen).toEqual([]);
  });

  test('are kept apart for two tools of one type', async () => {
    const tools = [...hosted().slice(1), ...hosted(later).slice(1)];
    const agent = defineAgent({
      name: 'a',
      model: 'm',
      prepareRequest: (request) => ({ ...request, tools }),
    });
    const w = world(() => done('resp_1'));
    const run = w.runner(agent).start(agent, 'Hi');
    expect((await run.done()).status).toBe('completed');
    expect(w.seen[0]?.body['tools']).toEqual(tools);
    expect(leaks([await w.store.load(run.id), await eventsOf(run)], [...secrets, ...later])).toEqual([]);
  });

  test('are the only fields that a new process reads from its prepareRequest', async () => {
    const agent = preparing(() => secrets, { instructions: 'first' });
    const w = world((_request, count) =>
      count === 1 ? Response.json({ error: { message: 'busy' } }, { status: 503 }) : done('resp_1'),
    );
    const first = w.runner(agent);
    const { id } = first.start(agent, 'Hi');
    await w.clock.advance(0);
    await Promise.all([first.close({ graceMs: 0 }), w.clock.advance(20_000)]);
    const fresh = preparing(() => later, { instructions: 'second' });
    const run = await w.runner(fresh).resume(fresh, id);
    await w.clock.advance(120_000);
    expect((await run.done()).status).toBe('completed');
    const sent = w.seen.at(-1)?.body;
    expect(sent?.['instructions']).toBe('first');
    expect(leaks(sent, later)).toEqual(later);
    expect(leaks(sent)).toEqual([]);
    expect(leaks([await w.store.load(id), await eventsOf(run)], [...secrets, ...later])).toEqual([]);
  });

  test('a new process whose prepareRequest returns none stops driving, and sends no request', async () => {
    const agent = preparing(() => secrets);
    const w = world(() => Response.json({ error: { message: 'busy' } }, { status: 503 }));
    const first = w.runner(agent);
    const { id } = first.start(agent, 'Hi');
    await w.clock.advance(0);
    await Promise.all([first.close({ graceMs: 0 }), w.clock.advance(20_000)]);
    const before = w.seen.length;
    const empty = preparing(() => undefined);
    const run = await w.runner(empty).resume(empty, id);
    const result = expect(run.result()).rejects.toMatchObject({ code: 'unauthorized' });
    await w.clock.advance(120_000);
    await result;
    expect(w.seen).toHaveLength(before);
  });
});

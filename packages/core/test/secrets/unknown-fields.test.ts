import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { handServer, responseOf } from '../../test-support/hand-server.ts';
import { done, hosted, leaks, secrets, world } from '../../test-support/hosted-tools.ts';
import { eventsOf } from '../../test-support/scenario.ts';
import type { AgentTool } from '../../src/agent/collect-tools.ts';
import { defineAgent, type Agent, type AgentOptions } from '../../src/agent/define-agent.ts';
import { tool } from '../../src/agent/tool.ts';
import { fetchClient } from '../../src/client/fetch-client.ts';
import { createRunner } from '../../src/driver/runner/create-runner.ts';

describe('values of fields unknown to the API are secrets, in a request, a tool or a tool choice', () => {
  const names = ['tok-extra-header-1', 'tok-extra-body-1', 'tok-mcp-servers-1', 'tok-env-1', 'tok-choice-1'];
  const fields = (all: readonly string[]): object => ({
    extra_headers: { 'X-Key': all[0] },
    extra_body: { deep: [{ key: all[1], pin: 87654321 }] },
    mcp_servers: [{ name: 'a', authorization_token: all[2] }],
    tool_choice: { type: 'mcp', server_label: 'docs', headers: { 'X-Key': all[4] } },
  });
  const toolsOf = (all: readonly string[]): readonly AgentTool[] => [
    { type: 'mcp', server_label: 'docs', server_url: 'https://mcp.test/sse', env: { TOKEN: all[3] } },
  ];
  const quoted = names.join(', ');

  test('are sent, but not in events, views, snapshots, errors or saved data', async () => {
    const failure = { code: 'mcp_error', message: `refused: ${quoted}` };
    const item = { type: 'gateway_call', id: 'gw_1', status: 'failed', log: quoted };
    const w = world(() => responseOf('resp_1', 'failed', { error: failure, output: [item] }));
    const agent = defineAgent({
      name: 'a',
      model: 'm',
      tools: toolsOf(names),
      request: { ...fields(names) },
    });
    const run = w.runner(agent).start(agent, 'Hi');
    const view = await run.done();
    expect(leaks(w.seen[0]?.body, names)).toEqual(names);
    const thrown = await run
      .result()
      .then(String, (error: Error) => `${error.message} ${String(error.cause)}`);
    const shown = [view, await eventsOf(run), run.snapshot(), await w.store.load(run.id), thrown];
    expect(leaks(shown, names)).toEqual([]);
    expect(JSON.stringify(shown)).not.toContain('87654321');
  });

  test('are requested again by a new process if prepareRequest set them', async () => {
    const later = names.map((name) => name.replace('-1', '-2'));
    const sending = (all: readonly string[]): Agent =>
      defineAgent({
        name: 'a',
        model: 'm',
        prepareRequest: (request) => ({ ...request, ...fields(all), tools: toolsOf(all) }),
      });
    const w = world((_request, count) =>
      count === 1 ? Response.json({ error: { message: 'busy' } }, { status: 503 }) : done('resp_1'),
    );
    const first = w.runner(sending(names));
    const { id } = first.start(sending(names), 'Hi');
    await w.clock.advance(0);
    await Promise.all([first.close({ graceMs: 0 }), w.clock.advance(20_000)]);
    const fresh = sending(later);
    const run = await w.runner(fresh).resume(fresh, id);
    await w.clock.advance(120_000);
    expect((await run.done()).status).toBe('completed');
    expect(w.seen.at(-1)?.body).toMatchObject({ ...fields(later), tools: toolsOf(later) });
    expect(leaks([await w.store.load(id), await eventsOf(run)], [...names, ...later])).toEqual([]);
  });

  test.each([
    ['one cookie of several', 'cookie', 'theme=dark; session=tok-cookie-99; id=1', 'tok-cookie-99'],
    ['the key of another scheme', 'authorization', 'ApiKey tok-scheme-99', 'tok-scheme-99'],
    [
      'one part of a digest',
      'authorization',
      'Digest username="a", response="tok-digest-99"',
      'tok-digest-99',
    ],
    ['a key with spaces, quoted in form encoding', 'x-key', 'tok form/99 &c', 'tok+form%2F99+%26c'],
    ['a key in form encoding, quoted decoded', 'x-key', 'tok+form%2F99', 'tok form/99'],
  ])('are redacted in the form that the server quotes: %s', async (_name, header, value, said) => {
    const error = { code: 'mcp_error', message: `sent: ${said}.` };
    const w = world(() => responseOf('resp_1', 'failed', { error }));
    const tools = [{ type: 'mcp', server_label: 'docs', headers: { [header]: value } }];
    const agent = defineAgent({ name: 'a', model: 'm', tools });
    const view = await w.runner(agent).start(agent, 'Hi').done();
    expect(view.error?.message).toContain('sent: [redacted].');
  });
});

describe('an error that quotes a secret of the run is redacted', () => {
  const [authorization = ''] = secrets;

  test.each([
    ['in its message', () => new Error(`no ${authorization}`)],
    ['in its cause', () => new Error('no', { cause: { token: authorization } })],
    ['where the message is truncated', () => new Error(`${'x'.repeat(3_990)}${authorization}`)],
  ])('if prepareRequest throws it: %s', async (_name, thrown) => {
    const w = world(() => done('resp_1'));
    const agent = defineAgent({
      name: 'a',
      model: 'm',
      tools: hosted(),
      prepareRequest: () => {
        throw thrown();
      },
    });
    const run = w.runner(agent).start(agent, 'Hi');
    const view = await run.done();
    expect(view.error?.code).toBe('prepare_request_failed');
    const error = await run.result().then(String, (reason: Error) => reason);
    expect(inspect(error, { depth: 9 })).not.toContain('tok-auth');
    const shown = JSON.stringify([view, await eventsOf(run), await w.store.load(run.id)]);
    expect(shown).not.toContain('tok-auth');
  });

  test.each(['execute', 'needsApproval'] as const)('if a tool throws it: %s', async (where) => {
    const fail = (): never => {
      throw new Error(`no ${authorization}`);
    };
    const lookup = tool({
      name: 'f',
      parameters: z.object({}),
      ...(where === 'execute' ? { execute: fail } : { execute: () => 'ok', needsApproval: fail }),
    });
    const call = { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'f', arguments: '{}' };
    const w = world((_request, count) =>
      count === 1 ? responseOf('resp_1', 'completed', { output: [call] }) : done('resp_2'),
    );
    const agent = defineAgent({ name: 'a', model: 'm', tools: [lookup, ...hosted()] });
    const run = w.runner(agent).start(agent, 'Hi');
    const view = await run.done();
    expect(JSON.stringify(w.seen[1]?.body['input'])).toContain('no [redacted]');
    expect(leaks([view, await eventsOf(run), await w.store.load(run.id)])).toEqual([]);
  });
});

describe('items with secrets of tools are rejected, because a conversation is saved', () => {
  const additional = {
    type: 'additional_tools',
    role: 'developer',
    tools: [{ type: 'mcp', server_label: 'docs', authorization: secrets[0] }],
  };

  test.each([
    ['without a type', { server_label: 'docs', token: secrets[0] }],
    ['with an unknown field', { type: 'function', name: 'f', env: { KEY: secrets[0] } }],
  ])('by start, for a tool %s', (_name, one) => {
    const { agent } = handServer(() => ({}));
    const runner = createRunner({ client: fetchClient({ baseURL: '/v1' }) });
    expect(() => runner.start(agent, [{ ...additional, tools: [one] }])).toThrow(/input\[0\]/);
  });

  test('except a list of tools from a server, which has no secrets', async () => {
    const agent = defineAgent({ name: 'a', model: 'm' });
    const listed = { type: 'mcp_list_tools', server_label: 'docs', tools: [{ name: 'f', input_schema: {} }] };
    const run = world(() => done('resp_1'))
      .runner(agent)
      .start(agent, [listed]);
    expect((await run.done()).status).toBe('completed');
  });

  test('by start, whose error has the path but not the secret', () => {
    const { agent } = handServer(() => ({}));
    const start = (): unknown =>
      createRunner({ client: fetchClient({ baseURL: '/v1' }) }).start(agent, [additional]);
    expect(start).toThrow(/input\[0\].*docs\.authorization/);
    expect(start).not.toThrow(/tok-/);
  });

  test('by the run, which fails if prepareRequest adds them', async () => {
    const options: Partial<AgentOptions<readonly AgentTool[], z.ZodType>> = {
      prepareRequest: (request) => ({ ...request, input: [...request.input, additional] }),
    };
    const { start } = handServer(() => done('resp_1'), { agent: options });
    const view = await start().done();
    expect(view).toMatchObject({ status: 'failed', error: { code: 'configuration' } });
    expect(leaks(view)).toEqual([]);
  });
});

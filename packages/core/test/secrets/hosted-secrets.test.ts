import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { handServer, messageOf, responseOf } from '../../test-support/hand-server.ts';
import { done, hosted, leaks, preparing, secrets, world } from '../../test-support/hosted-tools.ts';
import { eventsOf } from '../../test-support/scenario.ts';
import { sseAnswer } from '../../test-support/sse-answer.ts';
import { defineAgent, type Agent, type AgentOptions, type AgentTool } from '../../src/agent/define-agent.ts';
import { tool } from '../../src/agent/tool.ts';
import { fetchClient } from '../../src/client/fetch-client.ts';
import { createRunner } from '../../src/driver/create-runner.ts';

describe('secrets of hosted tools (mcp-remote 268)', () => {
  test('are sent, and are in no event, view, snapshot or saved data', async () => {
    const w = world(() => done('resp_1'));
    const agent = defineAgent({ name: 'a', model: 'm', tools: hosted() });
    const run = w.runner(agent).start(agent, 'Hi');
    const view = await run.done();
    expect(view.status).toBe('completed');
    expect(leaks(w.seen[0]?.body['tools'])).toEqual(secrets);
    const events = await eventsOf(run);
    expect(leaks(events)).toEqual([]);
    expect(leaks([view, run.snapshot(), await w.store.load(run.id)])).toEqual([]);
    const [told] = events.flatMap((event) =>
      event.type === 'iteration.started' ? [event.request.tools?.[0]] : [],
    );
    expect(told).toEqual({
      type: 'mcp',
      server_label: 'docs',
      server_url: 'https://[redacted]@mcp.test/sse?[redacted]',
      authorization: '[redacted]',
      headers: { Authorization: '[redacted]', 'X-Team': '[redacted]' },
      require_approval: 'never',
    });
  });

  const user = 'tok-user-9';
  const password = 'tok-password-9';
  const key = 'tok-query-9';
  const shapes: readonly (readonly [string, object])[] = [
    ['a space before it', { server_url: ` https://${user}:${password}@mcp.test/sse?key=${key}` }],
    [
      'a control character before it',
      { server_url: `\u0000\thttps://${user}:${password}@mcp.test?key=${key}` },
    ],
    ['no scheme', { server_url: `//${user}:${password}@mcp.test/sse?key=${key}` }],
    ['no scheme and no slashes', { server_url: `${user}:${password}@mcp.test/sse?key=${key}` }],
    ['one slash', { server_url: `https:/${user}:${password}@mcp.test/sse?key=${key}` }],
    ['no slash', { server_url: `https:${user}:${password}@mcp.test/sse?key=${key}` }],
    ['many slashes', { server_url: `https:////${user}:${password}@mcp.test/sse?key=${key}` }],
    ['backslashes', { server_url: `https:\\\\${user}:${password}@mcp.test/sse?key=${key}` }],
    ['a line break in it', { server_url: `ht\ntps://${user}:${password}@mcp.test/sse?a=b\n&key=${key}` }],
    ['a slash in the password', { server_url: `https://${user}:${password}/${key}@mcp.test/sse` }],
    ['a question mark in the password', { server_url: `https://${user}:${password}?${key}@mcp.test/sse` }],
    ['an at sign in the password', { server_url: `https://${user}:${password}@${key}@mcp.test/sse` }],
    ['a list of URLs', { server_url: [`https://${user}:${password}@mcp.test/sse?key=${key}`] }],
    ['a list as a header’s value', { headers: { 'X-Key': [user, password], Accept: [[key]] } }],
    [
      'a list of headers',
      {
        headers: [
          ['X-Key', user],
          [password, key],
        ],
      },
    ],
    ['an object as a header’s value', { headers: { 'X-Key': { user, password, key } } }],
    ['an object as the authorization', { authorization: { user, password: [password], key } }],
    ['another case of a field', { Authorization: `Bearer ${user}`, HEADERS: { a: password, b: key } }],
    [
      'one domain’s secret',
      { domain_secrets: { domain: 'a.test', name: 'A', value: [user, password, key] } },
    ],
  ];
  const nine = [user, password, key];

  test.each(shapes)('of an odd shape are in no event, view or saved data: %s', async (_name, fields) => {
    const quoted = `refused: ${nine.join(', ')}`;
    const w = world(() => responseOf('resp_1', 'failed', { error: { code: 'mcp_error', message: quoted } }));
    const agent = defineAgent({
      name: 'a',
      model: 'm',
      tools: [{ type: 'mcp', server_label: 'docs', ...fields }],
    });
    const run = w.runner(agent).start(agent, 'Hi');
    await w.clock.advance(600_000);
    const view = await run.done();
    const sent = nine.filter((one) => JSON.stringify(w.seen[0]?.body).includes(one));
    expect(sent).toEqual(nine);
    const shown = [view, await eventsOf(run), run.snapshot(), await w.store.load(run.id)];
    expect(leaks(shown, nine)).toEqual([]);
  });

  test.each([
    ['a query', (word: string) => `https://mcp.test/sse?key=${word}`],
    ['user info', (word: string) => `https://me:${word}@mcp.test/sse`],
  ])('that a URL spells in percent signs are scrubbed as the server reads them: %s', async (_name, urlOf) => {
    const word = 'tok/with+9"=';
    const server_url = urlOf(encodeURIComponent(word));
    const quoted = `401 for ${server_url}, by ${word}`;
    const item = { type: 'mcp_list_tools', id: 'mcpl_1', server_label: 'docs', tools: [], error: quoted };
    const error = { code: 'mcp_error', message: quoted };
    const w = world(() => responseOf('resp_1', 'failed', { error, output: [item] }));
    const agent = defineAgent({
      name: 'a',
      model: 'm',
      tools: [{ type: 'mcp', server_label: 'docs', server_url }],
    });
    const run = w.runner(agent).start(agent, 'Hi');
    await w.clock.advance(600_000);
    const shown = [await run.done(), await eventsOf(run), run.snapshot(), await w.store.load(run.id)];
    expect(leaks(shown, ['tok/with', encodeURIComponent(word)])).toEqual([]);
  });

  test.each([
    ['the password of a header', 'tok word/42'],
    ['a header in a text of JSON', 'tok \\"quoted\\" one'],
  ])('of headers are scrubbed in the spelling of the server: %s', async (_name, quoted) => {
    const error = { code: 'mcp_error', message: `sent: ${quoted}` };
    const w = world(() => responseOf('resp_1', 'failed', { error }));
    const headers = { Authorization: `Basic ${btoa('me:tok word/42')}`, 'X-Key': 'tok "quoted" one' };
    const tools = [{ type: 'mcp', server_label: 'docs', server_url: 'https://mcp.test/sse', headers }];
    const agent = defineAgent({ name: 'a', model: 'm', tools });
    const run = w.runner(agent).start(agent, 'Hi');
    const view = await run.done();
    expect(view.error?.message).toContain('sent: [redacted]');
  });

  test.each([
    'https://mcp.test/sse/@team/v1',
    'https://mcp.test:8443/sse',
    'https://[2001:db8::1]:8443/sse',
    '//mcp.test/sse',
    'mcp.test/sse',
    'unix:///var/run/mcp.sock',
    '',
  ])('a URL without them is shown whole: %s', async (server_url) => {
    const tools = [{ type: 'mcp', server_label: 'x', server_url }];
    const w = world(() => done('resp_1'));
    const agent = defineAgent({ name: 'a', model: 'm', tools });
    const run = w.runner(agent).start(agent, 'Hi');
    await run.done();
    const [shown] = (await eventsOf(run)).flatMap((event) =>
      event.type === 'iteration.started' ? (event.request.tools ?? []) : [],
    );
    expect(shown?.['server_url']).toBe(server_url);
  });

  test('a function’s parameters may have such names', async () => {
    const lookup = tool({ name: 'f', parameters: z.object({ authorization: z.literal('plain-text') }) });
    const w = world(() => done('resp_1'));
    const agent = defineAgent({ name: 'a', model: 'm', tools: [lookup] });
    const run = w.runner(agent).start(agent, 'Hi');
    await run.done();
    expect(JSON.stringify(await eventsOf(run))).toContain('plain-text');
  });

  test.each(['error', 'failed', 'item', 'stream'] as const)(
    'that the server quotes are scrubbed from what is shown and saved: %s',
    async (where) => {
      const quoted = `cannot reach https://me:tok-password-1@mcp.test/sse?key=tok-query-1 by tok-header-1`;
      const item = { type: 'mcp_list_tools', id: 'mcpl_1', server_label: 'docs', tools: [], error: quoted };
      const failure = { code: 'mcp_error', message: quoted };
      const w = world((request) => {
        if (where === 'error') return Response.json({ error: failure }, { status: 400 });
        if (request.method === 'POST') {
          if (where !== 'stream') return responseOf('resp_1', 'queued');
          const response = responseOf('resp_1', 'failed', { output: [item], error: failure });
          return sseAnswer([
            { type: 'response.created', response: responseOf('resp_1', 'in_progress') },
            { type: 'response.output_item.done', output_index: 0, item },
            { type: 'error', error: failure },
            { type: 'response.failed', response },
          ]);
        }
        if (where === 'failed') return responseOf('resp_1', 'failed', { error: failure });
        return responseOf('resp_1', 'completed', { output: [item, messageOf('ok')] });
      });
      const agent = defineAgent({ name: 'a', model: 'm', tools: hosted() });
      const run = w.runner(agent).start(agent, 'Hi');
      await w.clock.advance(60_000);
      const view = await run.done();
      expect(JSON.stringify(view)).toContain('cannot reach');
      expect(leaks([view, await eventsOf(run), await w.store.load(run.id)])).toEqual([]);
    },
  );
});

describe('secrets that prepareRequest sets (mcp-remote 268)', () => {
  const later = secrets.map((secret) => secret.replace('-1', '-2'));

  test('a retry in the same process sends them again; they are not saved', async () => {
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

  test('two servers of one label are refused: the secrets of one would be sent to the other', async () => {
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

  test('two tools of one type get each its own', async () => {
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

  test('a new process asks prepareRequest again, and takes only them', async () => {
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

  test('a new process whose prepareRequest gives none sends nothing: the run stays resumable', async () => {
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

describe('what the API does not know is a secret: in a request, a tool, a choice of one', () => {
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

  test('sent, and in no event, view, snapshot, error or saved data', async () => {
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

  test('set by prepareRequest, a new process asks for them again', async () => {
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
    ['a part of a digest', 'authorization', 'Digest username="a", response="tok-digest-99"', 'tok-digest-99'],
    ['a key with spaces, form encoded', 'x-key', 'tok form/99 &c', 'tok+form%2F99+%26c'],
    ['a form’s key, read by the server', 'x-key', 'tok+form%2F99', 'tok form/99'],
  ])('scrubbed in the spelling of the server: %s', async (_name, header, value, said) => {
    const error = { code: 'mcp_error', message: `sent: ${said}.` };
    const w = world(() => responseOf('resp_1', 'failed', { error }));
    const tools = [{ type: 'mcp', server_label: 'docs', headers: { [header]: value } }];
    const agent = defineAgent({ name: 'a', model: 'm', tools });
    const view = await w.runner(agent).start(agent, 'Hi').done();
    expect(view.error?.message).toContain('sent: [redacted].');
  });
});

describe('what is thrown and quotes a secret of the run is shown without it', () => {
  const [authorization = ''] = secrets;

  test.each([
    ['a text', () => new Error(`no ${authorization}`)],
    ['a cause', () => new Error('no', { cause: { token: authorization } })],
    ['at the place where it is cut', () => new Error(`${'x'.repeat(3_990)}${authorization}`)],
  ])('by prepareRequest: %s', async (_name, thrown) => {
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

  test.each(['execute', 'needsApproval'] as const)('by a tool: %s', async (where) => {
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

describe('items of a conversation are saved, so they may hold no secrets of tools', () => {
  const additional = {
    type: 'additional_tools',
    role: 'developer',
    tools: [{ type: 'mcp', server_label: 'docs', authorization: secrets[0] }],
  };

  test.each([
    ['without a type', { server_label: 'docs', token: secrets[0] }],
    ['with a field that the API does not know', { type: 'function', name: 'f', env: { KEY: secrets[0] } }],
  ])('a tool %s is refused, too', (_name, one) => {
    const { agent } = handServer(() => ({}));
    const runner = createRunner({ client: fetchClient({ baseURL: '/v1' }) });
    expect(() => runner.start(agent, [{ ...additional, tools: [one] }])).toThrow(/input\[0\]/);
  });

  test('what a server said of its tools is no definition of them', async () => {
    const agent = defineAgent({ name: 'a', model: 'm' });
    const listed = { type: 'mcp_list_tools', server_label: 'docs', tools: [{ name: 'f', input_schema: {} }] };
    const run = world(() => done('resp_1'))
      .runner(agent)
      .start(agent, [listed]);
    expect((await run.done()).status).toBe('completed');
  });

  test('start refuses them, by the place', () => {
    const { agent } = handServer(() => ({}));
    const start = (): unknown =>
      createRunner({ client: fetchClient({ baseURL: '/v1' }) }).start(agent, [additional]);
    expect(start).toThrow(/input\[0\].*docs\.authorization/);
    expect(start).not.toThrow(/tok-/);
  });

  test('the run fails where prepareRequest adds them', async () => {
    const options: Partial<AgentOptions<readonly AgentTool[], z.ZodType>> = {
      prepareRequest: (request) => ({ ...request, input: [...request.input, additional] }),
    };
    const { start } = handServer(() => done('resp_1'), { agent: options });
    const view = await start().done();
    expect(view).toMatchObject({ status: 'failed', error: { code: 'configuration' } });
    expect(leaks(view)).toEqual([]);
  });
});
